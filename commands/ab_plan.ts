/**
 * What a session runs, from the command line, with all that can be refused before anything is started.
 *
 * @module
 */
import type { Warning } from "../results/result.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { builtinNames } from "../workloads/scenarios/mod.ts";
import { parseOption, UnitError } from "../workloads/units.ts";
import type { AbOptions, Judging } from "./ab.ts";
import { Exit } from "./exit.ts";
import { confidenceOf, marginsOf } from "./margins.ts";
import { leftOutWarnings, loadScenarios } from "./scenarios.ts";
import { planSlots } from "./slot_turns.ts";
import type { TurnsPlan } from "./turns.ts";

/** A session to be. */
export interface AbPlan
  extends Pick<TurnsPlan, "folders" | "args" | "seed" | "patience" | "slots"> {
  readonly judging: Judging;
  readonly budgetMs: number;
  readonly sliceMs: number;
  /** What the comparison is to say besides. */
  readonly warnings: readonly Warning[];
}

/** The normal case, workers at full speed: here every nanosecond of the fast path shows. */
const SCENARIO = "contended";

const SLICES = 4;

/** On a machine that others work on, a side takes so much longer than it should at most, or it hangs: a minute, and ten times. */
const PATIENCE_MS = 60_000;
const PATIENCE_TIMES = 10;

/** The scenario's watermarks and reserve, many times over. */
const PAGES_LEAST = 2048;

/**
 * Reads the command line.
 *
 * @throws {Exit} 2, {InputError} or {UnitError}: one sentence, on bad input.
 */
export async function abPlan(named: string | undefined, options: AbOptions): Promise<AbPlan> {
  const { base, head } = options;
  const folders = {
    base: checkoutAt("--base", base),
    head: head === undefined ? HERE : checkoutAt("--head", head),
  };
  const [budgetMs, sliceMs, warmupMs] = [
    durationMs("--budget", options.budget, 1),
    durationMs("--slice", options.slice, 10),
    durationMs("--warmup", options.warmup, 0),
  ];
  const blockMs = SLICES * (sliceMs + warmupMs);
  if (budgetMs < blockMs) {
    throw new Exit(
      2,
      `--budget ${options.budget}: it holds no block, which is ${SLICES} slices of ${sliceMs} ms ` +
        `and ${warmupMs} ms of warm-up: give ${Math.ceil(blockMs)}ms or more`,
    );
  }
  const confidence = confidenceOf(options.confidence);
  const scenario = named ?? SCENARIO;
  const { slice: duration, warmup, workers, minReserve, policy, set } = options;
  const overrides = { duration, warmup, workers, minReserve, policy, set, seed: options.seed };
  const [parsed] = await loadScenarios([scenario], overrides);
  return {
    folders,
    args: [
      builtinNames().includes(scenario) ? scenario : Deno.realPathSync(scenario),
      ...["--duration", duration, "--warmup", warmup],
      ...named === undefined ? roomFor(parsed!) : [],
      ...given("--workers", workers),
      ...given("--min-reserve", minReserve),
      ...given("--policy", policy),
      ...(set ?? []).flatMap((each) => ["--set", each]),
    ],
    seed: options.seed === undefined ? drawnSeed() : parsed!.seed,
    judging: { margins: marginsOf(options.margin ?? []), confidence },
    budgetMs,
    sliceMs,
    slots: planSlots(sliceMs, parsed!.workload.workers),
    patience: {
      readyMs: PATIENCE_MS,
      sliceMs: PATIENCE_MS + PATIENCE_TIMES * (sliceMs + warmupMs),
    },
    warnings: leftOutWarnings(scenario),
  };
}

/**
 * Memory for twice what is in flight, where the scenario is ours: each slice makes its memory, which
 * takes longer than the slice where that is much.
 */
function roomFor({ workload: { workers, inFlight } }: Scenario): string[] {
  return ["--set", `memory.pages=${Math.max(PAGES_LEAST, 2 * workers * inFlight)}`];
}

/** Lots must be such that no machine can know them; they are printed, so that a session can be had again. */
function drawnSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1;
}

const HERE = new URL("../", import.meta.url).pathname;

function given(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [option, value];
}

/** A folder that is a checkout of this project, by its full path. */
function checkoutAt(option: string, folder: string): string {
  const lacks = (path: string) => {
    try {
      return !Deno.statSync(path).isFile;
    } catch {
      return true;
    }
  };
  const what = isFolder(folder) ? null : "is no folder";
  const missing = ["cli.ts", "deno.json"].filter((file) => lacks(`${folder}/${file}`));
  const why = what ?? (missing.length > 0 ? `has no ${missing.join(" and no ")}` : null);
  if (why === null) return Deno.realPathSync(folder);
  throw new Exit(2, `${option} ${JSON.stringify(folder)} ${why}: give a checkout of mempool-bench`);
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function durationMs(option: string, text: string, minMs: number): number {
  const bounds = { type: "duration", summary: "", min: minMs * 1e6, max: 86_400e9 } as const;
  try {
    return Number(parseOption(bounds, text)) / 1e6;
  } catch (error) {
    if (error instanceof UnitError) throw new UnitError(`${option}: ${error.message}`);
    throw error;
  }
}
