/**
 * The real thing from within a session: the scenario at its present setting, run by real workers.
 *
 * @module
 */
import { poolAcross } from "../results/across.ts";
import { count } from "../results/formats/numbers.ts";
import type { Result } from "../results/result.ts";
import { missRateOf } from "../tuning/live.ts";
import type { News } from "../tuning/session/hear.ts";
import { type Measured, type Note, type Session, settingsKey } from "../tuning/session/session.ts";
import { RunError, type RunOptions, runScenario } from "../workloads/runner.ts";
import { scenarioWith, type TunedScenario } from "./tuned_scenario.ts";

/** With these warnings a run was not the load that it was meant to be. */
const NOT_THE_LOAD: readonly string[] = ["rate-not-reached", "deadlock"];

/** How to run, and who keeps results. */
export interface TuneRunOptions extends RunOptions {
  readonly keep: (result: Result) => void;
}

/**
 * Runs. What goes wrong is news as well: a session goes on after it.
 *
 * @throws whatever is neither bad input nor a run that failed.
 */
export async function realRun(
  tuned: TunedScenario,
  session: Session,
  options: TuneRunOptions,
): Promise<News> {
  const settings = settingsKey(session);
  try {
    const result = await runScenario(scenarioWith(tuned, session), options);
    if (result.partial) return ended(settings, null, "caution", "stopped: nothing is kept of it");
    options.keep(result);
    const measured = measuredOf(session, result);
    const amiss = result.warnings.find(({ code }) => NOT_THE_LOAD.includes(code));
    const { allocsPerSecond: { median } } = result.summary;
    return amiss === undefined
      ? ended(settings, measured, "good", `measured: ${count(median)} allocations a second`)
      : ended(settings, measured, "caution", amiss.message);
  } catch (error) {
    const isExpected = error instanceof RunError ||
      error instanceof Error && ["InputError", "TraceError"].includes(error.name);
    if (!isExpected) throw error;
    return ended(settings, null, "bad", (error as Error).message);
  }
}

function ended(
  settings: string,
  measured: Readonly<Record<string, Measured>> | null,
  mood: Note["mood"],
  text: string,
): News {
  return { kind: "ran", settings, measured, note: { mood, text } };
}

function measuredOf({ tuned }: Session, { runs, warnings }: Result) {
  const isTheLoad = !warnings.some(({ code }) => NOT_THE_LOAD.includes(code));
  const entries = tuned.pools.map(({ name }): [string, Measured] => {
    const pool = poolAcross(runs, name);
    return [name, {
      rates: pool.levels.map(({ rate }) => rate),
      waitRate: missRateOf(pool),
      latencyNs: { ...pool.latencyNs },
      isTheLoad,
    }];
  });
  return Object.fromEntries(entries);
}
