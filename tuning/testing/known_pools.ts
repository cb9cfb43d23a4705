/**
 * Synthetic pools of known answer: loads of several kinds, each with the smallest reserve that meets its target, by
 * Erlang's formula where that holds, else by a simulation far longer than the tool's own.
 *
 * @module
 */
import { allowedShare, type Target } from "../../results/recommendation.ts";
import { createRandom, type Random } from "../../workloads/random.ts";
import { erlangSize } from "../erlang.ts";
import { type Experiment, streamQueue } from "../experiment.ts";
import { limitOf } from "../target.ts";
import type { TaskStream } from "../tasks.ts";
import { drawn } from "./streams.ts";

/** A pool to be sized. */
export interface KnownPool {
  readonly name: string;
  readonly target: Target;
  /** Where a search may begin. */
  readonly offered: number;
  /** Its tasks by seed. */
  readonly tasks: (seed: number) => TaskStream;
  /** The true answer. */
  readonly size: () => number;
}

const HOLD_NS = 1e6;
const TARGETS = [0.1, 0.03, 0.01, 0.003, 0.001];

/** Tasks of the simulation that stands for the truth. */
const LONG = 2 ** 22;

type Gaps = (random: Random, meanNs: number) => () => number;
type Holds = (random: Random) => () => number;

const exponential = (random: Random, meanNs: number) => () => -Math.log(random.uniform()) * meanNs;

function batches(size: number): Gaps {
  return (random, meanNs) => {
    const between = exponential(random, size * meanNs);
    let left = 0;
    return () => {
      if (left > 0) {
        left--;
        return 0;
      }
      left = size - 1;
      return between();
    };
  };
}

/** Independent arrivals for a while, none for as long on the average. */
function bursts(onNs: number): Gaps {
  return (random, meanNs) => {
    const between = exponential(random, meanNs / 2);
    const phase = exponential(random, onNs);
    let left = phase();
    return () => {
      let on = between();
      let gap = on;
      while (on > left) {
        on -= left;
        gap += phase();
        left = phase();
      }
      left -= on;
      return gap;
    };
  };
}

function pareto(alpha: number): Holds {
  const least = HOLD_NS * (alpha - 1) / alpha;
  return (random) => () => least * random.uniform() ** (-1 / alpha);
}

const memoryless: Holds = (random) => exponential(random, HOLD_NS);

const KINDS: readonly { readonly name: string; readonly gaps: Gaps; readonly holds: Holds }[] = [
  { name: "poisson", gaps: exponential, holds: memoryless },
  { name: "batches of 8", gaps: batches(8), holds: memoryless },
  { name: "bursts", gaps: bursts(20 * HOLD_NS), holds: memoryless },
  { name: "pareto 2.5", gaps: exponential, holds: pareto(2.5) },
  { name: "pareto 1.8", gaps: exponential, holds: pareto(1.8) },
];

/** Batches of 8 by an offered load. */
export function batchesOf8(offered: number, seed: number): TaskStream {
  const gaps = batches(8)(createRandom(seed, 0), HOLD_NS / offered);
  return drawn(gaps, memoryless(createRandom(seed, 1)));
}

/** Pool number `index`, from 0 up: the kinds take turns, offered load and target follow from the number. */
export function knownPool(index: number): KnownPool {
  const { name, gaps, holds } = KINDS[index % KINDS.length]!;
  const draw = createRandom(1000 + index, 0);
  const offered = Math.round(10 * 60 ** draw.uniform()) / 10;
  const below = TARGETS[draw.below(TARGETS.length)]!;
  const target: Target = { kind: "wait-rate", below };
  const tasks = (seed: number) =>
    drawn(gaps(createRandom(seed, 0), HOLD_NS / offered), holds(createRandom(seed, 1)));
  return {
    name: `${name}, offered load ${offered}, wait rate < ${below}`,
    ...{ target, offered, tasks },
    size: name === "poisson"
      ? () => erlangSize({ offered, meanHoldNs: HOLD_NS, limitNs: 0 }, below)
      : () => longSize(tasks, target, offered),
  };
}

/** The answers of the first pools, as {@linkcode KnownPool.size} finds them in a minute or two. */
export const KNOWN_SIZES: readonly number[] = [
  ...[24, 39, 14, 16, 68, 54, 25, 72, 71, 63],
  ...[85, 66, 36, 42, 62, 65, 13, 9, 30, 29],
];

/** A pool's experiment. */
export function experimentOf({ tasks, target }: KnownPool, seed: number): Experiment {
  return streamQueue(() => tasks(seed), { limitNs: limitOf(target), budget: 0 });
}

/** The smallest that meets the target in a long run. */
function longSize(tasks: (seed: number) => TaskStream, target: Target, offered: number): number {
  const experiment = streamQueue(() => tasks(999_983), { limitNs: limitOf(target), budget: 0 });
  let [below, above] = [0, Math.ceil(3 * offered + 30)];
  while (above - below > 1) {
    const step = Math.max(1, Math.ceil((above - below) / 16));
    const tried: number[] = [];
    for (let min = below + step; min < above; min += step) tried.push(min);
    const tallies = experiment.run({ minReserves: tried, tasks: LONG });
    const met = tallies.findIndex(({ exceeded, tasks }) => exceeded / tasks < allowedShare(target));
    if (met < 0) below = tried.at(-1)!;
    else [below, above] = [met === 0 ? below : tried[met - 1]!, tried[met]!];
  }
  return above;
}
