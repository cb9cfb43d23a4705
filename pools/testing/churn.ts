/**
 * Random allocations, frees and hand-overs, with a sentinel in every element: whoever has one writes its number and
 * a counter over all of its bytes, or those of its parts, and finds them again before it is freed, by itself or by another worker. Two workers with one element at
 * the same time find each other's marks.
 *
 * @module
 */
import { ATOMIC, BLOCKING, type Handle } from "../../allocators/allocator.ts";
import type { Backend } from "../../allocators/kind.ts";
import type { Joined } from "./joining.ts";

/** On the board: 1 once it is enough; from the next word on, elements on their way to another worker. */
export const ENOUGH = 3;
export const MAILS_FROM = 4;
export const MAILS = 3;

/** How a worker churns. */
export interface Churning {
  readonly seed: number;
  /** The most elements that it holds. It ends with fewer, so that others need not wait for them. */
  readonly keep: number;
  /** Whether it waits on the event loop. */
  readonly async: boolean;
}

/** What a worker did. */
export interface Churned {
  /** What it holds in the end. */
  readonly held: readonly Handle[];
  readonly passedOn: number;
}

/** A small generator of numbers in [0, 1). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x6d2b79f5 | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** The elements' marks, and the word that says who has each. Those of one worker. */
export class Sentinels {
  readonly #joined: Joined;
  readonly #backend: Backend;
  #counter = 0;

  /** Those of a worker that has attached. */
  constructor(joined: Joined) {
    const { plan, composition, pool } = joined;
    const { root } = plan.pools.find(({ name }) => name === pool.name)!;
    this.#joined = joined;
    this.#backend = composition.allocator(root.name).backend;
  }

  /** The bytes of an element, or of each of its parts. */
  #bytes(handle: Handle): Uint32Array[] {
    const pieces = this.#backend.parts?.(handle) ?? [{ bytes: this.#joined.pool.bytes(handle) }];
    return pieces.map(({ bytes: { buffer, byteOffset, byteLength } }) =>
      new Uint32Array(buffer, byteOffset, byteLength / 4)
    );
  }

  #lifeAt(handle: Handle): number {
    return this.#joined.livesAt + handle;
  }

  /** Marks a fresh element. @throws {Error} where somebody else has it. */
  mark(handle: Handle): void {
    const { id, region: { words } } = this.#joined;
    const mark = id << 24 | ++this.#counter & 0xffffff;
    const before = Atomics.compareExchange(words, this.#lifeAt(handle), 0, mark);
    if (before !== 0) {
      throw new Error(`worker ${id} was given ${handle}, which ${before >> 24} has`);
    }
    for (const words of this.#bytes(handle)) words.fill(mark);
  }

  /** Finds an element's marks and wipes them. @throws {Error} where somebody else has written there. */
  wipe(handle: Handle): void {
    const mark = Atomics.exchange(this.#joined.region.words, this.#lifeAt(handle), 0);
    for (const words of this.#bytes(handle)) {
      const wrong = words.findIndex((word) => word !== mark);
      if (wrong >= 0) throw new Error(`${handle} has ${words[wrong]} at ${wrong}, not ${mark}`);
      words.fill(0);
    }
  }
}

/**
 * Takes as many elements as it is told and frees them all, again and again until it is enough: a working set that wants large
 * magazines. @returns how often.
 */
export function tide({ pool, ...joined }: Joined, keep: number): number {
  const { region: { words }, boardAt } = joined;
  const sentinels = new Sentinels({ pool, ...joined });
  let tides = 0;
  for (; Atomics.load(words, boardAt + ENOUGH) === 0; tides++) {
    const held = Array.from({ length: keep }, () => pool.allocate(BLOCKING));
    held.forEach((handle) => sentinels.mark(handle));
    for (const handle of held) {
      sentinels.wipe(handle);
      pool.free(handle);
    }
  }
  return tides;
}

/** Churns until it is enough. */
export async function churn(joined: Joined, { seed, keep, async }: Churning): Promise<Churned> {
  const { pool, region: { words }, boardAt } = joined;
  const random = uniform(seed);
  const sentinels = new Sentinels(joined);
  const held: Handle[] = [];
  let passedOn = 0;
  const free = (handle: Handle) => {
    sentinels.wipe(handle);
    pool.free(handle);
  };
  const takeOut = () => held.splice(Math.floor(random() * held.length), 1)[0]!;
  const passOn = () => {
    const mail = boardAt + MAILS_FROM + Math.floor(random() * MAILS);
    const before = Atomics.exchange(words, mail, takeOut());
    if (before !== 0) free(before);
    passedOn++;
  };
  while (Atomics.load(words, boardAt + ENOUGH) === 0) {
    const chance = random();
    if (held.length === keep || held.length > 0 && chance < 0.4) free(takeOut());
    else if (held.length > 0 && chance < 0.5) passOn();
    else {
      const atomic = chance > 0.9;
      const handle = async && !atomic
        ? await pool.allocateAsync()
        : pool.allocate(atomic ? ATOMIC : BLOCKING);
      if (handle === 0 && !atomic) throw new Error("a caller that may wait was given none");
      if (handle !== 0) held.push(handle);
      if (handle !== 0) sentinels.mark(handle);
    }
  }
  while (held.length >= keep) free(takeOut());
  return { held, passedOn };
}
