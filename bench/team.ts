/**
 * Two workers on one subject, in a slice of time: one of them alone, or both together.
 *
 * @module
 */
import { HAND_OVERS, RING_WORDS, wholeSets, WORKING_SET } from "./cases.ts";
import { sharedSubject } from "./runner.ts";
import type { TeamMessage, TeamTimes, TeamWords } from "./team_worker.ts";

/** A slice is long against the start of two workers and so short that both often have a processor for all of it. */
const SLICE_MS = 2;

/** Slices of one measurement. The fastest counts: what other processes take away is not the allocator's. */
const SLICES = 5;

/** Warmed up together for this long, in growing steps, so that the loops are compiled and the magazines have their sizes. */
const WARMUP_MS = 150;

/** Two workers that share a subject in one case. */
export class Team implements Disposable {
  readonly subject: string;
  readonly #case: string;
  readonly #workers: readonly Worker[];
  readonly #words: TeamWords = { start: wordsOf(1), ring: wordsOf(RING_WORDS) };
  #pairs = WORKING_SET;

  /** Hires both. */
  constructor(subject: string, caseName: string) {
    this.subject = subject;
    this.#case = caseName;
    const url = new URL("./team_worker.ts", import.meta.url);
    this.#workers = [0, 1].map(() => new Worker(url, { type: "module" }));
  }

  /** Whether one of them could run the case alone. */
  get canRunAlone(): boolean {
    return !Object.hasOwn(HAND_OVERS, this.#case);
  }

  /** Attaches both, warms up, and finds out how many pairs make a slice. */
  async start(pairsMax: number): Promise<void> {
    const shared = sharedSubject(this.subject).share();
    const common = { subject: this.subject, shared, case: this.#case, words: this.#words };
    for (const id of [0, 1]) await this.#ask(id, { ...common, id });
    const alone = this.canRunAlone ? [0, 1] : [];
    for (let spentMs = 0; spentMs < WARMUP_MS && this.#pairs <= pairsMax;) {
      const tookMs = await this.#run([0, 1]);
      spentMs += tookMs;
      if (tookMs < SLICE_MS) this.#pairs *= 2;
      for (const id of alone) await this.#run([id]);
    }
    this.#pairs = Math.min(this.#pairs, wholeSets(pairsMax));
  }

  /** Pairs that one worker alone runs in a nanosecond. */
  async alone(): Promise<number> {
    return this.#pairs / (await this.#least([0]) * 1e6);
  }

  /** Pairs that both run in a nanosecond, from the first start to the last end. */
  async together(): Promise<number> {
    return 2 * this.#pairs / (await this.#least([0, 1]) * 1e6);
  }

  /** Nanoseconds for an element that goes from one to the other. */
  async elementNs(): Promise<number> {
    return await this.#least([0, 1]) * 1e6 / this.#pairs;
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }

  async #least(ids: readonly number[]): Promise<number> {
    let leastMs = Infinity;
    for (let slice = 0; slice < SLICES; slice++) leastMs = Math.min(leastMs, await this.#run(ids));
    return leastMs;
  }

  async #run(ids: readonly number[]): Promise<number> {
    this.#words.start.fill(0);
    this.#words.ring.fill(0);
    const message = { pairs: this.#pairs, starters: ids.length };
    const times = await Promise.all(ids.map((id) => this.#ask<TeamTimes>(id, message)));
    const startMs = Math.min(...times.map((each) => each.startMs));
    return Math.max(...times.map((each) => each.endMs)) - startMs;
  }

  #ask<T>(id: number, message: TeamMessage): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const worker = this.#workers[id]!;
    worker.onmessage = ({ data }: MessageEvent<T>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`${this.subject}: ${event.message}`));
    };
    worker.postMessage(message);
    return promise;
  }
}

function wordsOf(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(count * 4));
}
