/**
 * What a scenario's names are looked up in. A kind that is registered is known to the scenario
 * file, its JSON Schema, its refusals and `list` without a further line anywhere.
 *
 * @module
 */
import type { AllocatorKind } from "../allocators/kind.ts";
import type { Kind } from "../allocators/option.ts";
import type { PolicyKind } from "../pools/policy.ts";
import type { Problem } from "./problem.ts";
import type { Scenario } from "./scenario.ts";

/** A key of the workload that only some kinds of workload use. */
export type WorkloadKey = "takeOneOf" | "inFlight" | "arrival" | "hold" | "trace" | "speed";

/** A kind that does not suit every scenario. */
export interface SuitedKind extends Kind {
  /**
   * What of a scenario does not suit it; left out where nothing can be. Asked only of one whose values are each right by
   * themselves, and whose allocators and pools can be planned.
   */
  problems?(scenario: Scenario, allocators: Registries["allocators"]): readonly Problem[];
}

/** What is said of a kind of workload, besides its own options. */
export interface WorkloadKind extends SuitedKind {
  /** Keys that must be given. */
  readonly needs: readonly WorkloadKey[];
  /** Keys that may be given. Any other {@linkcode WorkloadKey} is refused. */
  readonly allows: readonly WorkloadKey[];
  /** Whether its tasks come at times of their own, so that there are response times; not if left out. */
  readonly hasArrivals?: boolean;
}

/** Every registry that a scenario refers to. */
export interface Registries {
  /** Kinds of allocator. */
  readonly allocators: Readonly<Record<string, AllocatorKind>>;
  /** Policies by name. */
  readonly policies: Readonly<Record<string, PolicyKind>>;
  /** Kinds of workload. */
  readonly workloads: Readonly<Record<string, WorkloadKind>>;
  /** Kinds of arrival. */
  readonly arrivals: Readonly<Record<string, Kind>>;
  /** Kinds of hold time. */
  readonly holds: Readonly<Record<string, Kind>>;
  /** Kinds of pressure. */
  readonly pressures: Readonly<Record<string, SuitedKind>>;
}
