/**
 * From the events of a trace to what was live when: the semantics that every reader of traces here shares.
 *
 * - Events are taken in order of time, ties in the order of the file. Files are nearly sorted, so a window
 *   of {@linkcode WINDOW_ROWS} rows is held back; a row that comes later than that is taken when it comes,
 *   and counted.
 * - An interval is [start, end): it ends before anything else that happens at its end, but never before
 *   its own start.
 * - Allocating an id that is live frees it first, counted. Freeing or resizing an id that is not live is
 *   ignored, counted. A resize keeps the element.
 * - `count` elements taken together are so many elements, taken and given back at one time.
 *
 * An element is named by a slot: a small number that is used again after the element's free, so there are as
 * many slots as elements were ever live at once. State is that of the live elements and the window,
 * however long the trace.
 *
 * @module
 */
import type { LiveCounts } from "./live_counts.ts";
import { TimeQueue } from "./time_queue.ts";
import { TraceError, type TraceEvent } from "./trace.ts";

/** Rows held back to be put in order. */
export const WINDOW_ROWS = 65_536;

/** More elements live at once than this are refused: a page each of them would be 16 GiB. */
const LIVE_MAX = 2 ** 22;

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
  /** When the element was allocated. */
  readonly bornNs: number;
}

/** How {@linkcode followLive} reads. */
export interface LiveOptions {
  /** False where times count operations and so are in order. */
  readonly timed: boolean;
  /** Rows held back to be put in order. */
  readonly windowRows?: number;
  /** More elements live at once than this are refused. */
  readonly liveMax?: number;
}

/**
 * Follows what is live through a trace.
 *
 * @param counts kept up to date on the way.
 * @param onEvent told of every element taken or given back, in order of time.
 */
export async function followLive(
  events: AsyncIterable<TraceEvent>,
  counts: LiveCounts,
  { timed, windowRows = WINDOW_ROWS, liveMax = LIVE_MAX }: LiveOptions,
  onEvent: (event: LiveEvent) => void,
): Promise<void> {
  const elements = new LiveElements(counts, liveMax, onEvent);
  const window = new TimeQueue<TraceEvent>();
  let recorded = -Infinity;
  for await (const event of events) {
    if (event.timeNs < recorded) counts.outOfOrder++;
    recorded = event.timeNs;
    if (!timed) {
      elements.apply(event);
      continue;
    }
    window.push(event.timeNs, event);
    if (window.size > windowRows) elements.apply(window.pop()!);
  }
  for (let event = window.pop(); event !== undefined; event = window.pop()) elements.apply(event);
  elements.finish();
}

/** A live element's record. */
interface Element {
  readonly slot: number;
  readonly id: string;
  readonly sizeBytes: number;
  readonly worker: number;
  readonly bornNs: number;
  live: boolean;
}

/** The elements that are live, by id and by the time at which they end. */
class LiveElements {
  // Invariant: slots in use + freeSlots = 0 .. counts.peak - 1, and slots in use = counts.live.
  readonly #counts: LiveCounts;
  readonly #liveMax: number;
  readonly #onEvent: (event: LiveEvent) => void;
  readonly #byId = new Map<string, readonly Element[]>();
  readonly #ends = new TimeQueue<readonly Element[]>();
  readonly #freeSlots: number[] = [];
  readonly #workers = new Map<string, number>();
  #nowNs = -Infinity;

  constructor(counts: LiveCounts, liveMax: number, onEvent: (event: LiveEvent) => void) {
    this.#counts = counts;
    this.#liveMax = liveMax;
    this.#onEvent = onEvent;
  }

  /** What one event of the trace does. */
  apply(event: TraceEvent): void {
    if (event.timeNs < this.#nowNs) this.#counts.lateRows++;
    const timeNs = Math.max(event.timeNs, this.#nowNs);
    this.#endUntil(timeNs);
    this.#nowNs = timeNs;
    this.#counts.startNs = Math.min(this.#counts.startNs, timeNs);
    this.#counts.endNs = timeNs;
    if (event.op === "f") this.#freeId(event.id);
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
      const elements = this.#ends.pop()!;
      if (!elements[0]!.live) continue;
      this.#nowNs = endNs;
      this.#counts.endNs = endNs;
      this.#free(elements);
    }
  }

  #allocate(event: TraceEvent): void {
    const { id, count, op, holdNs } = event;
    const before = id === "" ? undefined : this.#byId.get(id);
    if (before !== undefined) {
      this.#counts.implicitFrees += before.length;
      this.#free(before);
    }
    const elements = count === 1
      ? [this.#take(event)]
      : Array.from({ length: count }, () => this.#take(event));
    if (id !== "") this.#byId.set(id, elements);
    for (const element of elements) this.#emit("a", element);
    if (op === "i") this.#ends.push(this.#nowNs + holdNs, elements);
  }

  #take({ id, sizeBytes, worker }: TraceEvent): Element {
    const counts = this.#counts;
    counts.allocs++;
    counts.live++;
    const slot = this.#freeSlots.pop() ?? counts.peak++;
    if (counts.peak > this.#liveMax) {
      throw new TraceError(
        `more than ${this.#liveMax} elements are live at once: give a part of the trace`,
      );
    }
    const owner = this.#workerNumber(worker);
    return { slot, id, sizeBytes, worker: owner, bornNs: this.#nowNs, live: true };
  }

  #freeId(id: string): void {
    const elements = this.#byId.get(id);
    if (elements === undefined) this.#counts.unknownFrees++;
    else this.#free(elements);
  }

  #resize(id: string): void {
    if (this.#byId.has(id)) this.#counts.reallocs++;
    else this.#counts.unknownReallocs++;
  }

  #free(elements: readonly Element[]): void {
    const { id } = elements[0]!;
    if (id !== "") this.#byId.delete(id);
    for (const element of elements) {
      element.live = false;
      this.#counts.frees++;
      this.#counts.live--;
      this.#freeSlots.push(element.slot);
      this.#emit("f", element);
    }
  }

  #emit(op: "a" | "f", { slot, sizeBytes, worker, bornNs }: Element): void {
    this.#onEvent({ timeNs: this.#nowNs, op, element: slot, sizeBytes, worker, bornNs });
  }

  #workerNumber(worker: string): number {
    const known = this.#workers.get(worker);
    if (known !== undefined) return known;
    this.#workers.set(worker, this.#counts.workers);
    return this.#counts.workers++;
  }
}
