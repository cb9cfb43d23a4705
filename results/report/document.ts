/**
 * What a report can be made of, whatever file it comes from: results, recommendations and sweeps, told apart by the schema that
 * each of them names.
 *
 * @module
 */
import * as v from "valibot";
import { checkedBy, parseEach, ResultError } from "../parse_each.ts";
import { type Recommendation, RECOMMENDATION_SCHEMA } from "../recommendation.ts";
import { type Result, RESULT_SCHEMA } from "../result.ts";
import { checkResult } from "../result_schema.ts";
import { type Sweep, SWEEP_SCHEMA } from "../sweep.ts";

/** One of them. */
export type ReportDocument = Result | Recommendation | Sweep;

const GIVE = "give what bench, recommend or sweep print with --json";

const finite = v.pipe(v.number(), v.finite("a finite number"));
const count = v.pipe(v.number(), v.safeInteger("a whole number"), v.minValue(0));
const maybeCount = v.nullable(count);
const maybe = v.nullable(finite);
const text = v.string();
const warnings = v.array(v.looseObject({ code: text, message: text, advice: text }));
const tail = v.looseObject({ p50: maybe, p99: maybe, "p99.9": maybe, max: maybe });

const jointPoint = v.looseObject({
  bytes: finite,
  missRate: finite,
  missHigh: maybe,
  minReserves: v.array(count),
});

const joint = v.looseObject({
  pools: v.array(v.looseObject({
    pool: text,
    minReserve: maybeCount,
    bytes: maybe,
    bytesPerElement: finite,
    floor: count,
    neverWaits: count,
    alone: maybeCount,
    split: maybeCount,
    waitRate: maybe,
    oneLess: v.nullable(v.looseObject({ missRate: finite, missHigh: maybe })),
  })),
  recommended: v.nullable(jointPoint),
  confirmed: v.nullable(jointPoint),
  alone: v.nullable(jointPoint),
  split: v.nullable(jointPoint),
  frontier: v.array(jointPoint),
  exhaustive: v.boolean(),
  verified: v.optional(
    v.nullable(v.looseObject({
      waitRates: v.array(finite),
      atLeast: finite,
      atMost: finite,
      met: v.nullable(v.boolean()),
    })),
    null,
  ),
  tasks: count,
  looks: count,
  because: text,
});

const failureSide = v.looseObject({
  source: v.picklist(["script", "measured"]),
  share: finite,
  burstNs: maybe,
  longestNs: maybe,
  allocsPerBurst: maybe,
});

const recommendation = v.looseObject({
  schema: v.literal(RECOMMENDATION_SCHEMA),
  subject: text,
  target: v.variant("kind", [
    v.looseObject({ kind: v.literal("wait-rate"), below: finite }),
    v.looseObject({ kind: v.literal("wait-percentile"), percentile: finite, belowNs: finite }),
  ]),
  timed: v.boolean(),
  backend: text,
  floor: count,
  exact: maybeCount,
  recommended: maybeCount,
  confidence: finite,
  neverWaits: maybeCount,
  bytes: maybe,
  bytesPerElement: finite,
  nextNine: v.nullable(v.looseObject({ minReserve: count, bytes: finite })),
  knee: maybeCount,
  curve: v.array(v.looseObject({
    minReserve: count,
    bytes: finite,
    waitRate: finite,
    missRate: finite,
    missLow: maybe,
    missHigh: maybe,
    waitNs: tail,
  })),
  analytic: v.nullable(v.looseObject({
    model: text,
    minReserve: maybeCount,
    offeredLoad: finite,
    assumes: text,
    gap: text,
    dispersion: maybe,
    autocorrelation: maybe,
  })),
  failures: v.optional(v.array(failureSide), []),
  joint: v.optional(v.nullable(joint), null),
  splitHalf: v.nullable(
    v.looseObject({ minReserve: count, secondMissRate: finite, held: v.boolean() }),
  ),
  verified: v.nullable(v.array(v.looseObject({
    minReserve: count,
    waitRate: finite,
    missRate: maybe,
    met: v.nullable(v.boolean()),
    simulatedRate: finite,
  }))),
  allocs: count,
  seed: finite,
  because: text,
  warnings,
});

const sweep = v.looseObject({
  schema: v.literal(SWEEP_SCHEMA),
  scenario: text,
  pool: text,
  simulated: v.boolean(),
  partial: v.boolean(),
  repeats: count,
  seed: finite,
  varied: v.array(v.looseObject({ key: text, values: v.array(text) })),
  rows: v.array(v.looseObject({
    settings: v.record(text, text),
    minReserve: count,
    bytes: finite,
    rates: v.pipe(v.array(finite), v.length(5)),
    missRate: finite,
    tailNs: tail,
    allocsPerSecond: maybe,
    pareto: v.boolean(),
  })),
  warnings,
});

/** A value as a document. @throws {ResultError} a clause, where it is none: the key, what was found and what is expected. */
export function checkDocument(value: unknown): ReportDocument {
  const schema = (value as { readonly schema?: unknown } | null)?.schema;
  switch (schema) {
    case RESULT_SCHEMA:
      return checkResult(value);
    case RECOMMENDATION_SCHEMA:
      return checkedBy(recommendation, value);
    case SWEEP_SCHEMA:
      return checkedBy(sweep, value);
    default:
      throw new ResultError(`schema: found ${JSON.stringify(schema) ?? "none"}, not one of ours`);
  }
}

/**
 * A text as the documents in it: one, an array of them, or one a line.
 *
 * @throws {ResultError} one sentence, where something in it is none.
 */
export function parseDocuments(text: string, name: string): ReportDocument[] {
  return parseEach(text, name, { check: checkDocument, what: "document", give: GIVE });
}

/** Whether it is a result. */
export function isResult(document: ReportDocument): document is Result {
  return document.schema === RESULT_SCHEMA;
}

/** Whether it is a recommendation. */
export function isRecommendation(document: ReportDocument): document is Recommendation {
  return document.schema === RECOMMENDATION_SCHEMA;
}
