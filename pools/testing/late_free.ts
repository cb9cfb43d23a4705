/**
 * A worker that leaves elements in its magazine and then does not call the pool again.
 *
 * A *late* free plays the one race of a fast path without Atomics: the worker has read its limit before somebody poisoned it,
 * and puts its element into the magazine afterwards. Here the old limit is written back for the time of that free.
 *
 * @module
 */
import type { Handle } from "../../allocators/allocator.ts";
import { blockOf, LIMIT, ROUNDS, TOP } from "../../allocators/front.ts";
import type { Joined } from "./joining.ts";

/** On the board: 1 once a worker is about to free late, 2 once it may; and 1 once a parked worker may go on. */
export const LATE = 1;
const GO_ON = 2;

/** What the worker does afterwards, instead of calling the pool. */
export type Afterwards = "parks" | "is back in its event loop" | "detaches";

function awaitBoard({ region: { words }, boardAt }: Joined, place: number, value: number): void {
  const at = boardAt + place;
  for (let seen = Atomics.load(words, at); seen !== value; seen = Atomics.load(words, at)) {
    Atomics.wait(words, at, seen, 100);
  }
}

/** Frees elements into the magazine, then does something else. @returns what the magazine held in between. */
export function freeAndLeave(
  joined: Joined,
  handles: readonly Handle[],
  afterwards: Afterwards,
): number {
  handles.forEach(joined.pool.free);
  return leave(joined, afterwards);
}

/** The same for a single element whose free was on its way when the limit was poisoned. */
export function freeLateAndLeave(joined: Joined, handle: Handle, afterwards: Afterwards): number {
  const { region: { words }, boardAt, plan, id, pool } = joined;
  const block = blockOf(plan.pools[0]!.front, id);
  Atomics.store(words, boardAt + LATE, 1);
  awaitBoard(joined, LATE, 2);
  words[block + LIMIT] = words[block + ROUNDS]!;
  pool.free(handle);
  words[block + LIMIT] = 0;
  return leave(joined, afterwards);
}

function leave(joined: Joined, afterwards: Afterwards): number {
  const { region: { words }, plan, id, composition } = joined;
  const cached = words[blockOf(plan.pools[0]!.front, id) + TOP]!;
  if (afterwards === "parks") composition.participant.park(() => awaitBoard(joined, GO_ON, 1));
  if (afterwards === "detaches") composition.detach();
  return cached;
}
