/**
 * The locks of dead participants, and what they had begun under these.
 *
 * @module
 */
import { attachLock, undoJournal } from "../sync/mod.ts";
import type { RecoveryParts, TakenOver } from "./recovery_parts.ts";

/** All locks, those of reserves apart. */
function locksOf({ plan, region: { words }, participant: { id: me }, journal }: RecoveryParts) {
  const reserves = new Set(plan.pools.map(({ reserve }) => reserve.lockAt));
  const locks = plan.locks.map(({ name, at }) => ({
    name: name.replace(/\/lock$/, ""),
    at,
    lock: attachLock(words, at, me, journal),
  }));
  return {
    reserves: locks.filter(({ at }) => reserves.has(at)),
    beneath: locks.filter(({ at }) => !reserves.has(at)),
  };
}

/**
 * Puts back what each of the dead had begun, and frees the locks that they had beneath those of reserves: what these guard is whole then. Somebody
 * who lives may wait for one of them with another one in hand, so this comes before any other lock is wanted. Lock-free.
 */
export function freeBeneath(parts: RecoveryParts, dead: readonly number[]): void {
  const { plan, region: { words }, taken } = parts;
  const { beneath } = locksOf(parts);
  for (const each of dead) {
    const before = taken.get(each) ?? { undone: 0, locks: null };
    const undone = before.undone + undoJournal(words, plan.journals, each);
    const held = beneath.filter(({ lock }) => lock.takeOver(each));
    for (const { lock } of held) lock.release();
    const locks = [...before.locks ?? [], ...held.map(({ name }) => name)];
    taken.set(each, { undone, locks: locks.length === 0 ? null : locks });
  }
  for (const { lock } of beneath) lock.wake();
}

/** Frees all the locks of the dead; each reserve is whole again before others see it. */
export function takeOverLocks(parts: RecoveryParts, dead: readonly number[]): TakenOver {
  freeBeneath(parts, dead);
  const { plan, pools, taken } = parts;
  const { reserves } = locksOf(parts);
  const found = new Map(dead.map((each) => {
    const held = reserves.filter(({ lock }) => lock.takeOver(each));
    const { undone, locks } = taken.get(each)!;
    const names = [...locks ?? [], ...held.map(({ name }) => name)];
    taken.delete(each);
    return [each, { held, undone, locks: names.length === 0 ? null : names }];
  }));
  const held = [...found.values()].flatMap((each) => each.held);
  const whole = pools.filter((_, index) =>
    held.some(({ at }) => at === plan.pools[index]!.reserve.lockAt)
  ).map(({ recovery }) => ({ recovery, surplus: recovery.restore() }));
  for (const { lock } of held) lock.release();
  for (const { lock } of reserves) lock.wake();
  for (const { recovery, surplus } of whole) recovery.finish(surplus);
  return found;
}
