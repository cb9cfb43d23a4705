/**
 * How far apart identical work comes out on this machine: an A/A run. The same loop is timed on both sides
 * of a comparison that is as careful as can be (short slices, interleaved A B B A, judged pair by pair),
 * so whatever difference is left is the machine's, and smaller ones cannot be seen.
 *
 * Nothing is assumed of the distribution: the claim is that of the windows measured, none went further.
 *
 * @module
 */

/** Milliseconds that one side took in each slice, pair by pair. */
export interface SlicePairs {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** What an A/A run found. */
export interface Noise {
  readonly pairs: number;
  /** Pairs in each window, and how many windows there were. */
  readonly pairsPerWindow: number;
  readonly windows: number;
  /** Median length of a slice. */
  readonly sliceMs: number;
  /** 95 of 100 single pairs differed by no more than this share. */
  readonly pairSpread: number;
  /** The largest difference between two sides of one window, as a share: what cannot be told from nothing. */
  readonly detectable: number;
  /** The slowest slice over the fastest: how much the machine changes its speed. */
  readonly speeds: number;
}

const PAIRS_PER_WINDOW = 20;
const SLICE_MS = 5;

/** How to measure the noise. */
export interface NoiseOptions {
  readonly durationMs: number;
  readonly now: () => number;
  /** Ends it early, with what was measured until then. */
  readonly signal: AbortSignal;
}

/** Lets the event loop turn, so that an interruption is heard. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Times identical work on two sides for about `durationMs`. */
export async function measureNoise(options: NoiseOptions): Promise<Noise> {
  const { durationMs, now, signal } = options;
  const rounds = roundsFor(SLICE_MS, now);
  const pairs = Math.max(PAIRS_PER_WINDOW, Math.round(durationMs / SLICE_MS / 2));
  const a: number[] = [];
  const b: number[] = [];
  for (let pair = 0; pair < pairs && !signal.aborted; pair++) {
    await turn();
    const [first, second] = pair % 2 === 0 ? [a, b] : [b, a];
    first.push(timed(rounds, now));
    second.push(timed(rounds, now));
  }
  return noiseOf({ a, b });
}

/** Judges the slices of an A/A run. */
export function noiseOf({ a, b }: SlicePairs): Noise {
  const ratios = a.map((time, pair) => time / b[pair]!);
  const windows = Math.floor(ratios.length / PAIRS_PER_WINDOW);
  const medians = Array.from({ length: windows }, (_, window) => {
    const from = window * PAIRS_PER_WINDOW;
    return quantile(ratios.slice(from, from + PAIRS_PER_WINDOW), 0.5);
  });
  const slices = [...a, ...b];
  return {
    pairs: ratios.length,
    pairsPerWindow: PAIRS_PER_WINDOW,
    windows,
    sliceMs: quantile(slices, 0.5),
    pairSpread: quantile(ratios.map(distance), 0.95),
    detectable: Math.max(...medians.map(distance)),
    speeds: Math.max(...slices) / Math.min(...slices),
  };
}

/** How far a ratio lies from 1, whichever side was slower. */
function distance(ratio: number): number {
  return Math.max(ratio, 1 / ratio) - 1;
}

/** Nearest rank. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((x, y) => x - y);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

function timed(rounds: number, now: () => number): number {
  const start = now();
  if (work(rounds) === 0) throw new Error("the work was optimised away");
  return now() - start;
}

/** Rounds of work that take about so long, once the loop is compiled. */
function roundsFor(milliseconds: number, now: () => number): number {
  let rounds = 1e5;
  for (let attempt = 0; attempt < 10; attempt++) {
    const took = timed(rounds, now);
    rounds = Math.ceil(rounds * Math.min(10, milliseconds / Math.max(took, 0.01)));
  }
  return rounds;
}

/** Integer steps that depend on each other: no memory, no calls, nothing to skip. Never 0. */
function work(rounds: number): number {
  let state = 0x2545f491;
  for (let round = 0; round < rounds; round++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state;
}
