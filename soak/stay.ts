/**
 * A worker's stay at a pool: it attaches, does whatever may be done to a pool in an order that its seed decides, frees or hands
 * over what it has, and leaves. Every element is marked while it is out, so that two who have the same one find out.
 *
 * @module
 */
import { ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { RefusedError } from "../pools/refused_error.ts";
import { ENOUGH, MAILS, MAILS_FROM, Sentinels, uniform } from "../pools/testing/churn.ts";
import { type Joined, type Joining, joinTest } from "../pools/testing/joining.ts";
import { KEEP } from "./subjects.ts";

/** A stay to be made. */
export interface StayOrder {
  readonly joining: Joining;
  readonly seed: number;
  /** Steps after which the worker leaves, if it is not told to before. */
  readonly steps: number;
  /** Whether the policy lets callers wait, so that none of them may get nothing. */
  readonly waits: boolean;
}

/** What was done in it. */
export interface Done {
  allocated: number;
  bulks: number;
  awaited: number;
  aborted: number;
  refused: number;
  none: number;
  passedOn: number;
}

/** Nothing yet. */
export function nothingDone(): Done {
  return { allocated: 0, bulks: 0, awaited: 0, aborted: 0, refused: 0, none: 0, passedOn: 0 };
}

/** Stays. @throws where an element was lost or handed out twice. */
export async function stay(order: StayOrder): Promise<Done> {
  const joined = joinTest(order.joining);
  joined.composition.participant.listen();
  try {
    return await new Guest(joined, order).stay();
  } finally {
    joined.composition.detach();
  }
}

class Guest {
  readonly #joined: Joined;
  readonly #order: StayOrder;
  readonly #sentinels: Sentinels;
  readonly #random: () => number;
  readonly #held: Handle[] = [];
  readonly #done = nothingDone();

  constructor(joined: Joined, order: StayOrder) {
    this.#joined = joined;
    this.#order = order;
    this.#sentinels = new Sentinels(joined);
    this.#random = uniform(order.seed);
  }

  async stay(): Promise<Done> {
    const { region: { words }, boardAt } = this.#joined;
    for (let step = 0; step < this.#order.steps; step++) {
      if (Atomics.load(words, boardAt + ENOUGH) !== 0) break;
      const chance = this.#random();
      if (this.#held.length === KEEP || this.#held.length > 0 && chance < 0.35) this.#free();
      else if (this.#held.length > 0 && chance < 0.4) this.#passOn();
      else if (chance < 0.7) this.#take(this.#joined.pool.allocate(BLOCKING), true);
      else if (chance < 0.85) this.#take(this.#joined.pool.allocate(ATOMIC), false);
      else if (chance < 0.9) await this.#takeAwaited();
      else if (chance < 0.95) this.#takeBulk(chance < 0.92 ? ATOMIC : BLOCKING);
      else await this.#takeBulkAwaited();
    }
    while (this.#held.length > 0) this.#free();
    return this.#done;
  }

  #take(handle: Handle, mustServe: boolean): void {
    if (handle === NONE && mustServe && this.#order.waits) {
      throw new Error("a caller that may wait was given none");
    }
    if (handle === NONE) {
      this.#done.none++;
      return;
    }
    this.#done.allocated++;
    this.#sentinels.mark(handle);
    this.#held.push(handle);
  }

  #takeOut(): Handle {
    return this.#held.splice(Math.floor(this.#random() * this.#held.length), 1)[0]!;
  }

  /** One of them, or all as a bulk. */
  #free(): void {
    const { pool } = this.#joined;
    const handles = this.#random() < 0.8 ? [this.#takeOut()] : this.#held.splice(0);
    for (const handle of handles) this.#sentinels.wipe(handle);
    if (handles.length > 1) pool.freeBulk(handles);
    else pool.free(handles[0]!);
  }

  /** Leaves one where others find it, and frees what lay there. */
  #passOn(): void {
    const { region: { words }, boardAt, pool } = this.#joined;
    const mail = boardAt + MAILS_FROM + Math.floor(this.#random() * MAILS);
    const before = Atomics.exchange(words, mail, this.#takeOut());
    this.#done.passedOn++;
    if (before === NONE) return;
    this.#sentinels.wipe(before);
    pool.free(before);
  }

  /** Half of them give up before long. */
  async #mayAbort(allocate: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    const patienceMs = this.#random() * 2;
    const timer = this.#random() < 0.5 ? setTimeout(() => abort.abort(), patienceMs) : undefined;
    this.#done.awaited++;
    try {
      await allocate(abort.signal);
    } catch (error) {
      if (error !== abort.signal.reason) throw error;
      this.#done.aborted++;
    } finally {
      clearTimeout(timer);
    }
  }

  #takeAwaited(): Promise<void> {
    return this.#mayAbort(async (signal) =>
      this.#take(await this.#joined.pool.allocateAsync({ signal }), true)
    );
  }

  #takeBulk(context: typeof ATOMIC | typeof BLOCKING): void {
    const into = this.#roomForBulk();
    try {
      this.#takeAll(into, this.#joined.pool.allocateBulk(into, context), context === BLOCKING);
    } catch (error) {
      this.#refused(error);
    }
  }

  async #takeBulkAwaited(): Promise<void> {
    const into = this.#roomForBulk();
    try {
      await this.#mayAbort(async (signal) =>
        this.#takeAll(into, await this.#joined.pool.allocateBulkAsync(into, { signal }), true)
      );
    } catch (error) {
      this.#refused(error);
    }
  }

  #roomForBulk(): Int32Array {
    return new Int32Array(1 + Math.floor(this.#random() * (KEEP - this.#held.length)));
  }

  #takeAll(into: Int32Array, served: boolean, mustServe: boolean): void {
    this.#done.bulks++;
    if (served) { for (const handle of into) this.#take(handle, mustServe); }
    else this.#take(NONE, mustServe);
  }

  /** More than the reserve holds, over a back end that has no more. */
  #refused(error: unknown): void {
    if (!(error instanceof RefusedError)) throw error;
    this.#done.refused++;
  }
}
