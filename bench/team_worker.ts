/**
 * One of the two workers that share a subject. It is told how many pairs to run, alone or with the other, and answers with when
 * it began and ended.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { CASES, freeGiven, give, HAND_OVERS, syncRunner } from "./cases.ts";
import { sharedSubject } from "./runner.ts";
import type { SyncPool } from "./subject.ts";

/** What a team shares besides the subject: who has come to the start, and the ring. */
export interface TeamWords {
  readonly start: Int32Array<SharedArrayBuffer>;
  readonly ring: Int32Array<SharedArrayBuffer>;
}

/** The first message names what is measured; all others say how much to run, and how many start together. */
export type TeamMessage =
  | {
    readonly subject: string;
    readonly shared: SharedArrayBuffer;
    readonly case: string;
    readonly id: number;
    readonly words: TeamWords;
  }
  | { readonly pairs: number; readonly starters: number };

/** Milliseconds by a clock that all workers share. */
export interface TeamTimes {
  readonly startMs: number;
  readonly endMs: number;
}

let run: (pairs: number) => void;
let start: TeamWords["start"];

function runnerFor(pool: SyncPool<number>, caseName: string, id: number, ring: Int32Array) {
  const handOver = HAND_OVERS[caseName];
  if (handOver === undefined) return syncRunner(CASES[caseName]!, pool);
  const { batch } = handOver;
  return id === 0
    ? (elements: number) => give(pool, ring, { elements, batch })
    : (elements: number) => freeGiven(pool, ring, { elements, batch });
}

/** Waits, on the processor, until all are there: a start that sleeps would last longer than what is measured. */
function arrive(starters: number): void {
  Atomics.add(start, 0, 1);
  while (Atomics.load(start, 0) < starters);
}

self.onmessage = ({ data }: MessageEvent<TeamMessage>) => {
  if ("subject" in data) {
    start = data.words.start;
    const pool = sharedSubject(data.subject).attach(data.shared, data.id);
    run = runnerFor(pool, data.case, data.id, data.words.ring);
    self.postMessage(null);
    return;
  }
  arrive(data.starters);
  const startMs = performance.timeOrigin + performance.now();
  run(data.pairs);
  self.postMessage({ startMs, endMs: performance.timeOrigin + performance.now() });
};
