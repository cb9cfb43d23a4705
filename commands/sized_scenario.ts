/**
 * A scenario as something to be sized, its pools together where its tasks take from several.
 *
 * @module
 */
import { jointSubject, takesFromSeveral } from "../tuning/joint_subject.ts";
import { pressureSpec } from "../tuning/live_scenario.ts";
import { scenarioSubject, simulatedWaitRate } from "../tuning/scenario_subject.ts";
import type { Backend } from "../tuning/scripted_backend.ts";
import { InputError } from "../workloads/input_error.ts";
import type { Overrides } from "../workloads/overrides.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { pressureOf } from "../workloads/pressure_driver.ts";
import { registered } from "../workloads/registered.ts";
import type { Scenario } from "../workloads/scenario.ts";
import type { Sizing } from "./sized.ts";

/** The sizing of a scenario, over its own pressure or another back end. @throws {InputError} where its load cannot be drawn. */
export function ofScenario(scenario: Scenario, backend: Backend | null): Sizing {
  const { kind, trace } = scenario.workload;
  if (kind === "replay" && trace !== null) {
    throw new InputError(`${scenario.name}: a replay is sized by its trace: give --trace ${trace}`);
  }
  const pressure = backend === null ? scenario.pressure : pressureSpec(backend);
  const isAssumedDead = backend === null && pressureOf(scenario) === null;
  const raw = { ...scenario, pressure: isAssumedDead ? { kind: "dead" } : pressure };
  const parsed = (overrides: Overrides, changed: unknown = raw) =>
    parseScenario({ label: scenario.name, raw: changed }, overrides, registered);
  return {
    subject: scenarioSubject(scenario, backend),
    live: (minReserve) => parsed({ minReserve }),
    simulated: simulatedWaitRate,
    joint: takesFromSeveral(scenario)
      ? {
        subject: (options) => jointSubject(scenario, { ...options, given: backend }),
        live: (reserves) =>
          parsed({}, {
            ...raw,
            pools: Object.fromEntries(
              Object.entries(scenario.pools).map(([name, pool]) => [
                name,
                { ...pool, minReserve: reserves[name] ?? pool.minReserve },
              ]),
            ),
          }),
      }
      : null,
  };
}
