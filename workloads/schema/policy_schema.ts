/**
 * The schema of a pool's policy: a registered name, or steps of the user's own.
 *
 * @module
 */
import * as v from "valibot";
import type { Adapt, PolicyKind, Step } from "../../pools/policy.ts";
import { found, notAmong } from "../clauses.ts";
import { didYouMean, oneOf } from "../did_you_mean.ts";
import { isObject, objectSchema } from "./object_schema.ts";
import { numberSchema, type Schema } from "./option_schema.ts";
import type { PolicySpec } from "../scenario.ts";
import { ADAPT, RETRY_MS } from "./scenario_options.ts";

const STEPS = ["backend-atomic", "reserve", "backend-blocking", "wait"] as const;
const RETRY_FROM = ["backend-atomic", "reserve", "backend-blocking"] as const;
const RESERVE_IN = ["pool", "allocator"] as const;
const CONDITION = `{"reserve": {"atLeast": 0.5}}`;

/** A custom policy as written: what follows from its steps is not filled in yet. */
interface WrittenPolicy {
  readonly steps: readonly Step[];
  readonly retryFrom?: typeof RETRY_FROM[number];
  readonly retryMs: number;
  readonly reserveIn?: typeof RESERVE_IN[number];
  readonly adapt?: Adapt;
}

/** The schema of a policy: a name out of the registry, or one's own. */
export function policySchema(registry: Readonly<Record<string, PolicyKind>>): Schema<PolicySpec> {
  const names = Object.keys(registry);
  return v.union([v.picklist(names), ownPolicySchema()], ({ input }) => {
    const hint = typeof input === "string" ? didYouMean(input, names) : "";
    return `${found(input)} is not a policy: give ${oneOf([...names, `{"steps": [...]}`])}${hint}`;
  });
}

function ownPolicySchema(): Schema<Exclude<PolicySpec, string>> {
  const written = objectSchema({
    steps: v.pipe(
      v.array(stepSchema(), ({ input }) => `${found(input)} is not allowed: give a list of steps`),
      v.description("the steps in order, wait last if at all"),
    ),
    retryFrom: v.exactOptional(
      v.picklist(RETRY_FROM, ({ input }) => notAmong(input, "is not allowed", RETRY_FROM)),
    ),
    retryMs: numberSchema(RETRY_MS),
    reserveIn: v.exactOptional(
      v.pipe(
        v.picklist(RESERVE_IN, ({ input }) => notAmong(input, "is not allowed", RESERVE_IN)),
        v.description("where the reserve is: pool if left out"),
      ),
    ),
    adapt: v.exactOptional(
      v.pipe(
        objectSchema({
          growth: numberSchema(ADAPT.growth),
          windowMs: numberSchema(ADAPT.windowMs),
          giveBack: numberSchema(ADAPT.giveBack),
        }),
        v.description("has the reserve follow measured demand"),
      ),
    ),
  });
  return v.pipe(
    written,
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const policy: WrittenPolicy = dataset.value;
      const problem = problemIn(policy);
      if (problem === null) return { ...policy, retryFrom: policy.retryFrom ?? firstStep(policy) };
      const input = dataset.value;
      addIssue({
        message: problem.clause,
        path: [{ type: "object", origin: "value", input, key: problem.key, value: input }],
      });
      return NEVER;
    }),
  );
}

function stepSchema(): Schema<Step> {
  return v.union([v.picklist(STEPS), conditionSchema()], ({ input }) => {
    const hint = typeof input === "string" ? didYouMean(input, STEPS) : "";
    return `${found(input)} is not a step: give ${oneOf([...STEPS, CONDITION])}${hint}`;
  });
}

function conditionSchema(): Schema<Step> {
  const share = (summary: string) =>
    v.exactOptional(numberSchema({ type: "probability", summary }));
  const condition = objectSchema({
    atLeast: share("take if the reserve is not empty and at least this share of its minimum"),
    moreThan: share("take if the reserve is above this share of its minimum, rounded down"),
  });
  return v.pipe(
    objectSchema({
      reserve: v.pipe(condition, v.metadata({ minProperties: 1, maxProperties: 1 })),
    }),
    v.rawTransform(({ dataset, addIssue, NEVER }): Step => {
      const { atLeast, moreThan } = dataset.value.reserve;
      if (atLeast !== undefined && moreThan === undefined) return { reserve: { atLeast } };
      if (moreThan !== undefined && atLeast === undefined) return { reserve: { moreThan } };
      addIssue({ message: "not one condition: give either atLeast or moreThan" });
      return NEVER;
    }),
  );
}

/** What is wrong between the parts of a policy, each of which is right by itself. */
function problemIn({ steps, retryFrom }: WrittenPolicy): { key: string; clause: string } | null {
  const names = steps.map(nameOf);
  const shapes = steps.map((step) => isObject(step) ? CONDITION : step);
  const twice = shapes.find((shape, i) => shapes.indexOf(shape) !== i);
  if (twice !== undefined) {
    const step = twice === CONDITION ? "a reserve step with a condition" : twice;
    return { key: "steps", clause: `${step} stands there twice: give each step at most once` };
  }
  if (names.slice(0, -1).includes("wait")) {
    return { key: "steps", clause: "wait is not the last step: nothing can follow it" };
  }
  if (names.length === 0 || names[0] === "wait") {
    const allowed = oneOf(RETRY_FROM);
    return { key: "steps", clause: `there is no step to take an element by: give ${allowed}` };
  }
  if (retryFrom !== undefined && !names.includes(retryFrom)) {
    const allowed = oneOf(names.filter((name) => name !== "wait"));
    return { key: "retryFrom", clause: `${retryFrom} is not one of the steps: give ${allowed}` };
  }
  return null;
}

function nameOf(step: Step): typeof STEPS[number] {
  return typeof step === "string" ? step : "reserve";
}

function firstStep({ steps }: WrittenPolicy): typeof RETRY_FROM[number] {
  const first = steps.map(nameOf).find((name) => name !== "wait");
  return first ?? "backend-atomic";
}
