/**
 * From a scenario as written to the scenario that runs: what follows from several values together
 * is filled in and checked.
 *
 * @module
 */
import { found } from "./clauses.ts";
import type { Document } from "./document.ts";
import { memoryProblems, resolveMemory } from "./memory.ts";
import { absoluteFiles } from "./paths.ts";
import {
  boundProblems,
  cycleProblems,
  nameProblems,
  partProblems,
  reserveInProblems,
  reserveProblems,
  sizeProblems,
} from "./pool_checks.ts";
import { type Problem, refuseFirst } from "./problem.ts";
import type { Registries } from "./registries.ts";
import type { Scenario, WorkloadSpec } from "./scenario.ts";
import type { WrittenScenario } from "./schema/scenario_schema.ts";

const CONTROL = /\p{Cc}/gu;
const NAME_CHARACTERS_MAX = 100;

/**
 * Resolves a scenario whose values are each right by themselves.
 *
 * @throws {InputError} where they do not fit one another.
 */
export function resolveScenario(
  written: WrittenScenario,
  document: Document,
  registries: Registries,
): Scenario {
  const { summary, pools, debug, seed, repeat } = written;
  const { allocators, workload, pressure } = absoluteFiles(
    written,
    registries,
    document.directory,
  );
  const scenario: Scenario = {
    name: written.name ?? nameFor(document),
    summary,
    memory: resolveMemory(written.memory),
    allocators,
    pools,
    workload,
    pressure,
    debug,
    seed,
    repeat,
  };
  refuseFirst(document, problemsIn(scenario, registries));
  return scenario;
}

function nameFor({ name }: Document): string {
  return name.replace(CONTROL, "-").slice(0, NAME_CHARACTERS_MAX) || "scenario";
}

function problemsIn(scenario: Scenario, registries: Registries): Problem[] {
  const ofMemory = memoryProblems(scenario.memory);
  const kinds = registries.allocators;
  const sizes = sizeProblems(scenario, kinds);
  const cycles = cycleProblems(scenario, kinds);
  // Who stands on what can be said without circles only, and what a memory holds of a sound one.
  const parts = cycles.length === 0 ? partProblems(scenario, kinds) : [];
  const isSound = [ofMemory, cycles, sizes, parts].every(({ length }) => length === 0);
  return [
    ...titleProblems(scenario),
    ...ofMemory,
    ...nameProblems(scenario),
    ...cycles,
    ...sizes,
    ...parts,
    ...shareProblems(scenario.workload),
    ...isSound ? plannedProblems(scenario, registries) : [],
  ];
}

/** What shows only once allocators and pools can be planned. */
function plannedProblems(scenario: Scenario, registries: Registries): Problem[] {
  const { allocators: kinds, workloads, pressures } = registries;
  const suited = [workloads[scenario.workload.kind], pressures[scenario.pressure.kind]];
  return [
    ...boundProblems(scenario, kinds),
    ...reserveInProblems(scenario, registries),
    ...reserveProblems(scenario, kinds),
    ...suited.flatMap((kind) => kind?.problems?.(scenario, kinds) ?? []),
  ];
}

function titleProblems({ name }: Scenario): Problem[] {
  if (name !== "" && name.length <= NAME_CHARACTERS_MAX && !name.match(CONTROL)) return [];
  const clause = `${found(name)} is not allowed: ` +
    `give 1 to ${NAME_CHARACTERS_MAX} characters on one line`;
  return [{ path: ["name"], clause }];
}

function shareProblems({ atomicShare, asyncShare }: WorkloadSpec): Problem[] {
  if (atomicShare + asyncShare <= 1) return [];
  const clause = `${asyncShare} is not allowed beside an atomicShare of ${atomicShare}: ` +
    "give shares that are 1 or less together";
  return [{ path: ["workload", "asyncShare"], clause }];
}
