/**
 * Words of a board through which workers tell each other, and the coordinator, what matters when one of them dies.
 *
 * An element on its way from one worker to another lies in a mail: its handle, and above that the number of the participant that is taking
 * it out, plus 1. Who takes it claims it so, makes it its own, and only then empties the mail; so whoever died, it is either in
 * a mail or somebody's.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";

/** On the board: when a worker was cut off, by {@linkcode stampNow}. */
export const LAST_MOMENT = 8;

const HANDLE_BITS = 24;
const HANDLE_MASK = (1 << HANDLE_BITS) - 1;

/** A mail: what lies there, or 0, and who is taking it out, or -1. */
export function mailOf(word: number): { readonly handle: Handle; readonly claimer: number } {
  return { handle: word & HANDLE_MASK, claimer: (word >> HANDLE_BITS) - 1 };
}

/** The same mail, claimed. */
export function claimed(handle: Handle, claimer: number): number {
  return handle | (claimer + 1) << HANDLE_BITS;
}

/** Stamps are in units of 10 us, of the clock that all threads share, and 0 for none. */
const UNITS_MS = 100;
const STAMPS = 2 ** 31;

function units(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * UNITS_MS) % STAMPS;
}

/** The time now as a word. */
export function stampNow(): number {
  return units() || 1;
}

/** How long a stamp is ago, milliseconds. */
export function millisecondsSince(stamp: number): number {
  return ((units() - stamp + STAMPS) % STAMPS) / UNITS_MS;
}
