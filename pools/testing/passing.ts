/**
 * One worker allocates, another frees, over and over: the element goes through a single shared word.
 *
 * @module
 */
import { ATOMIC, type Handle } from "../../allocators/allocator.ts";
import type { Joined } from "./joining.ts";

/** On the board: the handle on its way, or 0. */
const MAIL = 0;

/** Looks at the mail before sleeping on it. */
const SPINS = 200;

/** Waits until the mail is, or is not, empty. @returns the handle in it. */
function mail({ region: { words }, boardAt, composition }: Joined, empty: boolean): Handle {
  for (let look = 0;; look++) {
    const handle = Atomics.load(words, boardAt + MAIL);
    if ((handle === 0) === empty || composition.participant.stopped()) return handle;
    if (look > SPINS) Atomics.wait(words, boardAt + MAIL, handle, 1);
  }
}

function post({ region: { words }, boardAt }: Joined, handle: Handle): void {
  Atomics.store(words, boardAt + MAIL, handle);
  Atomics.notify(words, boardAt + MAIL);
}

/** Allocates and passes on. @returns how often there was nothing to be had. */
export function takeAndPass(joined: Joined, rounds: number): number {
  let misses = 0;
  for (let round = 0; round < rounds; round++) {
    const handle = joined.pool.allocate(ATOMIC);
    if (handle === 0) misses++;
    else post(joined, handle);
    mail(joined, true);
  }
  return misses;
}

/** Frees what comes. @returns how often the reserve was not full afterwards. */
export function freeWhatComes(joined: Joined, rounds: number): number {
  const { pool } = joined;
  let misses = 0;
  for (let round = 0; round < rounds; round++) {
    const handle = mail(joined, false);
    if (handle === 0) return misses;
    pool.free(handle);
    if (pool.currentReserve !== pool.minReserve) misses++;
    post(joined, 0);
  }
  return misses;
}
