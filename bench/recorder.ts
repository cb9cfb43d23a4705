/**
 * What recording costs: a program that takes and gives back 100,000 elements a second, with and without the
 * recorder round it. Aim: at most 5 % slower.
 *
 * Method. The program is a loop whose every operation also does some work, so much that it comes to the given rate by itself
 * (calibrated before, and again in each round as the side without). Slices of both sides take turns, there and back, and are short,
 * so that one in which another program ran is an outlier; printed are the median of the ratios within one round, with the middle
 * half of them, and what an event costs by itself. The file is a real one, and what is written
 * to it, chunk by chunk, is in the numbers.
 *
 * ```
 * deno task bench:recorder [--rounds 500] [--slice-ms 2]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { openRecorder, recordCalls, type Recorder } from "../workloads/traces/recorder.ts";
import { spreadOf } from "./spread.ts";

/** An acquire and a release are an operation each. */
const RATE_HZ = 100_000;

/** How to measure. */
export interface RecorderBench {
  /** Pairs of slices. */
  readonly rounds: number;
  /** How long a slice of the side without takes, milliseconds. */
  readonly sliceMs: number;
}

type Bytes = Uint8Array<ArrayBuffer>;

interface Buffers {
  acquire(): Bytes;
  release(buffer: Bytes): void;
}

function ownBuffers(): Buffers {
  const free = Array.from({ length: 64 }, () => new Uint8Array(4096));
  return {
    acquire: () => free.pop() ?? new Uint8Array(4096),
    release: (buffer) => void free.push(buffer),
  };
}

function recordedBuffers(recorder: Recorder): Buffers {
  const sizeBytes = ({ byteLength }: Bytes) => byteLength;
  return recordCalls(recorder, { ...ownBuffers(), sizeBytes });
}

/** So many pairs, with some work on each element. @returns milliseconds. */
function loop({ acquire, release }: Buffers, pairs: number, work: number): number {
  const startMs = performance.now();
  for (let pair = 0; pair < pairs; pair++) {
    const buffer = acquire();
    for (let i = 0; i < work; i++) buffer[i & 4095] = buffer[(i * 7) & 4095]! + i;
    release(buffer);
  }
  return performance.now() - startMs;
}

/** Work for each pair, so that the loop comes to the rate. */
function calibrated(buffers: Buffers): number {
  const pairMs = 2000 / RATE_HZ;
  let work = 5000;
  for (let round = 0; round < 8; round++) {
    const times = Array.from({ length: 9 }, () => loop(buffers, 100, work));
    work = Math.max(1, Math.round(work * pairMs * 100 / spreadOf(times).median));
  }
  return work;
}

/** Measures both sides, and prints. @returns the median slow-down, 0 for none. */
export function measureRecorder(
  { rounds, sliceMs }: RecorderBench,
  path: string,
  print: (line: string) => void,
): number {
  using recorder = openRecorder(path);
  const bare = ownBuffers();
  const recorded = recordedBuffers(recorder);
  const work = calibrated(bare);
  const pairs = Math.max(1, Math.round(sliceMs * RATE_HZ / 2000));
  loop(recorded, pairs, work);
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [bare, recorded] : [recorded, bare];
    const times = new Map(order.map((side) => [side, loop(side, pairs, work)]));
    ratios.push(times.get(recorded)! / times.get(bare)!);
    rates.push(2000 * pairs / times.get(bare)!);
  }
  const events = 200_000;
  const eventNs = (loop(recorded, events / 2, 0) - loop(bare, events / 2, 0)) * 1e6 / events;
  const sorted = ratios.map((ratio) => 100 * (ratio - 1)).sort((a, b) => a - b);
  const { median } = spreadOf(sorted);
  const [low, high] = [sorted[rounds >> 2]!, sorted[rounds - 1 - (rounds >> 2)]!];
  print(`without the recorder  ${Math.round(spreadOf(rates).median)} operations a second`);
  print(
    `slow-down             ${median.toFixed(2)} % (middle half ${low.toFixed(2)} to ${
      high.toFixed(2)
    })`,
  );
  print(`an event              ${eventNs.toFixed(0)} ns`);
  return median / 100;
}

if (import.meta.main) {
  const { rounds, "slice-ms": sliceMs } = parseArgs(Deno.args, { string: ["rounds", "slice-ms"] });
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    const size = { rounds: Number(rounds) || 500, sliceMs: Number(sliceMs) || 2 };
    measureRecorder(size, path, (line) => console.log(line));
  } finally {
    await Deno.remove(path);
  }
}
