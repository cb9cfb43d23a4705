/**
 * The elements of a reserve inside the allocator: what was argued for in place of mempools in 2001, a reservation in the
 * allocator that only marked callers may use.
 *
 * All such pools over one allocator share one floor, which is as high as their M together. None of its elements is anybody's
 * own, so N is what is there, at most M: one pool can drain what another one set aside. And whoever frees, into whichever of
 * these pools or by way of a magazine, fills the floor for all of them.
 *
 * The lock of the allocator's depot guards the floor, and with it the poison of all members: a pool may take the floor below what another
 * pool wants, whose lock it does not have. Lock order: reserve, then depot; never two reserves.
 *
 * Why nobody sleeps though an element is there, with A who waits in one pool and B who frees into another: A, in its queue, looks at the
 * floor once more under the depot's lock; B, having put its element there under that lock, looks at all queues. Whoever comes second
 * sees the other, and A looks for itself.
 *
 * @module
 */
import { type Handle, NONE } from "../allocators/allocator.ts";
import { attachDepot } from "../allocators/depot.ts";
import { attachLock, attachWaitQueue, type Journal, type Region } from "../sync/mod.ts";
import { attachLimits } from "./limits.ts";
import { type FloorPlan, type ReservePlan, Word } from "./reserve_plan.ts";
import { type Keeping, setMin, type Stock } from "./stock.ts";

/** A member of a floor, as another one sees it. */
function attachMember({ words }: Region, plan: ReservePlan, me: number, journal: Journal) {
  const queue = attachWaitQueue(words, plan.queueAt, plan.linksAt, journal);
  return {
    lock: attachLock(words, plan.lockAt, me, journal),
    queue,
    limits: attachLimits(words, plan, queue),
  };
}

/** The elements of one of the reserves that share a floor. */
export function attachFloorStock(
  region: Region,
  { at }: ReservePlan,
  plan: FloorPlan,
  me: number,
  { journal, carry }: Keeping,
): Stock {
  const { words } = region;
  const depot = attachDepot(region, plan.depot, me, () => {}, journal);
  const { floor } = depot;
  const members = plan.members.map((member) => attachMember(region, member, me, journal));
  const min = () => Atomics.load(words, at + Word.min);
  const current = () => Math.min(min(), floor.kept());

  function settleAll(): void {
    const isShort = floor.missing() > 0;
    for (const { limits } of members) limits.settle(isShort);
  }

  function raise(by: number): void {
    depot.lock.acquire();
    floor.raise(by);
    settleAll();
    depot.lock.release();
  }

  return {
    current,
    missing: floor.missing,
    lowWater: () => Math.min(min(), floor.lowWater()),
    pop() {
      depot.lock.acquire();
      const handle = floor.take();
      if (handle !== NONE) {
        depot.use(1);
        carry(handle);
      }
      settleAll();
      depot.lock.release();
      return handle;
    },
    push(handle) {
      depot.lock.acquire();
      const isWanted = floor.missing() > 0;
      if (isWanted) {
        depot.use(-1);
        floor.put(handle);
      }
      settleAll();
      depot.lock.release();
      return isWanted;
    },
    initialise(handles: readonly Handle[]) {
      Atomics.store(words, at + Word.min, handles.length);
      depot.lock.acquire();
      floor.raise(handles.length);
      for (const handle of handles) {
        floor.put(handle);
        journal.commit();
      }
      depot.use(-handles.length);
      floor.resetCounts();
      settleAll();
      depot.lock.release();
    },
    resize(wanted) {
      const before = min();
      setMin(words, at, wanted, journal);
      raise(wanted - before);
      return [];
    },
    restore() {
      depot.lock.acquire();
      const isShort = floor.missing() > 0;
      for (const { limits } of members) limits.restore(isShort);
      depot.lock.release();
      return [];
    },
    settle: () => raise(0),
    tellOthers() {
      for (const { lock, queue } of members) {
        if (queue.count() === 0 || floor.kept() === 0) continue;
        lock.acquire();
        queue.kick(floor.kept());
        lock.release();
      }
    },
    apart: () => 0,
    resetCounts: () => floor.resetCounts(),
    isSettled: () => members.every(({ limits }) => limits.areSettled(floor.missing() > 0)),
  };
}
