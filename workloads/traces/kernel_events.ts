/**
 * Events of the Linux kernel as tracepoints print them, whichever tool wrote what stands before: allocations of the
 * slab (`kmalloc`, `kmem_cache_alloc`) and of pages, and requests of the block layer. Fields are found by their
 * names, since kernels add some and drop some; what a tracepoint prints by position (the block layer) is read with
 * and without what newer kernels put in.
 *
 * @module
 */
import { isNull } from "./addresses.ts";
import { BlockLayer } from "./block_layer.ts";
import { sayFailed } from "./failed_allocations.ts";
import type { Reading } from "./trace.ts";

const PAGE_BYTES = 4096;

/** Pages of 2^30 at once are no order. */
const ORDER_MAX = 30;

/** `259,0 WS 4096 () 282624 + 8`: the bytes are there for an issue, the command in parentheses for all but bios. */
const BLOCK =
  /^(\d{1,5},\d{1,7}) (\S+) (?:(\d{1,10}) )?(?:\(([^)]{0,400})\) )?(\d{1,20}) \+ (\d{1,10})(?=\s|$)/;

/** What a tool writes before an event. */
export interface KernelEvent {
  /** When, nanoseconds. */
  readonly timeNs: number;
  /** The processor, or the thread where that is not known. */
  readonly worker: string;
  /** The name of the tracepoint, without its group. */
  readonly name: string;
  /** What it printed. */
  readonly text: string;
}

/** What kinds of element a trace may hold, each by a tracepoint that begins one. */
type Kind = "slab objects" | "pages" | "block requests";

/** Makes elements of kernel events. */
export class KernelEvents {
  readonly #reading: Reading;
  readonly #layer: BlockLayer;
  readonly #kinds = new Set<Kind>();
  #failed = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#layer = new BlockLayer(reading);
  }

  /**
   * Takes one event; those of other tracepoints make no element.
   *
   * @returns false where its text is not that of its tracepoint.
   */
  take(event: KernelEvent): boolean {
    switch (event.name) {
      case "kmalloc":
      case "kmalloc_node":
      case "kmem_cache_alloc":
      case "kmem_cache_alloc_node":
        return this.#allocated(event);
      case "kfree":
      case "kmem_cache_free":
        return this.#freed(event, field(event.text, "ptr"));
      case "mm_page_alloc":
        return this.#pagesAllocated(event);
      case "mm_page_free":
      case "mm_page_free_direct":
        return this.#freed(event, pageIn(event.text));
      case "block_bio_queue":
      case "block_rq_issue":
      case "block_rq_requeue":
      case "block_rq_complete":
      case "block_bio_complete":
        return this.#block(event);
      default:
        return true;
    }
  }

  /** The events have ended. */
  end(): void {
    if (this.#kinds.size === 0) this.#layer.refuseBiosAlone();
    this.#layer.end();
    sayFailed(this.#failed, this.#reading.notes);
    if (this.#kinds.size < 2) return;
    this.#reading.notes.warnings.push({
      code: "mixed-kinds",
      message: `the trace holds ${[...this.#kinds].join(" and ")}, counted as elements of one pool`,
      advice: "record or filter one kind at a time",
    });
  }

  #allocated(event: KernelEvent): boolean {
    const address = field(event.text, "ptr");
    const bytes = field(event.text, "bytes_alloc") ?? field(event.text, "bytes_req") ?? "";
    if (address === undefined || !/^\d{1,15}$/.test(bytes)) return false;
    this.#kinds.add("slab objects");
    if (isNull(address)) this.#failed++;
    else this.#emit(event, { op: "a", id: address, sizeBytes: Number(bytes) });
    return true;
  }

  #pagesAllocated(event: KernelEvent): boolean {
    const page = pageIn(event.text);
    const order = Number(field(event.text, "order") ?? NaN);
    if (page === undefined || !(order >= 0 && order <= ORDER_MAX)) return false;
    this.#kinds.add("pages");
    const isFailed = isNull(page.slice(1)) || isNull(field(event.text, "page") ?? "");
    if (isFailed) this.#failed++;
    else this.#emit(event, { op: "a", id: page, sizeBytes: PAGE_BYTES * 2 ** order });
    return true;
  }

  #freed(event: KernelEvent, id: string | undefined): boolean {
    if (id === undefined) return false;
    if (isNull(id)) this.#reading.notes.nullFrees++;
    else this.#emit(event, { op: "f", id, sizeBytes: 0 });
    return true;
  }

  #emit(
    { timeNs, worker }: KernelEvent,
    what: { readonly op: "a" | "f"; readonly id: string; readonly sizeBytes: number },
  ): void {
    this.#reading.emit({ timeNs, ...what, worker, holdNs: 0, count: 1 });
  }

  #block({ timeNs, worker, name, text }: KernelEvent): boolean {
    const match = BLOCK.exec(text);
    if (match === null) return false;
    const [, device = "", , bytes, , sector = "", sectors] = match;
    const at = { timeNs, worker, device, sector, sectors: Number(sectors) };
    if (name === "block_bio_queue") this.#layer.queued(at);
    else if (name === "block_bio_complete") this.#layer.bioCompleted(at);
    else if (name === "block_rq_complete") this.#layer.completed(at);
    else if (name === "block_rq_requeue") this.#layer.requeued(at);
    else {
      this.#kinds.add("block requests");
      this.#layer.issued(bytes === undefined ? at : { ...at, sizeBytes: Number(bytes) });
    }
    return true;
  }
}

/** The frame's number, where it is printed, else the page's address; apart from the names of objects. */
function pageIn(text: string): string | undefined {
  const page = field(text, "pfn") ?? field(text, "page");
  return page === undefined ? undefined : `p${page}`;
}

/** The value of `name=value` in a text; undefined where it has none. */
function field(text: string, name: string): string | undefined {
  const key = `${name}=`;
  let at = text.startsWith(key) ? 0 : text.indexOf(` ${key}`) + 1;
  if (at === 0 && !text.startsWith(key)) return undefined;
  at += key.length;
  while (text[at] === " ") at++; // older kernels pad pointers: `ptr=          (null)`
  const end = text.indexOf(" ", at);
  const value = end < 0 ? text.slice(at) : text.slice(at, end);
  return value === "" ? undefined : value;
}
