/**
 * How large a worker's magazine is: what it needs, and no more than is fair (Bonwick and Adams, "Magazines and Vmem",
 * USENIX 2001, let magazines grow where the depot is contended).
 *
 * A magazine starts small and its worker doubles it where batches cost it too much: over a window of some exchanges, these are
 * weighed against the operations that the fast path served meanwhile, with an exchange that found the depot's lock held counting for
 * many. Bonwick and Adams look at contention alone, since their depot swaps whole magazines in a few instructions; a batch here
 * is copied, so that a worker which keeps more than its magazine holds pays for each round even where nobody else is about.
 *
 * What bounds it: the slots planned, and the share of all elements that the magazines of a front may have together. Who grows
 * stores its new size, then adds up everybody's, and steps back where that is too much. The stores are sequentially
 * consistent, so of two that grow at once the later sees both, or both do and both step back: they never stay beyond the bound.
 *
 * What shrinks it: a drain, a refill in vain, and an exchange while memory is short set it back to its first size; what it holds beyond
 * that goes back at the next free.
 *
 * All of this happens where a batch is exchanged. The fast path reads the limit as ever.
 *
 * **The limit.** With A, whose magazine changes, and B, who poisons or lifts in A's pool under that pool's lock:
 *
 * - A stores the size, then sets the limit by compare-exchange from a value that it saw and that was not 0. So a poison is never overwritten:
 *   where B's 0 comes first, the exchange fails; where it comes after, it stands.
 * - B lifts by storing the size that it reads into the limit. Where A changes the size between B's read and B's store, and finds the limit still
 *   0, B's store leaves the *old* size in the limit. Nobody is lost by that: slots are planned for the largest size, and a smaller limit only
 *   sends a free to the slow path. A sets it right at its next exchange with the depot or free past the limit, which is where a
 *   stale limit first matters.
 * - Who drains the magazine of a parked A has claimed A, who cannot run meanwhile: it stands in A's place in all of this.
 *
 * @module
 */
import type { Region } from "../sync/region.ts";
import {
  ALLOCS,
  blockOf,
  CONTENDED,
  EXCHANGES,
  FREES,
  type FrontPlan,
  LIMIT,
  MOST_ROUNDS,
  OPERATIONS,
  ROUNDS,
} from "./front.ts";

/** Exchanges after which their cost is looked at. */
export const WINDOW = 16;

/** Operations of the fast path that a batch must serve on average: about 0.2 ns for each. */
export const OPERATIONS_PER_EXCHANGE = 1024;

/** What an exchange that finds the lock held costs, in exchanges that do not. */
export const CONTENDED_COST = 16;

/** The size of one magazine. Own worker only, or whoever claimed it. */
export interface MagazineSize {
  /** Notes a batch, and how often it found a lock held. At the end of a window the magazine grows where that pays. */
  note(contended: number): void;
  /** Goes back to the first size. */
  shrink(): void;
  /** Sets a limit right that is neither poisoned nor the size. */
  heal(): void;
}

/** The size of a participant's magazine. */
export function attachMagazineSize(
  { words }: Region,
  front: FrontPlan,
  participant: number,
): MagazineSize {
  const { participants, maxRounds, totalRounds } = front;
  const at = blockOf(front, participant);
  const size = at + ROUNDS;
  const limit = at + LIMIT;

  function heal(): void {
    const seen = words[limit]!;
    if (seen !== 0 && seen !== words[size]) {
      Atomics.compareExchange(words, limit, seen, words[size]!);
    }
  }

  function resize(rounds: number): void {
    Atomics.store(words, size, rounds);
    if (rounds > words[at + MOST_ROUNDS]!) words[at + MOST_ROUNDS] = rounds;
    heal();
  }

  function beginWindow(): void {
    words[at + EXCHANGES] = 0;
    words[at + CONTENDED] = 0;
    words[at + OPERATIONS] = words[at + ALLOCS]! + words[at + FREES]!;
  }

  /** Whether exchanges cost too much, for the operations that they served. */
  function isCostly(): boolean {
    const operations = (words[at + ALLOCS]! + words[at + FREES]! - words[at + OPERATIONS]!) >>> 0;
    const cost = words[at + EXCHANGES]! + CONTENDED_COST * words[at + CONTENDED]!;
    return operations < OPERATIONS_PER_EXCHANGE * cost;
  }

  function grow(): void {
    const before = words[size]!;
    if (2 * before > maxRounds) return;
    Atomics.store(words, size, 2 * before);
    resize(totalOf() > totalRounds ? before : 2 * before);
  }

  function totalOf(): number {
    let total = 0;
    for (let other = 0; other < participants; other++) {
      total += Atomics.load(words, blockOf(front, other) + ROUNDS);
    }
    return total;
  }

  return {
    heal,
    note(contended) {
      heal();
      words[at + EXCHANGES] = words[at + EXCHANGES]! + 1;
      words[at + CONTENDED] = words[at + CONTENDED]! + contended;
      if (words[at + EXCHANGES]! < WINDOW) return;
      if (isCostly()) grow();
      beginWindow();
    },
    shrink() {
      if (words[size] === front.rounds) return heal();
      resize(front.rounds);
      beginWindow();
    },
  };
}
