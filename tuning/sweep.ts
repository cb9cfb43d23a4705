/**
 * Runs a sweep: each combination of values simulated on the virtual clock, or with real workers.
 *
 * @module
 */
import { poolAcross } from "../results/across.ts";
import type { Warning } from "../results/result.ts";
import {
  type Sweep,
  SWEEP_SCHEMA,
  type SweepRow,
  type Varied,
  withPareto,
} from "../results/sweep.ts";
import { runScenario } from "../workloads/runner.ts";
import type { RunOptions } from "../workloads/runner.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { missRateOf } from "./live.ts";
import {
  ASSUMED_DEAD,
  backendOf,
  elementBytesOf,
  levelsOf,
  measuredPool,
} from "./scenario_subject.ts";

/** One combination as a scenario. */
export interface Cell {
  readonly settings: Readonly<Record<string, string>>;
  readonly scenario: Scenario;
}

/** How to sweep. */
export interface SweepOptions extends RunOptions {
  readonly varied: readonly Varied[];
  readonly simulate: boolean;
}

/** Simulated seconds are cheap: as many tasks as the run would have, at least these. */
const TASKS_MIN = 2 ** 16;
const TASKS_MAX = 2 ** 22;

type Row = Omit<SweepRow, "pareto">;

/**
 * Sweeps.
 *
 * @throws {InputError} where a load cannot be simulated, {RunError} where a run failed.
 */
export async function sweep(cells: readonly Cell[], options: SweepOptions): Promise<Sweep> {
  const { varied, simulate, signal } = options;
  const rows: Row[] = [];
  const warnings = new Map<string, Warning>();
  for (const [index, cell] of cells.entries()) {
    if (signal.aborted) break;
    const report = progressOf(index, cells.length, options);
    const row = simulate
      ? simulated(cell, report)
      : await live(cell, { ...options, onProgress: report }, warnings);
    if (row !== null) rows.push(row);
    if (simulate && backendOf(cell.scenario) === null) {
      warnings.set(ASSUMED_DEAD.code, ASSUMED_DEAD);
    }
    // A turn for signals and for the line that shows how far this is.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const { name, seed, repeat } = cells[0]!.scenario;
  return {
    schema: SWEEP_SCHEMA,
    scenario: name,
    pool: measuredPool(cells[0]!.scenario),
    simulated: simulate,
    partial: rows.length < cells.length,
    repeats: repeat,
    seed,
    varied,
    rows: withPareto(rows),
    warnings: [...warnings.values()],
  };
}

/** How far a cell is, as a part of the whole. */
function progressOf(index: number, cells: number, { onProgress }: SweepOptions) {
  return ({ phase, doneNs, totalNs, repeat, repeats }: Parameters<RunOptions["onProgress"]>[0]) =>
    onProgress({
      phase,
      doneNs: repeat * totalNs + doneNs,
      totalNs: totalNs * repeats,
      repeat: index,
      repeats: cells,
    });
}

function priceOf({ settings, scenario }: Cell) {
  const { minReserve } = scenario.pools[measuredPool(scenario)]!;
  return { settings, minReserve, bytes: minReserve * elementBytesOf(scenario) };
}

function simulated(cell: Cell, report: RunOptions["onProgress"]): Row {
  const { scenario } = cell;
  const { repeat, seed, workload } = scenario;
  const { arrival, duration } = workload;
  const expected = Number(arrival?.rate ?? 0) * duration / 1e9 * repeat;
  const tasks = Math.min(TASKS_MAX, Math.max(TASKS_MIN, Math.ceil(expected)));
  report({ phase: "measuring", doneNs: 0, totalNs: tasks * 200, repeat: 0, repeats: 1 });
  const { hits, tally } = levelsOf({ ...scenario, seed }, { tasks, skipped: tasks >> 3 });
  const served = hits.reduce((sum, count) => sum + count, 0);
  return {
    ...priceOf(cell),
    rates: hits.map((count) => served === 0 ? 0 : count / served),
    missRate: tally.waitRate,
    tailNs: tally.tail,
    allocsPerSecond: null,
  };
}

async function live(
  cell: Cell,
  options: RunOptions,
  warnings: Map<string, Warning>,
): Promise<Row | null> {
  const { scenario } = cell;
  const result = await runScenario(scenario, options);
  if (result.runs.length === 0 || result.partial) return null;
  for (const warning of result.warnings) {
    if (!warnings.has(warning.code)) warnings.set(warning.code, warning);
  }
  const pool = poolAcross(result.runs, measuredPool(scenario));
  const { p50, p99, "p99.9": p999, max } = pool.latencyNs;
  return {
    ...priceOf(cell),
    rates: pool.levels.map(({ rate }) => rate),
    missRate: missRateOf(pool),
    tailNs: { p50, p99, "p99.9": p999, max },
    allocsPerSecond: result.summary.allocsPerSecond.median,
  };
}
