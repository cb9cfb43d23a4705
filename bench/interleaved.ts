/**
 * Times several subjects in one case so that they can be compared: each in a fresh worker, all alive at
 * once, taking turns in short slices A B C, C B A. A machine that changes its speed then does so for all
 * of them, and a ratio is formed within one such round only.
 *
 * @module
 */
import type { CaseMessage } from "./case_worker.ts";
import { wholeSets, WORKING_SET } from "./cases.ts";

/** How long and how often. */
export interface Turns {
  /** Rounds in all; each has two slices of every subject. */
  readonly rounds: number;
  /** Sets of fresh workers that the rounds are spread over: where a worker's code and words lie is luck. */
  readonly crews: number;
  /** The most pairs in one slice; slow subjects run as many as take about as long as fast ones. */
  readonly pairs: number;
}

/** Nanoseconds per pair of one subject, round by round. */
export interface SubjectTimes {
  readonly subject: string;
  readonly pairNs: readonly number[];
}

/** A slice is long against a clock read and short against the machine's changes of speed. */
const SLICE_MS = 10;

/** Warmed up for this long, in growing steps, so that the loop is compiled for good. */
const WARMUP_MS = 150;

/** A worker that measures one subject in one case. */
class CaseWorker {
  readonly subject: string;
  readonly #worker: Worker;
  #slicePairs = 0;

  constructor(subject: string) {
    this.subject = subject;
    this.#worker = new Worker(new URL("./case_worker.ts", import.meta.url), { type: "module" });
  }

  /** Makes the subject, warms up, and finds out how many pairs make a slice. */
  async start(caseName: string, pairsMax: number): Promise<void> {
    await this.#ask({ subject: this.subject, case: caseName });
    let pairs = WORKING_SET;
    let pairNs = Infinity;
    for (let spentMs = 0; spentMs < WARMUP_MS && pairs <= pairsMax;) {
      const tookMs = await this.#ask({ pairs });
      spentMs += tookMs;
      pairNs = tookMs * 1e6 / pairs;
      if (tookMs < SLICE_MS) pairs *= 2;
    }
    this.#slicePairs = wholeSets(Math.min(pairsMax, SLICE_MS * 1e6 / pairNs));
  }

  /** Nanoseconds per pair of one slice. */
  async slice(): Promise<number> {
    return await this.#ask({ pairs: this.#slicePairs }) * 1e6 / this.#slicePairs;
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #ask(message: CaseMessage): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`${this.subject}: ${event.message}`));
    };
    this.#worker.postMessage(message);
    return promise;
  }
}

/** Times the subjects in a case, interleaved. */
export async function timeInterleaved(
  caseName: string,
  subjects: readonly string[],
  { rounds, crews, pairs }: Turns,
): Promise<SubjectTimes[]> {
  const times = subjects.map((subject) => ({ subject, pairNs: [] as number[] }));
  for (let crew = 0; crew < crews; crew++) {
    const workers = subjects.map((subject) => new CaseWorker(subject));
    try {
      for (const worker of workers) await worker.start(caseName, pairs);
      for (let round = crew; round < rounds; round += crews) {
        const slices = await thereAndBack(workers);
        times.forEach(({ pairNs }, index) => pairNs.push(slices[index]!));
      }
    } finally {
      for (const worker of workers) worker.terminate();
    }
  }
  return times;
}

/** One round: the mean of both slices of each worker. */
async function thereAndBack(workers: readonly CaseWorker[]): Promise<number[]> {
  const there: number[] = [];
  for (const worker of workers) there.push(await worker.slice());
  const back: number[] = [];
  for (const worker of workers.toReversed()) back.unshift(await worker.slice());
  return there.map((slice, index) => (slice + back[index]!) / 2);
}
