/**
 * Whether runs of one scenario go the same way: in each pool the level that serves most is the same in every run, and
 * nothing leaks. How long anything takes is the machine's affair, and is only told.
 *
 * @module
 */
import { conserved, hitsOf } from "../results/conservation.ts";
import type { LevelResult, PoolResult, Run } from "../results/result.ts";

/** One pool over all runs of a scenario. */
export interface PoolStability {
  readonly pool: string;
  /** The level that served most over all runs; null where nothing was allocated. */
  readonly dominating: LevelResult["level"] | null;
  /** The least and the most that it served in one run, as a share of the pool's allocations. */
  readonly share: readonly [low: number, high: number];
  /** Elements that nobody knew of at the end, over all runs. */
  readonly leaked: number;
  /** The longest that anybody took or waited for an element, in any run. */
  readonly longestNs: number;
  /** What is wrong, a sentence each. */
  readonly faults: readonly string[];
}

/** Puts the runs of one scenario side by side, pool by pool. */
export function stabilityOf(runs: readonly Run[]): PoolStability[] {
  const names = Object.keys(runs[0]?.pools ?? {});
  return names.map((name) => poolStability(name, runs.map(({ pools }) => pools[name]!)));
}

function poolStability(pool: string, runs: readonly PoolResult[]): PoolStability {
  const dominating = dominatingIn(runs);
  const shares = runs.map((run) => shareOf(run, dominating));
  const leaked = runs.reduce((sum, run) => sum + run.leaked, 0);
  const longest = runs.map(({ latencyNs, waits }) => Math.max(latencyNs.max ?? 0, waits.maxNs));
  return {
    ...{ pool, dominating, leaked },
    share: [Math.min(...shares), Math.max(...shares)],
    longestNs: Math.max(...longest),
    faults: [
      ...runs.flatMap((run) => conserved(run) ?? []),
      ...leaked > 0 ? [`${leaked} elements leaked`] : [],
      ...changes(runs),
    ],
  };
}

/** The level with most hits, the lower one of two that are level; null where there are none. */
function dominatingIn(runs: readonly PoolResult[]): LevelResult["level"] | null {
  const [first] = runs;
  const totals = first!.levels.map(({ level }, index) => ({
    level,
    hits: runs.reduce((sum, { levels }) => sum + levels[index]!.hits, 0),
  }));
  const most = Math.max(...totals.map(({ hits }) => hits));
  return most === 0 ? null : totals.find(({ hits }) => hits === most)!.level;
}

function shareOf(run: PoolResult, level: number | null): number {
  const hits = run.levels.find((each) => each.level === level)?.hits ?? 0;
  return hits === 0 ? 0 : hits / hitsOf(run);
}

function changes(runs: readonly PoolResult[]): string[] {
  const levels = runs.map((run) => dominatingIn([run]));
  const kinds = [...new Set(levels)].sort();
  if (kinds.length === 1) return [];
  const counted = kinds.map((kind) => {
    const of = levels.filter((level) => level === kind).length;
    return `${kind === null ? "no level" : `level ${kind}`} in ${of}`;
  });
  return [`the level that serves most changes: ${counted.join(", ")} of ${runs.length} runs`];
}
