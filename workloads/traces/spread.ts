/**
 * Stamps of one grain, spread evenly inside it. A log in whole milliseconds shows everything that happened in one
 * as if it had happened at once, and so a concurrency that never was. Of k stamps in a grain the j-th is moved
 * by j/(k+1) of it, in the order of the file; an interval keeps its hold and moves as a whole.
 *
 * It is a guess. Where the other half of the recording is there (fio's iolog), joining them is exact.
 *
 * @module
 */
import { type TakeEvent, TraceError, type TraceEvent, type TraceNotes } from "./trace.ts";

/** More events with one stamp are no clock's grain. */
const GROUP_MAX = 2 ** 20;

/** Spreads the stamps of a trace; events of one grain are kept until the next begins. */
export class Spreader {
  readonly #next: TakeEvent;
  readonly #notes: TraceNotes;
  #group: TraceEvent[] = [];
  #stampNs = NaN;
  #moved = 0;

  /** Gives the events on as they come. */
  constructor(next: TakeEvent, notes: TraceNotes) {
    this.#next = next;
    this.#notes = notes;
  }

  /** Takes the next event of the file. */
  readonly take: TakeEvent = (event: TraceEvent) => {
    const stampNs = this.#stampOf(event);
    if (stampNs !== this.#stampNs) this.#flush();
    this.#stampNs = stampNs;
    if (this.#group.push(event) > GROUP_MAX) {
      throw new TraceError(
        `more than ${GROUP_MAX} events have the same stamp: leave --spread out`,
      );
    }
  };

  /** Gives on what is left; says so where there was nothing to spread. */
  end(): void {
    this.#flush();
    if (this.#moved > 0) return;
    this.#notes.warnings.push({
      code: "nothing-spread",
      message: "no two stamps fall into one grain of the clock: nothing was spread",
      advice: "leave --spread out",
    });
  }

  #stampOf({ timeNs, op, holdNs }: TraceEvent): number {
    const isEnd = this.#notes.stamp === "end" && op === "i" && !Number.isNaN(holdNs);
    return isEnd ? timeNs + holdNs : timeNs;
  }

  #flush(): void {
    const { resolutionNs, timed } = this.#notes;
    const count = this.#group.length;
    const spreads = timed && resolutionNs !== null && resolutionNs > 1 && count > 1;
    for (const [index, event] of this.#group.entries()) {
      if (spreads) event.timeNs += Math.floor(resolutionNs * (index + 1) / (count + 1));
      this.#next(event);
    }
    if (spreads) this.#moved += count;
    this.#group = [];
  }
}
