/**
 * From the events of a trace to what was live when: the semantics that every reader of traces here shares.
 *
 * - Events are taken in order of time, ties in the order of the file.
 * - An interval is [start, end): it ends before anything else that happens at its end, but never before
 *   its own start. One whose end was not recorded is left out, or held to the end, as the user chose.
 * - Allocating an id that is live frees it first, counted. Freeing or resizing an id that is not live is
 *   ignored, counted. A resize keeps the element.
 * - `count` elements taken together are so many elements, taken and given back at one time.
 *
 * An element is named by a slot: a small number that is used again after the element's free, so there are as
 * many slots as elements were ever live at once. State is that of the live elements, however long the
 * trace.
 *
 * @module
 */
import type { LiveCounts } from "./live_counts.ts";
import { TimeQueue } from "./time_queue.ts";
import { TraceError, type TraceEvent } from "./trace.ts";

/** More elements live at once than this are refused: a page each of them would be 16 GiB. */
const LIVE_MAX = 2 ** 22;

/** Strings up to this length are copied out of a longer one anyway. */
const COPIED_CHARACTERS = 12;

/** An element taken or given back. */
export interface LiveEvent {
  /** When; never less than that of the event before. */
  readonly timeNs: number;
  /** allocate or free. */
  readonly op: "a" | "f";
  /** The element's slot. */
  readonly element: number;
  /** Bytes asked for when the element was allocated. */
  readonly sizeBytes: number;
  /** The worker that allocated the element: numbered as they first appear. */
  readonly worker: number;
  /** The worker that does this: who frees it, where that is recorded, else the one that allocated it. */
  readonly by: number;
  /** When the element was allocated. */
  readonly bornNs: number;
}

/** What is told of a trace. */
export interface LiveObserver {
  /** An element was taken or given back; in order of time. */
  event(event: LiveEvent): void;
  /** Elements were taken whose end was not recorded; whatever becomes of them. In order of time. */
  unfinished?(event: TraceEvent): void;
}

/** How elements are followed. */
export interface LiveOptions {
  /** What becomes of intervals whose end was not recorded. */
  readonly unfinished: "drop" | "hold";
  /** More elements live at once than this are refused. */
  readonly liveMax?: number;
}

/** A live element's record. */
interface Element {
  readonly slot: number;
  readonly id: string;
  readonly sizeBytes: number;
  readonly worker: number;
  readonly bornNs: number;
  /** The next of those that were taken together. */
  next: Element | null;
  live: boolean;
}

/** Follows what is live, by the events in order of time. */
export class LiveElements {
  // Invariant: slots in use + freeSlots = 0 .. counts.peak - 1, and slots in use = counts.live.
  readonly #counts: LiveCounts;
  readonly #observer: LiveObserver;
  readonly #unfinished: "drop" | "hold";
  readonly #liveMax: number;
  readonly #byId = new Map<string, Element>();
  readonly #ends = new TimeQueue<Element>();
  readonly #freeSlots: number[] = [];
  readonly #workers = new Map<string, number>();
  #nowNs = -Infinity;

  /** @param counts kept up to date on the way. */
  constructor(
    counts: LiveCounts,
    { unfinished, liveMax = LIVE_MAX }: LiveOptions,
    observer: LiveObserver,
  ) {
    this.#counts = counts;
    this.#observer = observer;
    this.#unfinished = unfinished;
    this.#liveMax = liveMax;
  }

  /** What one event of the trace does; one that comes too late does it now. */
  apply(event: TraceEvent): void {
    const timeNs = Math.max(event.timeNs, this.#nowNs);
    if (this.#ends.earliest <= timeNs) this.#endUntil(timeNs);
    this.#nowNs = timeNs;
    if (event.op === "i" && Number.isNaN(event.holdNs)) {
      this.#takeUnfinished(event);
      return;
    }
    if (event.op === "f") this.#freeId(event);
    else if (event.op === "r") this.#resize(event.id);
    else this.#allocate(event);
  }

  /** Ends the intervals that are still open. */
  finish(): void {
    this.#endUntil(Number.MAX_VALUE);
  }

  #endUntil(timeNs: number): void {
    while (this.#ends.earliest <= timeNs) {
      const endNs = this.#ends.earliest;
      const element = this.#ends.pop()!;
      if (!element.live) continue;
      this.#nowNs = endNs;
      this.#counts.endNs = endNs;
      this.#free(element);
    }
  }

  #takeUnfinished(event: TraceEvent): void {
    const counts = this.#counts;
    counts.unfinished += event.count;
    this.#observer.unfinished?.(event);
    if (this.#unfinished === "hold") {
      this.#allocate(event);
    } else {
      counts.leftOut += event.count;
      counts.peakIfHeld = Math.max(counts.peakIfHeld, counts.live + counts.leftOut);
    }
  }

  #allocate(event: TraceEvent): void {
    const { id, op, holdNs } = event;
    this.#counted();
    const before = id === "" ? undefined : this.#byId.get(id);
    if (before !== undefined) this.#counts.implicitFrees += this.#free(before);
    const element = this.#take(event);
    if (id !== "") this.#byId.set(element.id, element);
    for (let each: Element | null = element; each !== null; each = each.next) {
      this.#tell("a", each, each.worker);
    }
    if (op !== "i" || Number.isNaN(holdNs)) return;
    this.#counts.intervals += event.count;
    this.#ends.push(this.#nowNs + holdNs, element);
  }

  /** @returns the first of the elements that an event takes together. */
  #take({ id, sizeBytes, worker, count }: TraceEvent): Element {
    const counts = this.#counts;
    const owner = this.#workerNumber(worker);
    const own = id.length > COPIED_CHARACTERS ? copyOf(id) : id;
    const bornNs = this.#nowNs;
    const element = (): Element => {
      const slot = this.#freeSlots.pop() ?? counts.peak++;
      return { slot, id: own, sizeBytes, worker: owner, bornNs, next: null, live: true };
    };
    const first = element();
    for (let last = first, taken = 1; taken < count; taken++) last = last.next = element();
    if (counts.peak > this.#liveMax) {
      throw new TraceError(
        `more than ${this.#liveMax} elements are live at once: give a part of the trace`,
      );
    }
    counts.allocs += count;
    counts.live += count;
    counts.peakIfHeld = Math.max(counts.peakIfHeld, counts.live + counts.leftOut);
    return first;
  }

  #freeId({ id, worker }: TraceEvent): void {
    const element = this.#byId.get(id);
    if (element === undefined) {
      this.#counts.unknownFrees++;
      return;
    }
    this.#counted();
    this.#free(element, worker === "" ? element.worker : this.#workerNumber(worker));
  }

  #resize(id: string): void {
    if (!this.#byId.has(id)) {
      this.#counts.unknownReallocs++;
      return;
    }
    this.#counted();
    this.#counts.reallocs++;
  }

  /** The trace lasts from the first event to the last that did something to an element. */
  #counted(): void {
    if (this.#nowNs < this.#counts.startNs) this.#counts.startNs = this.#nowNs;
    this.#counts.endNs = this.#nowNs;
  }

  /** @returns how many were taken together. */
  #free(first: Element, by: number = first.worker): number {
    if (first.id !== "") this.#byId.delete(first.id);
    let freed = 0;
    for (let each: Element | null = first; each !== null; each = each.next) {
      each.live = false;
      freed++;
      this.#counts.frees++;
      this.#counts.live--;
      this.#freeSlots.push(each.slot);
      this.#tell("f", each, by);
    }
    return freed;
  }

  #tell(op: "a" | "f", { slot, sizeBytes, worker, bornNs }: Element, by: number): void {
    const timeNs = this.#nowNs;
    this.#observer.event({ timeNs, op, element: slot, sizeBytes, worker, by, bornNs });
  }

  #workerNumber(worker: string): number {
    const known = this.#workers.get(worker);
    if (known !== undefined) return known;
    this.#workers.set(copyOf(worker), this.#counts.workers);
    return this.#counts.workers++;
  }
}

/** The same text without the line that it was cut out of, which it would keep in memory. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1);
}
