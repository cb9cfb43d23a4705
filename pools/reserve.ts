/**
 * The reserve of a mempool: N elements (`current`) of M (`min`), with the queue of those who wait for one, under one lock. The
 * elements are in a stack here (`stock.ts`), or, where the policy says so, in the allocator (`floor_stock.ts`); M stays as it is set, or
 * follows demand (`demand.ts`).
 *
 * Invariants, whenever the lock is free: 0 <= N <= M; somebody waits => N = 0; and
 * N < M or somebody waits => the reserve is *poisoned*: the limit word of every worker is 0, so that each free
 * comes here. Whoever takes the reserve below M or queues up poisons it before giving the lock back;
 * whoever fills it with nobody waiting lifts that. (Where several pools share a floor in the allocator: while that lacks
 * elements; and who waits while N > 0 has been asked to look again.) A *closed* reserve holds nothing and stays poisoned for good.
 *
 * What is taken from here has its taker's tag, as carried, in the step in which it is taken; what is given loses its giver's in the step
 * in which it lies here, or in the queue. Each is a step of its own (`sync/journal.ts`), also where several are taken or given under one lock.
 *
 * The store that poisons publishes "come here" to frees that read the limit plainly. A free by worker A
 * may read the old limit an instant before worker B poisons, and put its element into A's magazine though
 * B is about to sleep. That element is not lost: before B sleeps it asks every worker for what it has
 * cached (see `sync/participant.ts`), and A answers at its next slow path, park or turn of the event loop. A free that happens after
 * B's allocation (an element handed from B to A) sees the poison, since the hand-over orders the two.
 *
 * @module
 */
import { type Handle, NONE } from "../allocators/allocator.ts";
import type { Tagging } from "../allocators/magazine.ts";
import { carriedTag } from "../allocators/owner_table.ts";
import {
  attachLock,
  attachWaitQueue,
  COLLECTING,
  type Journal,
  type Lock,
  type Region,
  unlogged,
  type WaitQueue,
} from "../sync/mod.ts";
import { attachDemand } from "./demand.ts";
import { attachFloorStock } from "./floor_stock.ts";
import { attachLimits } from "./limits.ts";
import { type ReservePlan, Word } from "./reserve_plan.ts";
import { attachStack } from "./stock.ts";

/** One worker's view of a reserve. Everything must be called under the lock, but for the lock itself and what says otherwise. */
export interface Reserve {
  /** Guards everything here. */
  readonly lock: Lock;
  /** Those who wait. */
  readonly queue: WaitQueue;
  /** The largest M that there is room for. */
  readonly max: number;
  /** M; may be stale outside the lock. */
  min(): number;
  /** N; may be stale outside the lock. */
  current(): number;
  /** Elements that are lacking: M - N, or what all pools together lack that share a floor. Negative where M has shrunk. */
  missing(): number;
  /** Least N since the counts were reset. */
  lowWater(): number;
  /** Of the N elements, those that the allocator does not count among its own. */
  apart(): number;
  /** Takes the element that came last. @returns NONE where another pool has just taken it from a floor that they share. */
  pop(): Handle;
  /**
   * Gives an element, which `owner` had last, to the longest waiter, else to the reserve if that is below M.
   *
   * @returns the waiter's slot, to be woken outside the lock; KEPT, here or with a waiter who lacks more; or REFUSED where it is not needed here.
   */
  give(handle: Handle, owner?: number): number;
  /** After an element was kept here: tells those of it who wait in other pools for the same floor. Under no lock. */
  tellOthers(): void;
  /** Elements came to the allocator's floor by way of the allocator. Under no lock. */
  floorFilled(): void;
  /** The most elements that somebody may wait for at once: M, at least 1; 1 where elements are not tracked. May be stale. */
  mostWaitedFor(): number;
  /** Queues a waiter up, for one element or for several. */
  enqueue(slot: number, want?: number): void;
  /** Takes a waiter out. @returns what it was given meanwhile, see {@linkcode WaitQueue.leave}: carried by the caller. */
  leave(slot: number): Handle;
  /** After a death: sets the limits, has everybody who waits look again. @returns what it holds beyond M, for the back end. */
  restore(): Handle[];
  /** Sets M and fills the stack with N = M. Once, before anybody else attaches. */
  initialise(handles: readonly Handle[]): void;
  /** Sets M. @returns what it holds beyond that, for the back end. */
  resize(min: number): Handle[];
  /** Ends a window of measured demand that is over at a time in milliseconds, under a policy that adapts. @returns what M has left over. */
  adapt(nowMs: number): Handle[];
  /** The most that M was since the counts were reset. */
  peakMin(): number;
  /** Closes it for good: M = 0, every free refused. @returns what it held. */
  close(): Handle[];
  /** Whether it was closed; may be stale outside the lock. */
  isClosed(): boolean;
  /** Sets the counts to 0 and the low water to N. */
  resetCounts(): void;
  /** Throws where an invariant does not hold. */
  check(): void;
}

/** {@linkcode Reserve.give}: the element is in the reserve, or with a waiter who lacks more. */
export const KEPT = -1;

/** {@linkcode Reserve.give}: nobody waits and the reserve is full. */
export const REFUSED = -2;

/** For elements that are not tracked. */
const UNTAGGED: Tagging = { owners: -1, tag: 0 };

/** Attaches worker `me` to a reserve, with the journal that it keeps and the tag that its elements have. */
export function attachReserve(
  region: Region,
  plan: ReservePlan,
  me: number,
  journal: Journal = unlogged(region.words),
  { owners, tag }: Tagging = UNTAGGED,
): Reserve {
  const { words } = region;
  const { at } = plan;
  const lock = attachLock(words, plan.lockAt, me, journal);
  const queue = attachWaitQueue(words, plan.queueAt, plan.linksAt, journal);
  const carried = carriedTag(tag);
  const setTag = (handle: Handle, as: number) => {
    if (owners >= 0 && handle !== NONE) journal.set(owners + handle, as);
  };
  const keeping = { journal, carry: (handle: Handle) => setTag(handle, carried) };
  const stock = plan.floor === null
    ? attachStack(words, plan, attachLimits(words, plan, queue), keeping)
    : attachFloorStock(region, plan, plan.floor, me, keeping);
  const demand = attachDemand(words, plan, stock, queue);
  const min = () => Atomics.load(words, at + Word.min);
  const isClosed = () => words[at + Word.closed] === 1;

  /**
   * Has as many look again as there are elements, which only a floor that others share has while somebody waits. With A and A2 who wait
   * here and B who fills the floor by way of another pool: B's "look again" goes to A, who takes note of it, and leaves with
   * an element from elsewhere, his own or one that he is handed. What he was told of is still there, and A2 is told.
   */
  function tellWaiting(): void {
    queue.kick(stock.current());
  }

  /** Puts an element here, or with who waits. */
  function put(handle: Handle): number {
    if (isClosed()) return REFUSED;
    if (queue.count() > 0) {
      const slot = queue.handOff(handle);
      stock.settle();
      tellWaiting();
      return slot === COLLECTING ? KEPT : slot;
    }
    if (!stock.push(handle)) return REFUSED;
    demand.given();
    return KEPT;
  }

  return {
    lock,
    queue,
    max: plan.max,
    min,
    current: stock.current,
    missing: stock.missing,
    lowWater: stock.lowWater,
    apart: stock.apart,
    pop() {
      const handle = stock.pop();
      demand.taken();
      journal.commit();
      return handle;
    },
    give(handle, owner = tag) {
      setTag(handle, -owner);
      const taker = put(handle);
      if (taker === REFUSED) setTag(handle, carried);
      journal.commit();
      return taker;
    },
    tellOthers: stock.tellOthers,
    floorFilled() {
      stock.settle();
      stock.tellOthers();
    },
    mostWaitedFor: () => plan.linksAt < 0 ? 1 : Math.max(1, min()),
    enqueue(slot, want) {
      queue.enqueue(slot, want);
      stock.settle();
      demand.waited();
      // Nobody queues up before it was empty; but a floor that others share may have been filled since.
      tellWaiting();
    },
    leave(slot) {
      // Before they leave the slot: tagged there they are still in the slot.
      let held = owners < 0 ? NONE : queue.holding(slot);
      for (; held !== NONE; held = queue.before(held)) words[owners + held] = carried;
      const granted = queue.leave(slot);
      stock.settle();
      tellWaiting();
      return granted;
    },
    restore() {
      const surplus = stock.restore();
      queue.kick(queue.count());
      return surplus;
    },
    initialise(handles) {
      if (owners >= 0) { for (const handle of handles) words[owners + handle] = -tag; }
      stock.initialise(handles);
      words[at + Word.peak] = min();
      demand.restart();
    },
    resize(wanted) {
      const surplus = stock.resize(wanted);
      demand.restart();
      return surplus;
    },
    adapt: demand.settle,
    peakMin: () => words[at + Word.peak]!,
    close() {
      journal.store(at + Word.closed, 1);
      return stock.resize(0);
    },
    isClosed,
    resetCounts() {
      words[at + Word.peak] = min();
      stock.resetCounts();
      lock.resetCounts();
      queue.resetCounts();
    },
    check() {
      const [least, current] = [min(), stock.current()];
      const waiting = queue.count();
      if (current < 0 || current > least) {
        throw new Error(`reserve: N = ${current} of M = ${least}`);
      }
      // Elements that came by way of another pool are for those who were told of them.
      const told = plan.floor === null ? 0 : queue.told();
      if (Math.min(waiting, current) > told) {
        throw new Error(`reserve: ${waiting} wait while N = ${current}`);
      }
      if (!stock.isSettled()) {
        const poisoned = words[at + Word.poisoned] === 1;
        throw new Error(
          `reserve: poisoned = ${poisoned} with N = ${current} of ${least}, ${waiting} waiting`,
        );
      }
    },
  };
}
