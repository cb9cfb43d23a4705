/**
 * A slow-down of a known size: a copy of this checkout in which an allocation, with the free that goes before it, takes longer by a given
 * share than in another copy.
 *
 * Method. What is planted is work for nothing in one allocation of 64 (`slowed_checkout.ts`), so many rounds of it. What that comes
 * to is measured, in blocks such as the sessions have but none of theirs, by the processor time of one worker alone: the
 * median of the blocks' differences, with an interval by ranks, which assumes nothing but that blocks are alike. First with many
 * rounds, to know what one costs; then with as many as should do, in many more blocks, and again with others where that was not it.
 *
 * @module
 */
import { abPlan } from "../commands/ab_plan.ts";
import { startPaced } from "../commands/paced_process.ts";
import { takeTurns } from "../commands/turns.ts";
import type { Block, SideName } from "../results/block.ts";
import { blockDifferences } from "../results/block_comparison.ts";
import { percentage } from "../results/formats/numbers.ts";
import { createRandom } from "../workloads/random.ts";
import type { SlowedCheckout } from "./slowed_checkout.ts";

/** Work that is much, to see what a round of it costs, and the blocks to see it in. */
const MANY_ROUNDS = 100;
const FIRST_BLOCKS = 8;

/** So many rounds make more of a difference than this, or it is all noise. */
const COSTS_LEAST = 0.05;

/** What is planted may be off by so much of itself; after so many tries the machine is too noisy. */
const OFF_MOST = 0.05;
const TRIES = 3;

/** Of a normal distribution: 95 % lie within so many deviations. */
const DEVIATIONS = 1.96;

/** The row by which it is measured, where there are slots, and where there are none. */
const MEASURES = ["cpu-alone", "cpu"];

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
export function medianOf(differences: readonly number[]): Estimate {
  const sorted = differences.toSorted((a, b) => a - b);
  const { length } = sorted;
  const reach = DEVIATIONS * Math.sqrt(length) / 2;
  const at = (rank: number) =>
    Math.expm1(sorted[Math.min(length - 1, Math.max(0, Math.round(rank)))]!);
  const share = (at(Math.floor((length - 1) / 2)) + at(Math.ceil((length - 1) / 2))) / 2;
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
  const differences = MEASURES.map((measure) => blockDifferences(blocks, measure));
  return medianOf(differences.find((each) => each.length > 0)!);
}

/** What a round costs, and what was seen of it. */
export class Planter {
  readonly #copies: Copies;
  readonly #load: Load;
  readonly #checkBlocks: number;
  /** By how much an allocation takes longer with one round, as a share. */
  #round = 0;

  /** A planter; `checkBlocks` is how many blocks check what was planted. */
  constructor(copies: Copies, load: Load, checkBlocks: number) {
    this.#copies = copies;
    this.#load = load;
    this.#checkBlocks = checkBlocks;
    copies.base.slowDown(0);
  }

  /**
   * Slows the head down, until it is what it should be.
   *
   * @throws {RangeError} where the machine is too noisy to tell.
   */
  async plant(share: number, print: (line: string) => void): Promise<void> {
    await this.learn(print);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const rounds = this.plantRoughly(share);
      const seen = await longerBy(this.#copies, this.#load, this.#checkBlocks);
      print(`planted: ${rounds} rounds; an independent measurement says ${estimateText(seen)}`);
      if (Math.abs(seen.share - share) <= OFF_MOST * share) return;
      if (seen.share <= 0) break;
      this.#round = seen.share / rounds;
    }
    throw new RangeError(`the machine is too noisy to plant ${percentage(share)}`);
  }

  /** Slows the head down by what a round is known to cost. @returns the rounds. */
  plantRoughly(share: number): number {
    const rounds = Math.max(1, Math.round(share / this.#round));
    this.#copies.head.slowDown(rounds);
    return rounds;
  }

  /** Finds out what a round costs. @throws {RangeError} where the machine is too noisy to tell. */
  async learn(print: (line: string) => void): Promise<void> {
    this.#copies.head.slowDown(MANY_ROUNDS);
    const many = await longerBy(this.#copies, this.#load, FIRST_BLOCKS);
    print(
      `an allocation takes ${estimateText(many)} longer with ${MANY_ROUNDS} rounds than with none`,
    );
    if (many.share < COSTS_LEAST) {
      throw new RangeError("the machine is too noisy to find out what a round of work costs");
    }
    this.#round = many.share / MANY_ROUNDS;
  }
}
