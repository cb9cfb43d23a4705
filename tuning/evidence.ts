/**
 * What was seen of each reserve on one set of tasks, run when asked for and kept: estimates, limits, and where the
 * smallest reserve lies that passes a test.
 *
 * @module
 */
import { allowedShare, type Target } from "../results/recommendation.ts";
import {
  type Dispersion,
  dispersion,
  type Interval,
  intervalOf,
  showsDispersion,
} from "./confidence.ts";
import type { Experiment } from "./experiment.ts";
import { isMet } from "./target.ts";
import type { WaitTally } from "./wait_tally.ts";

/** What is seen of an experiment with a number of tasks. */
export class Evidence {
  /** How many tasks. */
  readonly tasks: number;
  readonly #experiment: Experiment;
  readonly #scales: readonly number[];
  readonly #least: number;
  readonly #tallies = new Map<number, WaitTally>();

  /**
   * @param scales numbers of blocks by which clumps are looked for.
   * @param least the least that keeps up with the load: how waits come with fewer says nothing of more.
   */
  constructor(experiment: Experiment, tasks: number, scales: readonly number[], least = 0) {
    this.#experiment = experiment;
    this.#least = least;
    this.tasks = experiment.recorded ?? tasks;
    this.#scales = scales;
  }

  /** Evidence of fewer tasks; itself where they are recorded, or no more than that. */
  ofFewer(tasks: number): Evidence {
    if (this.#experiment.recorded !== null || this.tasks <= tasks) return this;
    return new Evidence(this.#experiment, tasks, this.#scales, this.#least);
  }

  /** Evidence of more tasks, of which nothing is seen yet. */
  ofMore(tasks: number): Evidence {
    return new Evidence(this.#experiment, tasks, this.#scales, this.#least);
  }

  /** Sees to it that these reserves were tried, all at once where there are several. */
  see(minReserves: readonly number[]): void {
    const missing = [...new Set(minReserves)].filter((min) => !this.#tallies.has(min));
    if (missing.length === 0) return;
    const tallies = this.#experiment.run({ minReserves: missing, tasks: this.tasks });
    tallies.forEach((tally, index) => this.#tallies.set(missing[index]!, tally));
  }

  /** What was counted with a reserve. */
  tally(minReserve: number): WaitTally {
    this.see([minReserve]);
    return this.#tallies.get(minReserve)!;
  }

  /** Every reserve tried so far, ascending. */
  get seen(): number[] {
    return [...this.#tallies.keys()].sort((a, b) => a - b);
  }

  /** Whether a reserve meets a target on these very tasks. */
  meets(minReserve: number, target: Target): boolean {
    const tally = this.tally(minReserve);
    return isMet(target, tally.exceeded, tally.tasks);
  }

  /** Limits of the share that waits too long; null where too few waits were seen with this or any smaller reserve. */
  interval(minReserve: number, confidence: number): Interval | null {
    const tally = this.tally(minReserve);
    const clumps = this.#clumps(minReserve);
    return clumps === null ? null : intervalOf(tally, clumps, confidence);
  }

  /** Whether enough waits were seen with this or any smaller reserve to tell in what clumps they come. */
  knowsClumps(minReserve: number): boolean {
    return this.#clumps(minReserve) !== null;
  }

  /** The clumps of a reserve, or where it has too few waits, of the largest smaller one that has enough. */
  #clumps(minReserve: number): Dispersion | null {
    const from = this.seen.findLast((min) =>
      (min === minReserve || min < minReserve && min >= this.#least && this.#isSparse(min)) &&
      showsDispersion(this.#tallies.get(min)!)
    );
    return from === undefined ? null : dispersion(this.#tallies.get(from)!, this.#scales);
  }

  /** Whether most do not miss the target: where nearly all do, each part of the run has as many, and clumps do not show. */
  #isSparse(minReserve: number): boolean {
    const { exceeded, tasks } = this.#tallies.get(minReserve)!;
    return exceeded < tasks / 2;
  }

  /** Whether the upper limit of a reserve meets a target. */
  surelyMeets(minReserve: number, target: Target, confidence: number): boolean {
    const interval = this.interval(minReserve, confidence);
    return interval !== null && interval.high < allowedShare(target);
  }

  /** Whether even the lower limit of a reserve misses a target. */
  surelyMisses(minReserve: number, target: Target, confidence: number): boolean {
    const interval = this.interval(minReserve, confidence);
    return interval !== null && interval.low >= allowedShare(target);
  }

  /**
   * The smallest reserve above `below` that passes, where `above` passes and passing goes on once it has begun.
   * Several are tried at a time.
   */
  smallest(below: number, above: number, passes: (minReserve: number) => boolean): number {
    const { together } = this.#experiment;
    let [low, high] = [below, above];
    while (high - low > 1) {
      const step = (high - low) / (together + 1);
      const tried = Array.from(
        { length: together },
        (_, index) => low + Math.max(1, Math.round(step * (index + 1))),
      ).filter((min, index, all) => min < high && min !== all[index - 1]);
      this.see(tried);
      const first = tried.findIndex(passes);
      [low, high] = first < 0
        ? [tried.at(-1)!, high]
        : [first === 0 ? low : tried[first - 1]!, tried[first]!];
    }
    return high;
  }
}
