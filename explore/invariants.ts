/**
 * What must hold of a pool whenever its lock is free, and when nobody can go on.
 *
 * @module
 */
import type { Mempool } from "../pools/mempool.ts";
import type { CompositionPlan } from "../pools/composition_plan.ts";
import type { Subject } from "./subject.ts";

/** Where the queue has its links, as `sync/wait_queue.ts` lays them out. */
const QUEUE_HEADER_WORDS = 16;
const SLOT_WORDS = 16;
const NEXT = 1;

/** Looks at one pool's words, past the code that is under exploration. */
export class Invariants {
  readonly #subject: Subject;
  readonly #plan: CompositionPlan["pools"][number];
  readonly #words: Int32Array;
  readonly #pool: Mempool;
  readonly #slots: number;
  /** Whether everybody uses this pool: if not, who cannot go on may wait in another one. */
  readonly #isOnly: boolean;
  /** Who stood in the queue at the last look. */
  #stood: readonly number[] = [];

  /** Looks through a view of the pool that nobody under exploration uses. */
  constructor(subject: Subject, plan: CompositionPlan, words: Int32Array, pool: Mempool) {
    this.#subject = subject;
    this.#plan = plan.pools.find(({ name }) => name === pool.name)!;
    this.#words = words;
    this.#pool = pool;
    this.#isOnly = plan.pools.filter(({ over }) => over === this.#plan.over).length === 1;
    this.#slots = plan.slotsPerWorker * plan.spec.participants;
  }

  /** A new schedule begins. */
  reset(): void {
    this.#stood = this.#queued();
  }

  /** @throws {Error} where something does not hold, unless somebody has the lock. */
  check(): void {
    const { reserve } = this.#pool;
    if (reserve.lock.owner() !== -1) return;
    this.#checkOrder();
    // What lies in the allocator may change under another lock, and those who wait are told of it a moment later.
    if (this.#plan.reserve.floor !== null) return;
    reserve.check();
    this.#checkLimits();
  }

  /** @throws {Error} where somebody who sleeps should not. */
  checkAsleep(who: string): void {
    const { reserve, name } = this.#pool;
    const { lock, queue } = reserve;
    if (lock.owner() !== -1) {
      throw new Error(`${who}, and participant ${lock.owner()} has the lock`);
    }
    const current = reserve.current();
    const isConcerned = this.#isOnly || queue.count() > 0;
    const where = this.#isOnly ? "" : ` in "${name}"`;
    if (current > 0 && isConcerned) throw new Error(`${who} while N = ${current}${where}`);
    for (let slot = 0; slot < this.#slots; slot++) {
      if (queue.granted(slot) !== 0) throw new Error(`${who}, with a grant in slot ${slot} unseen`);
    }
    if (reserve.isClosed() && isConcerned) throw new Error(`${who} in a pool that is no more`);
    if (this.#queued().some((slot) => queue.missing(slot) > reserve.mostWaitedFor())) {
      throw new Error(`${who}, and one of them waits for more than there will ever be`);
    }
  }

  /** Each limit says that every free is wanted, or none does. */
  #checkLimits(): void {
    const { LIMIT, ROUNDS, blockOf } = this.#subject.front;
    const { reserve } = this.#pool;
    const { front } = this.#plan;
    const isWanting = reserve.current() < reserve.min() || reserve.queue.count() > 0 ||
      reserve.isClosed();
    for (let id = 0; id < front.participants; id++) {
      const block = blockOf(front, id);
      const wanted = isWanting ? 0 : this.#words[block + ROUNDS]!;
      const limit = this.#words[block + LIMIT]!;
      if (limit !== wanted) {
        throw new Error(`the limit of participant ${id} is ${limit}, not ${wanted}`);
      }
    }
  }

  /** Slots in the queue, from its head on. */
  #queued(): number[] {
    const { queueAt } = this.#plan.reserve;
    const nextAt = (slot: number) => queueAt + QUEUE_HEADER_WORDS + slot * SLOT_WORDS + NEXT;
    const slots: number[] = [];
    for (let slot = this.#words[queueAt]! - 1; slot >= 0; slot = this.#words[nextAt(slot)]! - 1) {
      if (slots.push(slot) > this.#slots) throw new Error("the queue bites its tail");
    }
    return slots;
  }

  /** First come, first served: whoever was handed something stood before all who still stand there, and whoever comes stands last. */
  #checkOrder(): void {
    const now = this.#queued();
    const { queue } = this.#pool.reserve;
    if (now.length !== queue.count()) {
      throw new Error(`${now.length} stand in the queue, ${queue.count()} are counted`);
    }
    const stayed = this.#stood.filter((slot) => now.includes(slot));
    stayed.forEach((slot, place) => {
      if (now[place] !== slot) throw new Error(`slot ${slot} has lost its place in the queue`);
    });
    this.#stood.forEach((slot, place) => {
      if (now.includes(slot) || queue.granted(slot) <= 0) return;
      const passed = this.#stood.slice(0, place).find((each) => now.includes(each));
      if (passed !== undefined) throw new Error(`slot ${slot} was served before slot ${passed}`);
    });
    this.#stood = now;
  }
}
