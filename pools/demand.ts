/**
 * How much of a reserve is needed, as far as that shows: M grows at once where it was too small, and slowly goes back where it
 * was too large.
 *
 * Growing: M becomes `growth` times as large when a reserve that had been full runs dry. Nothing is fetched for that: whoever ran it
 * dry may not sleep, or has no time, and the frees that are to come fill it, since they are wanted from then on (the limits are
 * poisoned). It does not grow again before it was full: as long as frees do not even fill what it is, more would be of no use.
 *
 * Giving back: somebody with time looks now and then. Demand is how deep the reserve was used, from the most that it held in a
 * window of time down to the least after that; what lay unused all the time goes back to the allocator, a share of it
 * with each window. A window in which the reserve was dry gives nothing back.
 *
 * Both stand under the reserve's lock, so that of two workers that decide at the same time the second one sees what the
 * first has made of it, and does nothing: the reserve is not full any more, or the window has just begun.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import type { WaitQueue } from "../sync/mod.ts";
import { type ReservePlan, Word } from "./reserve_plan.ts";
import type { Stock } from "./stock.ts";

/** What a reserve notes of its use. Everything must be called under its lock. */
export interface Demand {
  /** An element was taken from the reserve. */
  taken(): void;
  /** An element was put into it. */
  given(): void;
  /** Somebody waits. */
  waited(): void;
  /** M was set by somebody else: looks at the reserve afresh. */
  restart(): void;
  /** Ends the window that is over, if one is, at a time in milliseconds, modulo 2^32. @returns what M has left over, for the back end. */
  settle(nowMs: number): Handle[];
}

/** Nothing is noted, and M stays. */
export const NO_DEMAND: Demand = {
  taken() {},
  given() {},
  waited() {},
  restart() {},
  settle: () => [],
};

/** Attaches to what is noted of a reserve's use. */
export function attachDemand(
  words: Int32Array<SharedArrayBuffer>,
  { at, max, adapt }: ReservePlan,
  stock: Stock,
  queue: WaitQueue,
): Demand {
  if (adapt === null) return NO_DEMAND;
  const { least, growth, windowMs, giveBack } = adapt;
  const min = () => words[at + Word.min]!;

  function begin(): void {
    const current = stock.current();
    if (current >= min()) words[at + Word.wasFull] = 1;
    words[at + Word.highest] = current;
    words[at + Word.deepest] = 0;
    words[at + Word.wasDry] = queue.count() > 0 || current === 0 && min() > 0 ? 1 : 0;
  }

  function ranDry(): void {
    words[at + Word.wasDry] = 1;
    const wanted = Math.min(max, Math.max(min() + 1, Math.ceil(growth * (min() + queue.count()))));
    if (words[at + Word.wasFull] === 0 || wanted <= min()) return;
    words[at + Word.wasFull] = 0;
    stock.resize(wanted);
  }

  /** What M should be after a window; never more than it is. */
  function wantedNow(): number {
    const unused = min() - words[at + Word.deepest]!;
    if (words[at + Word.wasDry] === 1 || unused <= 0) return min();
    // The last one, too, where nobody took any.
    const given = words[at + Word.deepest] === 0
      ? Math.ceil(giveBack * unused)
      : Math.floor(giveBack * unused);
    return Math.min(min(), Math.max(least, min() - given));
  }

  return {
    taken() {
      const current = stock.current();
      const deep = words[at + Word.highest]! - current;
      if (deep > words[at + Word.deepest]!) words[at + Word.deepest] = deep;
      if (current === 0) ranDry();
    },
    given() {
      const current = stock.current();
      if (current > words[at + Word.highest]!) words[at + Word.highest] = current;
      if (current >= min()) words[at + Word.wasFull] = 1;
    },
    waited: ranDry,
    restart: begin,
    settle(nowMs) {
      const now = Math.max(1, nowMs) | 0;
      const since = words[at + Word.since]!;
      const isOver = since !== 0 && ((now - since) | 0) >= windowMs;
      if (since !== 0 && !isOver) return [];
      words[at + Word.since] = now;
      const wanted = isOver ? wantedNow() : min();
      const surplus = wanted < min() ? stock.resize(wanted) : [];
      begin();
      return surplus;
    },
  };
}
