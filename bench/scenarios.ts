/**
 * The scenarios of where mempools were used, many times over and with several numbers of workers: does each go the same way
 * every time?
 *
 * Method. Each scenario runs whole, as `bench` runs it, as often as told, every time with the next seed. Of each pool is
 * printed the level that served most, the least and the most of its share in one run, what leaked, and the longest that
 * anybody took or waited for an element. A scenario that fails, leaks or miscounts, or in one of whose pools another level
 * serves most in some run, is a fault: they are listed at the end, and the exit status is 1. Times are told and not judged.
 * In full it takes some 13 minutes.
 *
 * ```
 * deno task bench:scenarios [--runs 10] [--workers 1,2,4] [--duration TIME] [--only SCENARIO]...
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { duration, percentage } from "../results/formats/numbers.ts";
import type { Run } from "../results/result.ts";
import { didYouMean } from "../workloads/did_you_mean.ts";
import { InputError } from "../workloads/input_error.ts";
import type { Overrides } from "../workloads/overrides.ts";
import { parseVariants } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { RunError, runScenario } from "../workloads/runner.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { type PoolStability, stabilityOf } from "./stability.ts";
import { wholeNumber } from "./whole_number.ts";

const SCENARIOS = ["bio", "highmem", "raid1", "raid1-resync", "swap-out", "reservation"];

interface Plan {
  readonly runs: number;
  readonly workers: readonly number[];
  /** What is changed besides, such as the length. */
  readonly overrides: Overrides;
  readonly names: readonly string[];
}

/**
 * Runs and prints.
 *
 * @returns the faults, a sentence each.
 * @throws {RangeError} or {InputError} one sentence, on bad usage.
 */
export async function measureScenarios(
  args: readonly string[],
  print: (line: string) => void,
): Promise<string[]> {
  const planned = scenariosOf(planOf(args));
  print(rowOf("scenario", "pool", "workers", "level", "share", "leaked", "longest"));
  const faults: string[] = [];
  for (const scenario of planned) {
    const { workers } = scenario.workload;
    const { runs, failure } = await runsOf(scenario);
    if (failure !== null) faults.push(`${failure} (${shownWorkers(workers)})`);
    for (const pool of stabilityOf(runs)) {
      print(poolRow(scenario, pool));
      const where = `${scenario.name}: ${pool.pool} with ${shownWorkers(workers)}`;
      faults.push(...pool.faults.map((fault) => `${where}: ${fault}`));
    }
  }
  for (const fault of faults) print(`fault: ${fault}`);
  return faults;
}

function planOf(args: readonly string[]): Plan {
  const given = parseArgs([...args], {
    string: ["runs", "workers", "duration", "only"],
    collect: ["only"],
    unknown(argument) {
      throw new RangeError(
        `${argument}: give --runs N, --workers N,N, --duration TIME or --only SCENARIO`,
      );
    },
  });
  const { runs = "10", workers = "1,2,4", duration, only } = given;
  for (const name of only) {
    if (SCENARIOS.includes(name)) continue;
    throw new RangeError(
      `--only ${name}: give ${SCENARIOS.join(", ")}${didYouMean(name, SCENARIOS)}`,
    );
  }
  return {
    runs: wholeNumber("--runs", runs, 1),
    workers: workers.split(",").map((each) => wholeNumber("--workers", each, 1)),
    overrides: duration === undefined ? {} : { duration, warmup: 0 },
    names: only.length > 0 ? SCENARIOS.filter((name) => only.includes(name)) : SCENARIOS,
  };
}

/** All that is to be run: each scenario and each of its variants, with each number of workers. */
function scenariosOf({ names, workers, runs, overrides }: Plan): Scenario[] {
  return names.flatMap((name) =>
    workers.flatMap((count) =>
      parseVariants({ name }, { ...overrides, workers: count, repeat: runs }, registered)
    )
  );
}

interface Runs {
  readonly runs: readonly Run[];
  /** The sentence, where one of them failed. */
  readonly failure: string | null;
}

async function runsOf(scenario: Scenario): Promise<Runs> {
  const { signal } = new AbortController();
  try {
    const { runs } = await runScenario(scenario, { signal, onProgress() {}, revision: null });
    return { runs, failure: null };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { runs: error.result?.runs ?? [], failure: error.message };
  }
}

function poolRow({ name, workload }: Scenario, pool: PoolStability): string {
  const { dominating, share: [low, high], leaked, longestNs } = pool;
  return rowOf(
    ...[name, pool.pool, `${workload.workers}`, dominating === null ? "-" : `${dominating}`],
    ...[`${percentage(low)} to ${percentage(high)}`, `${leaked}`, duration(longestNs)],
  );
}

const WIDTHS = [34, 12, 8, 6, 18, 7, 8];

function rowOf(...cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(WIDTHS[index]!)).join(" ").trimEnd();
}

function shownWorkers(count: number): string {
  return count === 1 ? "1 worker" : `${count} workers`;
}

if (import.meta.main) {
  try {
    const faults = await measureScenarios(Deno.args, (line) => console.log(line));
    if (faults.length > 0) Deno.exitCode = 1;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof InputError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exitCode = 2;
  }
}
