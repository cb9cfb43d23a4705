/**
 * How large the magazines of an allocator may be, for all of its users together.
 *
 * @module
 */
import type { MagazineRounds } from "../allocators/front.ts";

/** Rounds of a magazine at first: the most, and fewer only where they are not its fair share. */
const FIRST_ROUNDS = 64;
const FIRST_ROUNDS_SMALL = 8;

/** Largest magazine, rounds: a worker that keeps 512 elements stays in it, and in half of it. */
const MAX_ROUNDS = 1024;

/**
 * The magazines of all fronts that are counted may together hold this share of an allocator's elements, but that each has a round
 * at least. One that is not counted has as much as one that is: see `frontsOver()`.
 */
const MAGAZINE_SHARE = 1 / 8;

/** The sizes, powers of two, of magazines in `fronts` fronts over an allocator with `elements` elements. */
export function magazineRounds(
  elements: number,
  { participants, fronts }: { readonly participants: number; readonly fronts: number },
): MagazineRounds {
  // Whole: a quotient that is a hair below a power of two would come out as one, and make magazines too large for their bound and their slots.
  const totalRounds = Math.max(participants, Math.floor(elements * MAGAZINE_SHARE / fronts));
  const fair = totalRounds / participants;
  // Half of what is fair, so that those who need more find something to grow by; all of it where that is next to nothing.
  const first = Math.max(fair / 2, Math.min(fair, FIRST_ROUNDS_SMALL));
  const rounds = powerOfTwo(Math.min(first, FIRST_ROUNDS));
  const left = totalRounds - rounds * (participants - 1);
  return { rounds, maxRounds: powerOfTwo(Math.min(left, MAX_ROUNDS)), totalRounds };
}

/** The largest power of two up to `most`. */
function powerOfTwo(most: number): number {
  return 2 ** Math.floor(Math.log2(most));
}
