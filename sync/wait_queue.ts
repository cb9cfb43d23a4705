/**
 * A first-come-first-served queue of waiters with direct hand-off: what is freed is written into the
 * longest waiter's own grant word, so that nobody who arrives later can take it on the way. (Woken waiters that
 * race for the lock wait up to ten times longer in the worst case.)
 *
 * The queue is guarded by its owner's lock: every method says whether it must be called under it.
 * Each worker owns `slotsPerWorker` slots: slot 0 is for its blocking caller, the rest for its async ones.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | head, tail | slot + 1, or 0 | under the lock | nobody |
 * | count | waiters queued | under the lock | messages |
 * | max depth | most waiters at once | under the lock | results |
 * | slot: grant | 0 waiting, > 0 the element handed over, -1 look again, -2 taken: what was handed over is its waiter's | under the lock | the waiter |
 * | slot: next, prev, queued | links | under the lock | who watches, queued |
 * | slot: since | when the wait began, milliseconds of the common clock modulo 2^32 | the waiter | who watches |
 * | slot: tries | how often the waiter looked for itself in vain, modulo 2^32 | the waiter | who watches |
 * | slot: missing | elements that it still lacks | under the lock | its waiter |
 * | slot: collected | the last of those it has so far, or 0 | under the lock | nobody |
 * | links, per element | the one that was collected before it, or 0 | under the lock | whom they were granted to |
 *
 * A waiter for several elements stands in one place for all of them and collects at the head of the queue until it has
 * enough; its grant is then the last one, from which the links lead to the others. Nobody behind it holds anything, so
 * that two such waiters cannot wait for each other.
 *
 * Invariant: `count` slots are linked from head to tail, each with queued = 1.
 *
 * No wake-up is lost: a grant is stored (sequentially consistent) before the notify, and a waiter sleeps
 * only while its grant word still holds 0, which `Atomics.wait` checks atomically. Worker A sees 0 and is about
 * to sleep; worker B stores the grant; A's wait returns "not-equal" at once.
 *
 * A hand-over is seen outside the lock, so it is the end of a step (`journal.ts`): B dies before it stores the grant, and A still stands in the queue; or
 * after it, and A has the element, whether it has noticed or not.
 *
 * @module
 */
import { type Journal, TAKEN, unlogged } from "./journal.ts";
import type { Layout } from "./region.ts";

const HEAD = 0;
const TAIL = 1;
const COUNT = 2;
const MAX_DEPTH = 3;
const HEADER_WORDS = 16;

const GRANT = 0;
const NEXT = 1;
const PREV = 2;
const QUEUED = 3;
const SINCE = 4;
const TRIES = 5;
const MISSING = 6;
const COLLECTED = 7;
const SLOT_WORDS = 16;

/** In a grant word: nothing was handed over, but look again. */
export const LOOK_AGAIN: number = -1;

/** What {@linkcode WaitQueue.handOff} returns where the longest waiter has not enough yet. */
export const COLLECTING: number = -1;

/** Size of a queue. */
export interface WaitQueueSize {
  /** Workers that may wait. */
  readonly workers: number;
  /** Places of each: one for its blocking caller, the rest for async ones. */
  readonly slotsPerWorker: number;
}

/** Plans a queue. @returns the index of its first word. */
export function planWaitQueue(layout: Layout, name: string, size: WaitQueueSize): number {
  return layout.words(
    `${name}/waiters`,
    HEADER_WORDS + size.workers * size.slotsPerWorker * SLOT_WORDS,
  );
}

/** A slot as somebody else sees it who watches; each number may be stale by a moment. */
export interface SlotState {
  /** Whether somebody waits in it. */
  readonly isQueued: boolean;
  /** The grant word: 0, an element that its waiter has not noticed yet, or {@linkcode LOOK_AGAIN}. */
  readonly granted: number;
  /** How long the wait has lasted, milliseconds; only where somebody waits. */
  readonly waitedMs: number;
  /** Tries in vain so far, of all who ever waited in it. */
  readonly tries: number;
}

/** Milliseconds of the clock that all workers share, modulo 2^32. */
function sharedMs(): number {
  return Math.floor(performance.timeOrigin + performance.now()) | 0;
}

/** Plans the links for elements 1 to `elements`. @returns the index of the word for element 0. */
export function planLinks(layout: Layout, name: string, elements: number): number {
  return layout.words(`${name}/links`, elements + 1);
}

/** One worker's view of a queue. */
export interface WaitQueue {
  /** Waiters queued; exact under the lock, else possibly stale. */
  count(): number;
  /** Most waiters queued at once. */
  maxDepth(): number;
  /** Sets the depth mark to what is queued now. */
  resetCounts(): void;
  /** Appends a slot for a waiter that wants `want` elements: 1 if not given, which needs no links. Under the lock. */
  enqueue(slot: number, want?: number): void;
  /**
   * Takes a slot out, wherever it stands; safe to call when it was served already. Under the lock.
   *
   * @returns the last element that was handed to it meanwhile, or 0; the links lead to those before.
   */
  leave(slot: number): number;
  /**
   * Hands an element to the longest waiter. Under the lock, with count() > 0.
   *
   * @returns the slot, to be woken; {@linkcode COLLECTING} where it lacks more.
   */
  handOff(element: number): number;
  /** Elements that a queued slot still lacks; may be stale outside the lock. */
  missing(slot: number): number;
  /** Elements that the longest waiter has collected so far. Under the lock, or while nobody frees. */
  collected(): number;
  /** The element that was collected before this one, or 0. Only who was given them may ask, before they are freed. */
  before(element: number): number;
  /**
   * Asks up to `limit` waiters more than before to look again, longest first; they keep their places. Who is served or leaves
   * before it has looked passes that on. Under the lock.
   */
  kick(limit: number): void;
  /** Waiters that were asked to look again and have not yet. Under the lock. */
  told(): number;
  /** Wakes the waiter of a slot. Best outside the lock: a wake-up costs 8 to 16 us. */
  wake(slot: number): void;
  /** The grant word of a slot, once. Wait-free. */
  granted(slot: number): number;
  /** Clears a {@linkcode LOOK_AGAIN}, before looking. Wait-free. */
  acknowledge(slot: number): void;
  /** Clears a grant that its waiter has noticed, and made its own. Wait-free; only the waiter may call it. */
  accept(slot: number): void;
  /** The last element that a slot holds for its waiter, or 0; the links lead to those before. Under the lock. */
  holding(slot: number): number;
  /** Whether nobody waits in a slot, and nothing lies in it. Under the lock. */
  isIdle(slot: number): boolean;
  /** Notes that a wait begins now. Wait-free; only the waiter may call it. */
  noteBeginning(slot: number): void;
  /** Notes that the waiter went through all its steps and found nothing. Wait-free; only the waiter may call it. */
  noteTry(slot: number): void;
  /** A slot from outside. Wait-free. */
  look(slot: number): SlotState;
  /** Sleeps until the grant is not 0 or the time is over. Blocks. @returns the grant word. */
  sleep(slot: number, timeoutMs: number): number;
  /** The same for callers on the event loop. */
  sleepAsync(slot: number, timeoutMs: number): Promise<number>;
}

/**
 * Attaches to the queue at word `at`, and to its links, without which nobody can wait for several elements, with the journal of whoever
 * changes it.
 */
export function attachWaitQueue(
  words: Int32Array<SharedArrayBuffer>,
  at: number,
  linksAt = -1,
  journal: Journal = unlogged(words),
): WaitQueue {
  const slotAt = (slot: number) => at + HEADER_WORDS + slot * SLOT_WORDS;

  function unlink(slot: number): void {
    const own = slotAt(slot);
    const next = words[own + NEXT]!;
    const prev = words[own + PREV]!;
    journal.set(prev === 0 ? at + HEAD : slotAt(prev - 1) + NEXT, next);
    journal.set(next === 0 ? at + TAIL : slotAt(next - 1) + PREV, prev);
    journal.set(own + QUEUED, 0);
    journal.store(at + COUNT, words[at + COUNT]! - 1);
  }

  function granted(slot: number): number {
    const grant = Atomics.load(words, slotAt(slot) + GRANT);
    return grant === TAKEN ? 0 : grant;
  }

  const before = (element: number) => linksAt < 0 ? 0 : words[linksAt + element]!;

  function kick(limit: number): void {
    let slot = words[at + HEAD]! - 1;
    for (let kicked = 0; slot >= 0 && kicked < limit;) {
      const grant = slotAt(slot) + GRANT;
      // Who was asked before has not looked yet, and will find one thing only.
      if (Atomics.compareExchange(words, grant, 0, LOOK_AGAIN) === 0) {
        Atomics.notify(words, grant);
        kicked++;
      }
      slot = words[slotAt(slot) + NEXT]! - 1;
    }
  }

  /** Writes the grant of who has left the queue; a "look again" that it will not follow goes to the next. */
  function replaceGrant(slot: number, grant: number): number {
    const before = Atomics.exchange(words, slotAt(slot) + GRANT, grant);
    if (before === LOOK_AGAIN) kick(1);
    return before;
  }

  return {
    count: () => Atomics.load(words, at + COUNT),
    maxDepth: () => words[at + MAX_DEPTH]!,
    resetCounts() {
      words[at + MAX_DEPTH] = words[at + COUNT]!;
    },
    enqueue(slot, want = 1) {
      const own = slotAt(slot);
      const tail = words[at + TAIL]!;
      // Nobody looks at these before it stands in the queue.
      words[own + NEXT] = 0;
      words[own + PREV] = tail;
      words[own + MISSING] = want;
      words[own + COLLECTED] = 0;
      Atomics.store(words, own + GRANT, 0);
      journal.set(own + QUEUED, 1);
      journal.set(tail === 0 ? at + HEAD : slotAt(tail - 1) + NEXT, slot + 1);
      journal.set(at + TAIL, slot + 1);
      const count = words[at + COUNT]! + 1;
      journal.store(at + COUNT, count);
      if (count > words[at + MAX_DEPTH]!) words[at + MAX_DEPTH] = count;
    },
    leave(slot) {
      const own = slotAt(slot);
      if (words[own + QUEUED] === 1) unlink(slot);
      const collected = words[own + COLLECTED]!;
      journal.set(own + COLLECTED, 0);
      return Math.max(0, replaceGrant(slot, 0)) || collected;
    },
    handOff(element) {
      const slot = words[at + HEAD]! - 1;
      const own = slotAt(slot);
      // Not live before the element is linked to.
      if (linksAt >= 0) words[linksAt + element] = words[own + COLLECTED]!;
      journal.set(own + MISSING, words[own + MISSING]! - 1);
      if (words[own + MISSING]! > 0) {
        journal.set(own + COLLECTED, element);
        return COLLECTING;
      }
      unlink(slot);
      journal.decide(own + GRANT, element);
      replaceGrant(slot, element);
      journal.commit();
      return slot;
    },
    missing: (slot) => Atomics.load(words, slotAt(slot) + MISSING),
    collected() {
      const head = words[at + HEAD]!;
      let collected = 0;
      let element = head === 0 ? 0 : words[slotAt(head - 1) + COLLECTED]!;
      for (; element !== 0; element = before(element)) collected++;
      return collected;
    },
    before,
    kick,
    told() {
      let told = 0;
      for (let slot = words[at + HEAD]! - 1; slot >= 0; slot = words[slotAt(slot) + NEXT]! - 1) {
        if (Atomics.load(words, slotAt(slot) + GRANT) === LOOK_AGAIN) told++;
      }
      return told;
    },
    wake(slot) {
      Atomics.notify(words, slotAt(slot) + GRANT);
    },
    granted,
    holding(slot) {
      const own = slotAt(slot);
      return Math.max(0, granted(slot)) ||
        (words[own + QUEUED] === 1 ? words[own + COLLECTED]! : 0);
    },
    isIdle: (slot) => words[slotAt(slot) + QUEUED] === 0 && granted(slot) <= 0,
    acknowledge(slot) {
      Atomics.compareExchange(words, slotAt(slot) + GRANT, LOOK_AGAIN, 0);
    },
    accept(slot) {
      Atomics.store(words, slotAt(slot) + GRANT, TAKEN);
    },
    noteBeginning(slot) {
      Atomics.store(words, slotAt(slot) + SINCE, sharedMs());
    },
    noteTry(slot) {
      Atomics.add(words, slotAt(slot) + TRIES, 1);
    },
    look(slot) {
      const own = slotAt(slot);
      return {
        isQueued: Atomics.load(words, own + QUEUED) === 1,
        granted: granted(slot),
        waitedMs: (sharedMs() - Atomics.load(words, own + SINCE)) | 0,
        tries: Atomics.load(words, own + TRIES),
      };
    },
    sleep(slot, timeoutMs) {
      Atomics.wait(words, slotAt(slot) + GRANT, 0, timeoutMs);
      return granted(slot);
    },
    async sleepAsync(slot, timeoutMs) {
      // waitAsync alone does not keep the event loop alive: a timer that is held meanwhile does.
      const keepAlive = setTimeout(() => {}, timeoutMs + 60_000);
      try {
        await Atomics.waitAsync(words, slotAt(slot) + GRANT, 0, timeoutMs).value;
      } finally {
        clearTimeout(keepAlive);
      }
      return granted(slot);
    },
  };
}
