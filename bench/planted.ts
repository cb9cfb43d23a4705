/**
 * A slow-down of a known size: a copy of this checkout in which an allocation, with the free that goes before it, takes longer by
 * a given share than in another copy.
 *
 * Method. What is planted is work for nothing in one allocation of 1024 (`slowed_checkout.ts`), so many rounds of it. What that comes
 * to is measured, in blocks such as the sessions have but none of theirs, by the processor time of one worker alone: the
 * median of the blocks' differences, with an interval by ranks, which assumes nothing but that blocks are alike. First with few
 * rounds and with many, to know what they cost; in between it is taken to lie on straight lines. Then with as many as should do, in
 * many more blocks, and again with others where that was not it.
 *
 * @module
 */
import { abPlan } from "../commands/ab_plan.ts";
import { startPaced } from "../commands/paced_process.ts";
import { takeTurns } from "../commands/turns.ts";
import type { Block, SideName } from "../results/block.ts";
import { blockDifferences } from "../results/block_comparison.ts";
import { percentage } from "../results/formats/numbers.ts";
import { TELLING } from "../results/measures.ts";
import { middleOf } from "../results/robust_means.ts";
import { createRandom } from "../workloads/random.ts";
import type { SlowedCheckout } from "./slowed_checkout.ts";

/** Work that is little and much, to see what it costs, and the blocks to see it in. */
const FIRST_ROUNDS = [400, 1200];
const FIRST_BLOCKS = 16;

/** The most of them make more of a difference than this, or it is all noise. */
const COSTS_LEAST = 0.05;

/**
 * What is planted is that much where the interval says so and the estimate is not off by more than so much of it; after so many
 * tries the machine is too noisy.
 */
const OFF_MOST = 0.1;
const TRIES = 5;

/** Of a normal distribution: 95 % lie within so many deviations. */
const DEVIATIONS = 1.96;

/** The two sides, copies of this checkout that differ in nothing but the rounds of their work. */
export type Copies = Readonly<Record<SideName, SlowedCheckout>>;

/** The load, as the sessions have it. */
export interface Load {
  readonly scenario: string | null;
  readonly workers: number;
  readonly slice: string;
  readonly warmup: string;
}

/** How much longer something takes, as a share, with a 95 % interval. */
export interface Estimate {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly blocks: number;
}

/** The estimate in words: "10.1% (9.6% to 10.7% in 40 blocks)". */
export function estimateText({ share, low, high, blocks }: Estimate): string {
  return `${percentage(share)} (${percentage(low)} to ${percentage(high)} in ${blocks} blocks)`;
}

/** The median of differences of logarithms, as a share, with an interval by ranks. */
export function longerOf(differences: readonly number[]): Estimate {
  const sorted = differences.toSorted((a, b) => a - b);
  const { length } = sorted;
  const reach = DEVIATIONS * Math.sqrt(length) / 2;
  const at = (rank: number) =>
    Math.expm1(sorted[Math.min(length - 1, Math.max(0, Math.round(rank)))]!);
  const share = Math.expm1(middleOf(sorted));
  const low = at((length - 1) / 2 - reach - 0.5);
  return { share, low, high: at((length - 1) / 2 + reach + 0.5), blocks: length };
}

/** How much longer an allocation takes in the head: so many blocks. */
async function longerBy(copies: Copies, load: Load, count: number): Promise<Estimate> {
  const folders = { base: copies.base.folder, head: copies.head.folder };
  const { args, patience, slots } = await abPlan(load.scenario ?? undefined, {
    ...folders,
    ...{ slice: load.slice, warmup: load.warmup, workers: `${load.workers}` },
    ...{ budget: "1h", confidence: "98%" },
  });
  const blocks: Block[] = [];
  const turns = takeTurns({
    ...{ folders, args, patience, slots, seed: 1, random: createRandom(1, 0), start: startPaced },
    signal: new AbortController().signal,
  });
  for await (const block of turns) {
    if (blocks.push(block) === count) break;
  }
  const differences = TELLING.map(({ name }) => blockDifferences(blocks, name));
  return longerOf(differences.find((each) => each.length > 0)!);
}

/** So many rounds, and how much longer an allocation took with them. */
interface Point {
  readonly rounds: number;
  readonly share: number;
}

/** The rounds that make so much, on straight lines between points, from nothing on and beyond the last one. */
export function roundsFor(share: number, points: readonly Point[]): number {
  let from: Point = { rounds: 0, share: 0 };
  let slope = 0;
  for (const to of points.toSorted((a, b) => a.rounds - b.rounds)) {
    if (to.share <= from.share) continue;
    slope = (to.rounds - from.rounds) / (to.share - from.share);
    if (to.share >= share) break;
    from = to;
  }
  return Math.max(1, Math.round(from.rounds + slope * (share - from.share)));
}

/** Slows the head of two copies down, and knows what that comes to. */
export class Planter {
  readonly #copies: Copies;
  readonly #load: Load;
  readonly #checkBlocks: number;
  #points: Point[] = [];

  /** A planter; `checkBlocks` is how many blocks check what was planted. */
  constructor(copies: Copies, load: Load, checkBlocks: number) {
    this.#copies = copies;
    this.#load = load;
    this.#checkBlocks = checkBlocks;
    copies.base.slowDown(0);
  }

  /** Finds out what rounds cost. @throws {RangeError} where the machine is too noisy to tell. */
  async learn(print: (line: string) => void): Promise<void> {
    for (const rounds of FIRST_ROUNDS) {
      const { share } = await this.#measure(rounds, FIRST_BLOCKS, print);
      this.#points.push({ rounds, share });
    }
    if (this.#points.at(-1)!.share >= COSTS_LEAST) return;
    throw new RangeError("the machine is too noisy to find out what a round of work costs");
  }

  /**
   * Slows the head down, until it is what it should be.
   *
   * @throws {RangeError} where the machine is too noisy to tell.
   */
  async plant(share: number, print: (line: string) => void): Promise<void> {
    await this.learn(print);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const rounds = roundsFor(share, this.#points);
      const seen = await this.#measure(rounds, this.#checkBlocks, print);
      const isOff = Math.abs(seen.share - share) > OFF_MOST * share;
      if (!isOff && seen.low <= share && seen.high >= share) return;
      // What was seen in more blocks, and nearer, is believed rather than what lies around it.
      this.#points = this.#points.filter((point) =>
        point.rounds < rounds
          ? point.share < seen.share
          : point.rounds > rounds && point.share > seen.share
      );
      this.#points.push({ rounds, share: seen.share });
    }
    throw new RangeError(`the machine is too noisy to plant ${percentage(share)}`);
  }

  /** Slows the head down by what rounds are known to cost. @returns the rounds. */
  plantRoughly(share: number): number {
    const rounds = roundsFor(share, this.#points);
    this.#copies.head.slowDown(rounds);
    return rounds;
  }

  async #measure(
    rounds: number,
    blocks: number,
    print: (line: string) => void,
  ): Promise<Estimate> {
    this.#copies.head.slowDown(rounds);
    const seen = await longerBy(this.#copies, this.#load, blocks);
    print(`${rounds} rounds in one side: an allocation takes longer by ${estimateText(seen)}`);
    return seen;
  }
}
