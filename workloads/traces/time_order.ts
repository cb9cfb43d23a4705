/**
 * Events in order of time, ties in the order of the file, though logs are written when things end. A window of
 * {@linkcode WINDOW_ROWS} rows is held back, which is enough for nearly all. What comes later still is late:
 * the first reading takes it when it comes and remembers it, and a second reading, which knows what
 * will be late, takes it in its place. So memory is that of the window and of the late rows, whatever
 * the length of the trace.
 *
 * @module
 */
import { TimeQueue } from "./time_queue.ts";
import type { TakeEvent, TraceEvent } from "./trace.ts";

/** Rows held back to be put in order. */
export const WINDOW_ROWS = 16_384;

/** Late rows remembered, at most. */
const LATE_MAX = 2 ** 20;

/** What a first reading found to come too late. */
export interface LateRows {
  /** How many there were. */
  readonly count: number;
  /** Which rows of the file they are, ascending; fewer than `count` where there were too many. */
  readonly rows: readonly number[];
  /** Their events, in the same order. */
  readonly events: readonly TraceEvent[];
}

/** Puts the events of one reading in order. */
export class TimeOrder {
  readonly #next: TakeEvent;
  readonly #windowRows: number;
  readonly #window = new TimeQueue<TraceEvent>();
  readonly #lateRows: number[] = [];
  readonly #lateEvents: TraceEvent[] = [];
  readonly #known: KnownLate | null;
  #lateCount = 0;
  #row = 0;
  #releasedNs = -Infinity;

  /** @param late what the first reading found, in a second one. */
  constructor(
    next: TakeEvent,
    { windowRows = WINDOW_ROWS, late }: { windowRows?: number; late: LateRows | null },
  ) {
    this.#next = next;
    this.#windowRows = windowRows;
    this.#known = late && new KnownLate(late);
  }

  /** What came too late to be put in order. */
  get late(): LateRows {
    return { count: this.#lateCount, rows: this.#lateRows, events: this.#lateEvents };
  }

  /** Takes the next event of the file. */
  take(event: TraceEvent): void {
    const row = this.#row++;
    if (this.#known?.isLate(row)) return;
    if (event.timeNs < this.#releasedNs) {
      this.#takeLate(row, event);
      return;
    }
    this.#window.push(event.timeNs, event);
    if (this.#window.size > this.#windowRows) this.#release(this.#window.pop()!);
  }

  /** Gives on what is left. */
  end(): void {
    for (let event = this.#window.pop(); event !== undefined; event = this.#window.pop()) {
      this.#release(event);
    }
    this.#known?.takeBefore(Infinity, this.#next);
  }

  #takeLate(row: number, event: TraceEvent): void {
    this.#lateCount++;
    if (this.#lateRows.length < LATE_MAX) {
      this.#lateRows.push(row);
      this.#lateEvents.push({ ...event });
    }
    this.#next(event);
  }

  #release(event: TraceEvent): void {
    this.#known?.takeBefore(event.timeNs, this.#next);
    this.#releasedNs = event.timeNs;
    this.#next(event);
  }
}

/**
 * Late rows in a second reading. All other rows of the same time come before them in the file: later ones
 * would be late as well.
 */
class KnownLate {
  readonly #rows: readonly number[];
  readonly #inOrder: readonly TraceEvent[];
  #nextRow = 0;
  #nextEvent = 0;

  constructor({ rows, events }: LateRows) {
    this.#rows = rows;
    this.#inOrder = events.toSorted((a, b) => a.timeNs - b.timeNs); // a stable sort
  }

  /** Whether a row is one of them, asked of every row in turn. */
  isLate(row: number): boolean {
    if (this.#rows[this.#nextRow] !== row) return false;
    this.#nextRow++;
    return true;
  }

  takeBefore(timeNs: number, take: TakeEvent): void {
    for (let event = this.#inOrder[this.#nextEvent]; event !== undefined;) {
      if (event.timeNs >= timeNs) return;
      take({ ...event });
      event = this.#inOrder[++this.#nextEvent];
    }
  }
}
