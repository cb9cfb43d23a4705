/**
 * The one schema of the scenario file. It is built from the registries, so that whatever is
 * registered can be written; it checks what can be said of a value by itself or by the names around
 * it, and yields base units. What follows from several values together (memory, cycles) is
 * `../resolve_scenario.ts`.
 *
 * @module
 */
import * as v from "valibot";
import { kindSchema } from "./kind_schema.ts";
import { namedSchema, objectSchema, plainObject, refusingKeys } from "./object_schema.ts";
import {
  booleanSchema,
  type Names,
  numberSchema,
  type Schema,
  textSchema,
} from "./option_schema.ts";
import { policySchema } from "./policy_schema.ts";
import type { Registries } from "../registries.ts";
import { keyProblems } from "../variant_keys.ts";
import type { MemorySpec, PoolSpec, Scenario } from "../scenario.ts";
import { MEMORY, POOL, SCENARIO, WATERMARKS } from "./scenario_options.ts";
import { specSchema } from "./spec_schema.ts";
import { workloadSchema } from "./workload_schema.ts";

/** Memory as written: what is left out follows from `pages`. */
export interface WrittenMemory extends Pick<MemorySpec, "pages" | "pageBytes"> {
  /** Those that are given. */
  readonly watermarks: {
    readonly [Key in keyof MemorySpec["watermarks"]]?: number | undefined;
  };
  /** `pages` where it is left out. */
  readonly growTo?: number | undefined;
}

/** A scenario as written, in base units: each value right by itself. */
export interface WrittenScenario extends Omit<Scenario, "name" | "memory"> {
  /** The file's name where it is left out. */
  readonly name?: string | undefined;
  /** Not complete yet. */
  readonly memory: WrittenMemory;
}

const DEFAULT_POLICY = "five-level";
const NO_PRESSURE = { kind: "none" };

/**
 * The schema of the scenario file.
 *
 * @param names What the scenario at hand defines; without, as in the JSON Schema, any name will do.
 */
export function scenarioSchema(
  registries: Registries,
  names: Names | null,
): Schema<WrittenScenario> {
  return objectSchema({
    $schema: v.exactOptional(textSchema(SCENARIO.$schema, null)),
    name: v.exactOptional(textSchema(SCENARIO.name, null)),
    summary: textSchema(SCENARIO.summary, null),
    memory: v.optional(memorySchema(), {}),
    allocators: v.pipe(
      namedSchema("an allocator", kindSchema("allocator", registries.allocators, names)),
      v.description("the allocators, each by a name"),
    ),
    pools: v.pipe(
      namedSchema("a pool", poolSchema(registries, names)),
      v.description("the pools, each by a name"),
    ),
    workload: v.pipe(workloadSchema(registries, names), v.description("the load")),
    pressure: v.optional(specSchema("pressure", registries.pressures, names), NO_PRESSURE),
    compare: v.exactOptional(compareSchema()),
    debug: booleanSchema(SCENARIO.debug),
    seed: numberSchema(SCENARIO.seed),
    repeat: numberSchema(SCENARIO.repeat),
  });
}

/** What each variant changes: it is checked where it stands once that is done. */
function compareSchema(): Schema<Record<string, Record<string, unknown>>> {
  const changes = v.pipe(
    plainObject("an object from dotted keys to values"),
    refusingKeys(keyProblems),
    v.record(v.string(), v.unknown()),
  );
  return v.pipe(
    namedSchema("a variant", changes),
    v.minEntries(1, () => `an empty object is not allowed: give a variant, or leave it out`),
    v.description("variants to run side by side, each by a name with the keys that it changes"),
  );
}

function memorySchema(): Schema<WrittenMemory> {
  return objectSchema({
    pages: numberSchema(MEMORY.pages),
    pageBytes: numberSchema(MEMORY.pageBytes),
    watermarks: v.optional(
      objectSchema({
        min: v.exactOptional(numberSchema(WATERMARKS.min)),
        low: v.exactOptional(numberSchema(WATERMARKS.low)),
        high: v.exactOptional(numberSchema(WATERMARKS.high)),
      }),
      {},
    ),
    growTo: v.exactOptional(numberSchema(MEMORY.growTo)),
  });
}

function poolSchema({ policies }: Registries, names: Names | null): Schema<PoolSpec> {
  return objectSchema({
    over: textSchema(POOL.over, names),
    objectBytes: v.exactOptional(numberSchema(POOL.objectBytes)),
    minReserve: numberSchema(POOL.minReserve),
    maxReserve: v.exactOptional(numberSchema(POOL.maxReserve)),
    policy: v.optional(policySchema(policies), DEFAULT_POLICY),
    magazine: v.exactOptional(numberSchema(POOL.magazine)),
  });
}
