/**
 * What paired differences say about a shift, however often one looks: a confidence sequence from random order alone.
 *
 * In each block it was drawn by lot which side came first. So where both sides are the same code, the difference of a block is as
 * likely to be `+x` as `-x`, whatever happened before and whatever the machine did meanwhile: drift, two speeds, bursts, heavy
 * tails. Nothing else is assumed. Somebody who bets on the sign of the next difference, a share `c tanh(k (d - m) / s)` of what he
 * has, then has a fair game against "the shift is m", and the chance that he ever holds `1 / alpha` times his stake is at most
 * alpha (Ville 1939). What he holds is the evidence; the shifts against which it stays below `1 / alpha` are the confidence
 * sequence, which holds at all times together, so one may stop when one likes (de la Pena 1999; Howard, Ramdas, McAuliffe and
 * Sekhon 2021; Ramdas, Ruf, Larsson and Koolen 2020).
 *
 * For another shift than none it is assumed besides that a change of code moves all differences alike: on the scale of
 * logarithms, that it costs the same share however fast the machine is.
 *
 * `s` is the noise so far: of differences of a side with itself, which do not change where the sides change names, and of the
 * blocks before, how far their differences lie apart, which is known before the lot is drawn. So the game stays fair, and as `s`
 * does not depend on m, evidence falls as m grows, so that the limits are found by bisection. The best `k` and `c` are not known
 * beforehand: the stake is split among several bold and timid gamblers. A single outlier moves nobody far, as nobody stakes more
 * than all that he has. The price is that a block never more than doubles the evidence: below `log2(1 / alpha)` blocks nothing
 * can be shown.
 *
 * @module
 */
import { middleOf } from "./robust_means.ts";

/** One block. */
export interface Contrast {
  /** Head against base. */
  readonly difference: number;
  /** Sizes of what should be nothing: of the differences of each side with itself. */
  readonly noise: readonly number[];
}

/**
 * How each gambler bets: how fast his bet grows with a difference, for each deviation of noise, and the most of what he has that
 * he bets. Those who keep something back are not ruined by a block in which the machine did something else.
 */
const GAMBLERS = [
  { boldness: 0.5, most: 1 },
  { boldness: 1, most: 1 },
  { boldness: 2, most: 0.9 },
  { boldness: 2, most: 0.75 },
];

/** Of a normal distribution, the median of sizes over the deviation. */
const MEDIAN_SIZE = 0.6745;

/** Instead of no noise at all. */
const NOISE_LEAST = 1e-9;

/** What is taken to be the spread of differences before there are so many: bets are timid as long as nothing is known. */
const SPREAD_AT_FIRST = 0.05;
const SPREAD_FROM = 3;

/** Differences that nothing measured here comes near. */
const FAR = 50;

/** Halvings of what lies between; the rest is below any margin. */
const STEPS = 40;

/** A block's difference with the noise that was known by then. */
interface Scaled {
  readonly difference: number;
  readonly scale: number;
}

/** The fewest blocks that can show anything at this alpha. */
export function blocksLeast(alpha: number): number {
  for (let blocks = 0;; blocks++) {
    const held = GAMBLERS.reduce((sum, { most }) => sum + (1 + most) ** blocks, 0);
    if (held / GAMBLERS.length >= (1 - 1e-9) / alpha) return blocks;
  }
}

/**
 * The differences with the noise that was known by then: the larger one of two deviations. One is that of the differences of a
 * side with itself in all blocks up to theirs, by their median size; a block's difference is a mean of two such, so it deviates
 * by 1 / sqrt(2) of them. The other is that of the differences of all blocks before, by their median size around their median: it
 * has in it what one process has that another one has not.
 */
function scaled(contrasts: readonly Contrast[]): Scaled[] {
  const sizes: number[] = [];
  const before: number[] = [];
  return contrasts.map(({ difference, noise }) => {
    for (const each of noise) insert(sizes, Math.abs(each));
    const within = sizes.length === 0 ? 0 : middleOf(sizes) / MEDIAN_SIZE / Math.SQRT2;
    const scale = Math.max(NOISE_LEAST, within, spreadOf(before));
    insert(before, difference);
    return { difference, scale };
  });
}

/** The deviation of sorted values by their median size around their median; what nobody knows yet, of few, is taken to be large. */
function spreadOf(sorted: readonly number[]): number {
  if (sorted.length < SPREAD_FROM) return SPREAD_AT_FIRST;
  const middle = middleOf(sorted);
  return middleOf(sorted.map((each) => Math.abs(each - middle)).sort((a, b) => a - b)) /
    MEDIAN_SIZE;
}

function insert(sorted: number[], value: number): void {
  const at = sorted.findIndex((each) => each > value);
  sorted.splice(at < 0 ? sorted.length : at, 0, value);
}

/** What is held after each block against "the shift is at most so much", from a stake of 1. */
function runningEvidence(shift: number, blocks: readonly Scaled[]): number[] {
  const held = GAMBLERS.map(() => 1);
  return blocks.map(({ difference, scale }) => {
    let sum = 0;
    for (const [gambler, { boldness, most }] of GAMBLERS.entries()) {
      held[gambler]! *= 1 + most * Math.tanh(boldness * (difference - shift) / scale);
      sum += held[gambler]!;
    }
    return sum / GAMBLERS.length;
  });
}

/**
 * The evidence after each block against "the shift is at most so much": of a true shift the chance that it ever reaches
 * `1 / alpha` is at most alpha.
 */
export function evidenceAbove(shift: number, contrasts: readonly Contrast[]): number[] {
  return runningEvidence(shift, scaled(contrasts));
}

function mirrored(blocks: readonly Scaled[]): Scaled[] {
  return blocks.map(({ difference, scale }) => ({ difference: -difference, scale }));
}

/** The largest shift against which so much is held; -Infinity where there is none. */
function lowerLimit(blocks: readonly Scaled[], needed: number): number {
  let [low, high] = [-FAR, FAR];
  if (runningEvidence(low, blocks).at(-1)! < needed) return -Infinity;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (runningEvidence(middle, blocks).at(-1)! >= needed) low = middle;
    else high = middle;
  }
  return low;
}

/** What the blocks say about the shift. */
export interface ShiftInterval {
  /** The shift at which bets on either side are worth the same: the M-estimate with psi = tanh; no outlier moves it far. */
  readonly estimate: number;
  /** Lower limit; -Infinity where there are too few blocks. */
  readonly low: number;
  /** Upper limit; Infinity where there are too few blocks. */
  readonly high: number;
}

/**
 * The shift, with limits each of which is ever wrong, at this look or any other, with a chance of alpha at most.
 *
 * @param contrasts in the order in which they were measured; at least one.
 */
export function shiftInterval(contrasts: readonly Contrast[], alpha: number): ShiftInterval {
  const blocks = scaled(contrasts);
  return {
    estimate: estimateOf(blocks),
    low: lowerLimit(blocks, 1 / alpha),
    high: -lowerLimit(mirrored(blocks), 1 / alpha),
  };
}

function estimateOf(blocks: readonly Scaled[]): number {
  const pull = (shift: number) =>
    blocks.reduce((sum, { difference, scale }) => sum + Math.tanh((difference - shift) / scale), 0);
  let low = Math.min(...blocks.map(({ difference }) => difference));
  let high = Math.max(...blocks.map(({ difference }) => difference));
  for (let step = 0; step < STEPS && high > low; step++) {
    const middle = (low + high) / 2;
    if (pull(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How to look for the smallest shift that would be seen. */
export interface PowerOptions {
  /** As of {@linkcode shiftInterval}. */
  readonly alpha: number;
  /** Blocks that a session has room for. */
  readonly blocks: number;
  /** Shifts up to here don't matter, so they are not said. */
  readonly margin: number;
  /** In which share of sessions it is to be seen. */
  readonly power: number;
  /** Sessions to play. */
  readonly sessions: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A twentyfold difference, in logarithms. */
const SHIFT_MOST = 3;

/**
 * The smallest shift that would be shown in a share of sessions with the noise of these blocks, played over: each block drawn
 * from those that were measured, without the shift that they showed and with either sign.
 *
 * @returns null where there are no blocks, or even a twentyfold difference would not be shown.
 */
export function detectableShift(
  contrasts: readonly Contrast[],
  { alpha, blocks, margin, power, sessions, random }: PowerOptions,
): number | null {
  if (contrasts.length === 0 || blocks < blocksLeast(alpha)) return null;
  const center = estimateOf(scaled(contrasts));
  // What is left without the shift is smaller than the noise was, as the shift was taken from it.
  const wider = Math.sqrt(contrasts.length / Math.max(1, contrasts.length - 1));
  const played = Array.from({ length: sessions }, (): PlayedSession => {
    // Few blocks know the noise only so well: each session is played with what as many others might have been.
    const known = contrasts.map(() => drawnFrom(contrasts, random));
    const drawn = Array.from({ length: blocks }, (): Contrast => {
      const { difference, noise } = drawnFrom(known, random);
      return { difference: wider * (difference - center) * (random() < 0.5 ? -1 : 1), noise };
    });
    const session = scaled(drawn);
    return { session, middles: runningMiddles(session) };
  });
  const isSeen = (shift: number) =>
    played.filter((each) => isShown(each, { shift, margin, needed: 1 / alpha })).length >=
      power * sessions;
  if (!isSeen(SHIFT_MOST)) return null;
  let [low, high] = [0, SHIFT_MOST];
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    if (isSeen(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function drawnFrom<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!;
}

/** A session without a shift, and after each block the middle of its differences, which stands for the estimate. */
interface PlayedSession {
  readonly session: readonly Scaled[];
  readonly middles: readonly number[];
}

function runningMiddles(session: readonly Scaled[]): number[] {
  const sorted: number[] = [];
  return session.map(({ difference }) => {
    insert(sorted, difference);
    return middleOf(sorted);
  });
}

/** Whether a session shows a shift at any look: by evidence, and by size. */
function isShown(
  { session, middles }: PlayedSession,
  { shift, margin, needed }: {
    readonly shift: number;
    readonly margin: number;
    readonly needed: number;
  },
): boolean {
  return runningEvidence(-shift, session).some((evidence, block) =>
    evidence >= needed && middles[block]! + shift > margin
  );
}
