/**
 * The schema of the load: keys that every kind of workload has, those that only some kinds use, and
 * each kind's own options.
 *
 * A key that a kind does not use may stand there with its neutral value and no other. So a resolved
 * scenario, which has every key, is itself a valid file, and a setting that would do nothing is
 * refused.
 *
 * @module
 */
import * as v from "valibot";
import type { Option } from "../../allocators/option.ts";
import { found, notAmong } from "../clauses.ts";
import { oneOf } from "../did_you_mean.ts";
import { memberSchema, optionEntries, variantSchema } from "./kind_schema.ts";
import { objectSchema } from "./object_schema.ts";
import { type Names, numberSchema, type Schema, textSchema } from "./option_schema.ts";
import type { Registries, WorkloadKey, WorkloadKind } from "../registries.ts";
import type { AlternativeSpec, TakeSpec, WorkloadSpec } from "../scenario.ts";
import { COUNT, SPECIAL, WEIGHT, WORKLOAD } from "./scenario_options.ts";
import { specSchema } from "./spec_schema.ts";

/** Ways to take several elements: one by one, or all at once. */
const HOW = ["each", "bulk"] as const;

/** The schema of the load. */
export function workloadSchema(registries: Registries, names: Names | null): Schema<WorkloadSpec> {
  const { workloads } = registries;
  const arrival = v.pipe(
    specSchema("arrival", registries.arrivals, names),
    v.description("when tasks arrive"),
  );
  const hold = v.pipe(
    specSchema("hold", registries.holds, names),
    v.description("how long a task keeps its elements"),
  );
  const trace = textSchema(SPECIAL.trace, null);
  const members = Object.entries(workloads).map(([name, kind]) => {
    const uses = { name, kind, all: workloads };
    return memberSchema(name, kind, {
      take: takesSchema(names),
      takeOneOf: oneOfIfUsed(names, uses),
      workers: numberSchema(WORKLOAD.workers),
      duration: numberSchema(WORKLOAD.duration),
      warmup: numberSchema(WORKLOAD.warmup),
      inFlight: numberIfUsed("inFlight", SPECIAL.inFlight, uses),
      arrival: ifUsed("arrival", arrival, uses),
      hold: ifUsed("hold", hold, uses),
      atomicShare: numberSchema(WORKLOAD.atomicShare),
      asyncShare: numberSchema(WORKLOAD.asyncShare),
      trace: ifUsed("trace", trace, uses),
      speed: numberIfUsed("speed", SPECIAL.speed, uses),
      ...extraEntries(kind, names),
    });
  });
  return variantSchema("workload", Object.keys(workloads), members);
}

/** A kind of workload among all. */
interface Uses {
  readonly name: string;
  readonly kind: WorkloadKind;
  readonly all: Readonly<Record<string, WorkloadKind>>;
}

function ifUsed<T>(key: WorkloadKey, schema: Schema<T>, uses: Uses): Schema<T | null> {
  if (uses.kind.needs.includes(key)) return schema;
  const allowed = uses.kind.allows.includes(key);
  return v.optional(allowed ? v.nullable(schema) : v.null(notUsed(key, uses)), null);
}

function numberIfUsed(key: WorkloadKey, option: Option, uses: Uses): Schema<number> {
  if (uses.kind.needs.includes(key) || uses.kind.allows.includes(key)) return numberSchema(option);
  const neutral = Number(option.default);
  return v.optional(v.literal(neutral, notUsed(key, uses)), neutral);
}

function oneOfIfUsed(names: Names | null, uses: Uses): Schema<readonly AlternativeSpec[]> {
  if (uses.kind.allows.includes("takeOneOf")) return v.optional(oneOfSchema(names), []);
  const none = v.pipe(v.array(v.any()), v.maxLength(0, notUsed("takeOneOf", uses)));
  return v.optional(none, []);
}

function notUsed(key: WorkloadKey, { name, all }: Uses): string {
  const users = Object.keys(all).filter((other) => {
    const kind = all[other];
    return kind?.needs.includes(key) || kind?.allows.includes(key);
  });
  const only = users.length === 0 ? "" : `, only by ${oneOf(users, "and")}`;
  return `not used by a workload of kind ${name}${only}: leave it out`;
}

/**
 * The options of the kind itself; their names are not known here, so neither are they to the types.
 */
function extraEntries(kind: WorkloadKind, names: Names | null): object {
  return optionEntries(kind.options, names);
}

function takesSchema(names: Names | null): Schema<readonly TakeSpec[]> {
  const one = v.pipe(
    poolNameSchema(names),
    v.transform((pool): readonly TakeSpec[] => [{ pool, count: 1, how: "each" }]),
  );
  const list = v.pipe(
    v.array(
      objectSchema(takeEntries(names)),
    ),
    v.minLength(1, "an empty list is not allowed: give at least one pool to take from"),
  );
  const message = ({ input }: v.BaseIssue<unknown>) =>
    `${found(input)} is not allowed: give a pool, or a list of {"pool": ...}`;
  return v.pipe(v.union([one, list], message), v.description("what one task takes"));
}

/** Alternatives: an empty list is none, and one at least must be drawn now and then. */
function oneOfSchema(names: Names | null): Schema<readonly AlternativeSpec[]> {
  return v.pipe(
    v.array(
      objectSchema({ ...takeEntries(names), weight: numberSchema(WEIGHT) }),
      ({ input }) => `${found(input)} is not allowed: give a list of {"pool": ..., "weight": ...}`,
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || dataset.value.length === 0) return;
      if (dataset.value.some(({ weight }) => weight > 0)) return;
      addIssue({
        message: "weights that are all 0 are not allowed: give one at least that is more",
      });
    }),
    v.description("what one task takes besides: one of these, drawn by weight"),
  );
}

function takeEntries(names: Names | null) {
  return {
    pool: poolNameSchema(names),
    count: numberSchema(COUNT),
    how: v.optional(
      v.picklist(HOW, ({ input }) => notAmong(input, "is not allowed", HOW)),
      "each",
    ),
  };
}

function poolNameSchema(names: Names | null): Schema<string> {
  return v.pipe(
    v.string(({ input }) => `${found(input)} is not allowed: give the name of a pool`),
    v.description("the pool to take from"),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || names === null || names.pools.includes(dataset.value)) return;
      const message = notAmong(dataset.value, "is not a pool of this scenario", names.pools);
      addIssue({ message });
    }),
  );
}
