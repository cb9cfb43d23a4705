/**
 * The schema of a comparison that was printed, to print it in another format. Keys that it does not know are kept.
 *
 * @module
 */
import * as v from "valibot";
import { type Comparison, COMPARISON_SCHEMA } from "./comparison.ts";
import { checkedBy, parseEach, ResultError } from "./parse_each.ts";
import { LEVEL_NAMES, RESULT_SCHEMA } from "./result.ts";

const finite = v.pipe(v.number(), v.finite("a finite number"));
const maybe = v.nullable(finite);
const text = v.string();
const verdict = v.picklist(["same", "faster", "slower", "cannot tell"]);

const side = v.looseObject({
  ids: v.pipe(v.array(text), v.minLength(1)),
  revision: v.nullable(text),
  machine: text,
  startedAt: text,
  repeats: finite,
});

const comparison = v.looseObject({
  schema: v.literal(COMPARISON_SCHEMA),
  scenario: text,
  base: side,
  head: side,
  confidence: finite,
  rows: v.array(v.looseObject({
    pool: v.nullable(text),
    part: v.nullable(v.picklist([...LEVEL_NAMES, "total", "response"])),
    measure: text,
    unit: v.picklist(["ns", "1/s", "share"]),
    base: finite,
    head: finite,
    change: finite,
    low: maybe,
    high: maybe,
    margin: finite,
    verdict,
    detectable: maybe,
  })),
  verdict,
  comparable: v.boolean(),
  warnings: v.array(v.looseObject({ code: text, message: text, advice: text })),
});

/** A value as a comparison. @throws {ResultError} a clause, where it is none. */
function checkComparison(value: unknown): Comparison {
  const { schema } = (value ?? {}) as { readonly schema?: unknown };
  if (schema === RESULT_SCHEMA) throw new ResultError("it is one result, and there is no other");
  return checkedBy(comparison, value);
}

/**
 * A text as the comparisons in it: one, an array of them, or one a line.
 *
 * @throws {ResultError} one sentence, where something in it is none.
 */
export function parseComparisons(text: string, name: string): Comparison[] {
  const give = "give two results, or one comparison, as compare --json prints it";
  return parseEach(text, name, { check: checkComparison, what: "comparison", give });
}
