/**
 * Deaths in a soak: when the next is due, how, and what was seen of them.
 *
 * @module
 */
import type { Recovery } from "../pools/recovery.ts";
import { whenDead } from "../sync/mod.ts";

/** Cut off within a call, or terminated from outside, which it is once it is back in its event loop. */
export interface Doom {
  readonly how: "cut off" | "terminated";
  /** Whole milliseconds from 1 up, after it was sent. */
  readonly afterMs: number;
  /** Whether there is nothing to be had until then, so that it waits with others. Not if it is to come back to its event loop. */
  readonly waits: boolean;
}

/** The longest that it lives, milliseconds. */
const LIFE_MS = 20;

/** A death to come. */
export interface Passing {
  /** Null once it is dead. */
  readonly death: Promise<null>;
  /** It did what it was to, and lives. */
  calledOff(): void;
}

/** A death and what was done about it. */
export interface Burial {
  readonly recovery: Recovery;
  /** From its last moment until all was right, or from when its death was known, where it could not say, milliseconds. */
  readonly ms: number;
}

/** Those of one soak, one at a time. */
export class Deaths implements Disposable {
  /** The names under which the workers live, by worker. */
  readonly lives: string[] = [];
  readonly #everyMs: number;
  readonly #end = new AbortController();
  readonly #recoveryMs: number[] = [];
  #nextMs: number;
  #isUnderWay = false;
  #locked = 0;
  #queued = 0;
  #elements = 0;

  /** One each so many milliseconds. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
    this.#nextMs = performance.now() + everyMs;
  }

  /** Whether somebody is to die, or is dead and not buried. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** How the worker that comes next is to die; null where it is not. */
  doom(random: () => number): Doom | null {
    if (this.#isUnderWay || performance.now() < this.#nextMs) return null;
    this.#isUnderWay = true;
    const how = random() < 0.7 ? "cut off" : "terminated";
    const waits = how === "cut off" && random() < 0.3;
    return { how, afterMs: 1 + Math.floor(random() * LIFE_MS), waits };
  }

  /** Waits for a worker's death. */
  begin(worker: number): Passing {
    const called = new AbortController();
    const signal = AbortSignal.any([called.signal, this.#end.signal]);
    const never = new Promise<never>(() => {});
    const death = whenDead(this.lives[worker]!, signal).then((isDead) => isDead ? null : never);
    return {
      death,
      calledOff: () => {
        called.abort();
        this.#isUnderWay = false;
      },
    };
  }

  /** One is dead, and all is right again. */
  buried({ recovery, ms }: Burial): void {
    const { locks, queue, returned, adopted, inTransit, unrecovered } = recovery;
    if (unrecovered.length > 0) throw new Error(`not recovered: ${unrecovered.join("; ")}`);
    this.#recoveryMs.push(ms);
    if (locks !== null) this.#locked++;
    if (Object.keys(queue).length > 0) this.#queued++;
    const counts = [...Object.values(returned), ...Object.values(adopted), inTransit];
    this.#elements += counts.reduce((sum, count) => sum + count, 0);
    this.#nextMs = performance.now() + this.#everyMs;
    this.#isUnderWay = false;
  }

  /** What was seen of them, in words. */
  text(): string {
    const sorted = this.#recoveryMs.toSorted((a, b) => a - b);
    if (sorted.length === 0) return "no deaths";
    const [median, most] = [sorted[sorted.length >> 1]!, sorted.at(-1)!];
    return `${sorted.length} deaths (${this.#locked} with a lock, ${this.#queued} in a queue), ` +
      `${this.#elements} elements taken back, recovered in ${median.toFixed(1)} ms (p50), ` +
      `${most.toFixed(1)} ms at most`;
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }
}
