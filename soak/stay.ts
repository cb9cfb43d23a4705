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
import { dieWithin } from "../sync/testing/sudden_death.ts";
import { claimed, LAST_MOMENT, mailOf, stampNow } from "./last_moment.ts";
import { KEEP, RESERVE_MAX } from "./subjects.ts";

/** What a test has workers get wrong, so that the soak must notice: an element lost, one handed out twice, memory kept. */
export type Plant = "loss" | "double" | "leak";

/** A stay to be made. */
export interface StayOrder {
  readonly joining: Joining;
  readonly seed: number;
  /** Steps after which the worker leaves, if it is not told to before. */
  readonly steps: number;
  /** Whether the policy lets callers wait, so that none of them may get nothing. */
  readonly waits: boolean;
  readonly plant: Plant | null;
  /** After how long it is cut off and dies, whole milliseconds from 1 up; null where it does not. Until then it awaits nothing. */
  readonly cutOffMs: number | null;
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
  const { composition, region: { words }, boardAt } = joined;
  composition.participant.listen();
  const guest = new Guest(joined, order);
  const { cutOffMs } = order;
  try {
    if (cutOffMs === null) return await guest.stay();
    const lastly = () => void Atomics.store(words, boardAt + LAST_MOMENT, stampNow());
    return dieWithin(cutOffMs, () => guest.stayUntilEnough(), lastly);
  } finally {
    composition.detach();
  }
}

/** From this chance on what it does is awaited. */
const AWAITS = 0.9;

class Guest {
  readonly #joined: Joined;
  readonly #order: StayOrder;
  readonly #sentinels: Sentinels;
  readonly #random: () => number;
  readonly #held: Handle[] = [];
  readonly #done = nothingDone();
  #lost = 0;

  constructor(joined: Joined, order: StayOrder) {
    this.#joined = joined;
    this.#order = order;
    this.#sentinels = new Sentinels(joined);
    this.#random = uniform(order.seed);
  }

  async stay(): Promise<Done> {
    for (let step = 0; step < this.#order.steps && !this.#isEnough(); step++) {
      const chance = this.#random();
      if (this.#act(chance)) continue;
      if (chance < 0.95) await this.#takeAwaited();
      else await this.#takeBulkAwaited();
    }
    return this.#leave();
  }

  /** The same but for what is awaited. */
  stayUntilEnough(): Done {
    while (!this.#isEnough()) this.#act(this.#random() * AWAITS);
    return this.#leave();
  }

  #isEnough(): boolean {
    const { region: { words }, boardAt } = this.#joined;
    return Atomics.load(words, boardAt + ENOUGH) !== 0;
  }

  #leave(): Done {
    while (this.#held.length > 0) this.#free();
    return this.#done;
  }

  /** Does what need not be awaited. @returns false where it would have to be. */
  #act(chance: number): boolean {
    const { pool } = this.#joined;
    if (this.#held.length === KEEP || this.#held.length > 0 && chance < 0.35) this.#free();
    else if (this.#held.length > 0 && chance < 0.4) this.#passOn();
    else if (chance < 0.7) this.#take(pool.allocate(BLOCKING), true);
    else if (chance < 0.848) this.#take(pool.allocate(ATOMIC), false);
    else if (chance < 0.85) this.#press(chance);
    else if (chance < AWAITS) this.#takeBulk(chance < 0.88 ? ATOMIC : BLOCKING);
    else return false;
    return true;
  }

  /** Gives back what it has cached, or asks for another reserve. */
  #press(chance: number): void {
    const { pool, composition } = this.#joined;
    if (chance < 0.849) composition.drain();
    else pool.resize(Math.floor(this.#random() * (RESERVE_MAX + 1)));
  }

  #take(handle: Handle, mustServe: boolean): void {
    if (handle === NONE && mustServe && this.#order.waits) {
      throw new Error("a caller that may wait was given none");
    }
    if (handle === NONE) {
      this.#done.none++;
      return;
    }
    const given = this.#order.plant === "double" ? this.#held[0] ?? handle : handle;
    this.#done.allocated++;
    this.#sentinels.mark(given);
    this.#held.push(given);
  }

  #takeOut(): Handle {
    return this.#held.splice(Math.floor(this.#random() * this.#held.length), 1)[0]!;
  }

  /** One of them, or all as a bulk. */
  #free(): void {
    const { pool } = this.#joined;
    const handles = this.#random() < 0.8 ? [this.#takeOut()] : this.#held.splice(0);
    for (const handle of handles) this.#sentinels.wipe(handle);
    if (this.#order.plant === "loss" && this.#lost++ === 0) return;
    if (handles.length > 1) pool.freeBulk(handles);
    else pool.free(handles[0]!);
  }

  /** Leaves one where others find it, and frees what lay there. */
  #passOn(): void {
    const { id, region: { words }, boardAt, pool } = this.#joined;
    const mail = boardAt + MAILS_FROM + Math.floor(this.#random() * MAILS);
    const lying = Atomics.load(words, mail);
    if (mailOf(lying).claimer >= 0) return;
    if (lying !== NONE) {
      if (Atomics.compareExchange(words, mail, lying, claimed(lying, id)) !== lying) return;
      pool.adopt(lying);
      this.#sentinels.wipe(lying);
      Atomics.store(words, mail, this.#takeOut());
      pool.free(lying);
    } else {
      const handle = this.#takeOut();
      if (Atomics.compareExchange(words, mail, NONE, handle) !== NONE) this.#held.push(handle);
    }
    this.#done.passedOn++;
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
