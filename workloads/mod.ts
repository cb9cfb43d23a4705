/**
 * Loads for pools: scenarios, traces, and the runner that measures them with real workers.
 *
 * @module
 */
export type * from "../allocators/mod.ts";
export type * from "../pools/mod.ts";
export type { PolicyKind } from "../pools/policy.ts";
export type * from "../results/mod.ts";
export { InputError } from "./input_error.ts";
export type { Overrides } from "./overrides.ts";
export { parseScenario, parseVariants, type ScenarioSource } from "./parse_scenario.ts";
export { registered } from "./registered.ts";
export type { Registries, SuitedKind, WorkloadKey, WorkloadKind } from "./registries.ts";
export type { Path } from "./locate.ts";
export type { Problem } from "./problem.ts";
export { type Progress, RunError, type RunOptions, runScenario } from "./runner.ts";
export type {
  AlternativeSpec,
  PolicySpec,
  Scenario,
  Spec,
  TakeSpec,
  WorkloadSpec,
} from "./scenario.ts";
export type { SlotName } from "./slot_kind.ts";
export { type RunSlots, StuckError } from "./slots.ts";
export { SpareWorkers } from "./spare_workers.ts";
export { compileReplay, type ReplayProgram } from "./traces/program.ts";
export { TraceError } from "./traces/trace.ts";
export type { TraceOptions } from "./traces/options.ts";
