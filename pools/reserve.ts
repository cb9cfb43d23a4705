/**
 * The reserve of a mempool: N elements (`current`) of M (`min`), a stack, with the queue of those who
 * wait for one, under one lock.
 *
 * Invariants, whenever the lock is free: 0 <= N <= M; somebody waits => N = 0; and
 * N < M or somebody waits => the reserve is *poisoned*: the limit word of every worker is 0, so that each free
 * comes here. Whoever takes the reserve below M or queues up poisons it before giving the lock back;
 * whoever fills it with nobody waiting lifts that. A *closed* reserve holds nothing and stays poisoned for good.
 *
 * The store that poisons publishes "come here" to frees that read the limit plainly. A free by worker A
 * may read the old limit an instant before worker B poisons, and put its element into A's magazine though
 * B is about to sleep. That element is not lost: before B sleeps it asks every worker for what it has
 * cached (see `sync/participant.ts`), and A answers at its next slow path, park or turn of the event loop. A free that happens after
 * B's allocation (an element handed from B to A) sees the poison, since the hand-over orders the two.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | min (M) | under the lock | everybody |
 * | 1 | current (N) | under the lock | everybody |
 * | 2 | low water: least N | under the lock | results |
 * | 3 | poisoned: 0 or 1 | under the lock | nobody |
 * | 4 | closed: 0 or 1, never 0 again | under the lock | everybody, on slow paths |
 * | 16.. | the stack | under the lock | nobody |
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import { blockOf, type FrontPlan, LIMIT, ROUNDS } from "../allocators/front.ts";
import {
  attachLock,
  attachWaitQueue,
  COLLECTING,
  type Layout,
  LINE_WORDS,
  type Lock,
  planLinks,
  planLock,
  planWaitQueue,
  type Region,
  type WaitQueue,
} from "../sync/mod.ts";

const MIN = 0;
const CURRENT = 1;
const LOW_WATER = 2;
const POISONED = 3;
const CLOSED = 4;

/** Where a reserve is. */
export interface ReservePlan {
  readonly at: number;
  /** Elements that the stack has room for. */
  readonly max: number;
  readonly lockAt: number;
  readonly queueAt: number;
  /** The queue's links; -1 where elements are not tracked, so that nobody can wait for several. */
  readonly linksAt: number;
  readonly front: FrontPlan;
}

/** Plans a reserve of up to `max` elements, for waiters in `slotsPerWorker` slots of each worker. */
export function planReserve(
  layout: Layout,
  name: string,
  size: {
    readonly max: number;
    readonly participants: number;
    readonly slotsPerWorker: number;
    /** The largest handle, where elements are tracked. */
    readonly capacity?: number;
    readonly front: FrontPlan;
  },
): ReservePlan {
  const { participants: workers, slotsPerWorker, capacity = 0 } = size;
  return {
    at: layout.words(`${name}/reserve`, LINE_WORDS + Math.max(1, size.max)),
    max: size.max,
    lockAt: planLock(layout, name),
    queueAt: planWaitQueue(layout, name, { workers, slotsPerWorker }),
    linksAt: capacity > 0 ? planLinks(layout, name, capacity) : -1,
    front: size.front,
  };
}

/** One worker's view of a reserve. Everything but the lock and the two reads must be called under the lock. */
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
  /** Least N since the counts were reset. */
  lowWater(): number;
  /** Takes the element that came last; N must be > 0. */
  pop(): Handle;
  /**
   * Gives an element to the longest waiter, else to the reserve if that is below M.
   *
   * @returns the waiter's slot, to be woken outside the lock; KEPT, here or with a waiter who lacks more; or REFUSED where it is not needed here.
   */
  give(handle: Handle): number;
  /** The most elements that somebody may wait for at once: M, at least 1; 1 where elements are not tracked. May be stale. */
  mostWaitedFor(): number;
  /** Queues a waiter up, for one element or for several. */
  enqueue(slot: number, want?: number): void;
  /** Takes a waiter out. @returns what it was given meanwhile, see {@linkcode WaitQueue.leave}. */
  leave(slot: number): Handle;
  /** Sets M and fills the stack with N = M. Once, before anybody else attaches. */
  initialise(handles: readonly Handle[]): void;
  /** Sets M. @returns what it holds beyond that, for the back end. */
  resize(min: number): Handle[];
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

/** Attaches worker `me` to a reserve. */
export function attachReserve(region: Region, plan: ReservePlan, me: number): Reserve {
  const { words } = region;
  const { at, front } = plan;
  const stack = at + LINE_WORDS;
  const lock = attachLock(words, plan.lockAt, me);
  const queue = attachWaitQueue(words, plan.queueAt, plan.linksAt);

  function setLimits(poisoned: 0 | 1): void {
    words[at + POISONED] = poisoned;
    for (let participant = 0; participant < front.participants; participant++) {
      const block = blockOf(front, participant);
      Atomics.store(words, block + LIMIT, poisoned === 1 ? 0 : words[block + ROUNDS]!);
    }
  }

  /** Poisons or lifts, as the invariant wants it. */
  function settle(): void {
    const wanted = wantsPoison() ? 1 : 0;
    if (wanted !== words[at + POISONED]) setLimits(wanted);
  }

  function wantsPoison(): boolean {
    return words[at + CURRENT]! < words[at + MIN]! || queue.count() > 0 || words[at + CLOSED] === 1;
  }

  /** Takes out what lies above `keep`, what came last last. */
  function popDownTo(keep: number): Handle[] {
    const current = words[at + CURRENT]!;
    if (current <= keep) return [];
    Atomics.store(words, at + CURRENT, keep);
    if (keep < words[at + LOW_WATER]!) words[at + LOW_WATER] = keep;
    return Array.from(words.subarray(stack + keep, stack + current));
  }

  return {
    lock,
    queue,
    max: plan.max,
    min: () => Atomics.load(words, at + MIN),
    current: () => Atomics.load(words, at + CURRENT),
    lowWater: () => words[at + LOW_WATER]!,
    pop() {
      const current = words[at + CURRENT]! - 1;
      Atomics.store(words, at + CURRENT, current);
      if (current < words[at + LOW_WATER]!) words[at + LOW_WATER] = current;
      settle();
      return words[stack + current]!;
    },
    give(handle) {
      if (words[at + CLOSED] === 1) return REFUSED;
      if (queue.count() > 0) {
        const slot = queue.handOff(handle);
        settle();
        return slot === COLLECTING ? KEPT : slot;
      }
      const current = words[at + CURRENT]!;
      if (current >= words[at + MIN]!) return REFUSED;
      words[stack + current] = handle;
      Atomics.store(words, at + CURRENT, current + 1);
      settle();
      return KEPT;
    },
    mostWaitedFor: () => plan.linksAt < 0 ? 1 : Math.max(1, Atomics.load(words, at + MIN)),
    enqueue(slot, want) {
      queue.enqueue(slot, want);
      settle();
    },
    leave(slot) {
      const granted = queue.leave(slot);
      settle();
      return granted;
    },
    initialise(handles) {
      words.set(handles, stack);
      words[at + MIN] = words[at + CURRENT] = words[at + LOW_WATER] = handles.length;
    },
    resize(min) {
      Atomics.store(words, at + MIN, min);
      const surplus = popDownTo(min);
      settle();
      return surplus;
    },
    close() {
      Atomics.store(words, at + CLOSED, 1);
      Atomics.store(words, at + MIN, 0);
      const all = popDownTo(0);
      settle();
      return all;
    },
    isClosed: () => words[at + CLOSED] === 1,
    resetCounts() {
      words[at + LOW_WATER] = words[at + CURRENT]!;
      lock.resetCounts();
      queue.resetCounts();
    },
    check() {
      const [min, current] = [words[at + MIN]!, words[at + CURRENT]!];
      const waiting = queue.count();
      if (current < 0 || current > min) throw new Error(`reserve: N = ${current} of M = ${min}`);
      if (waiting > 0 && current > 0) {
        throw new Error(`reserve: ${waiting} wait while N = ${current}`);
      }
      const poisoned = words[at + POISONED] === 1;
      if (poisoned !== wantsPoison()) {
        throw new Error(
          `reserve: poisoned = ${poisoned} with N = ${current} of ${min}, ${waiting} waiting`,
        );
      }
    },
  };
}
