/**
 * From a registered kind's option table to a schema. The table is the only place where an option is
 * declared; the schema takes values as a user writes them, yields them in base units, and carries
 * the rest (summary, bounds, default) along for the JSON Schema.
 *
 * @module
 */
import * as v from "valibot";
import type { Option, OptionType, ScalarValue, TextOptionType } from "../../allocators/option.ts";
import { notAmong } from "../clauses.ts";
import { isTextType, parseOption, UnitError } from "../units.ts";

/** A schema for something that a user wrote, which yields a `T`. */
export type Schema<T> = v.GenericSchema<unknown, T>;

/** The names that a scenario defines, against which the names used in it are checked. */
export interface Names {
  /** Of its allocators. */
  readonly allocators: readonly string[];
  /** Of its pools. */
  readonly pools: readonly string[];
}

/** Numbers as texts. */
const EXAMPLES: Readonly<
  Record<Exclude<OptionType, "boolean" | "parts" | TextOptionType>, string[]>
> = {
  integer: ["4k"],
  number: ["0.5"],
  probability: ["0.1%"],
  duration: ["500us"],
  bytes: ["64KiB"],
  rate: ["20000/s"],
};

/** The schema of one option; optional where the option has a default. */
export function optionSchema(option: Option, names: Names | null): Schema<ScalarValue> {
  return schemaOf(option, names, (_value: ScalarValue): _value is ScalarValue => true);
}

/** As {@linkcode optionSchema}, for an option that is a number. */
export function numberSchema(option: Option): Schema<number> {
  return schemaOf(option, null, (value) => typeof value === "number");
}

/** As {@linkcode optionSchema}, for an option that is a text, a name or a path. */
export function textSchema(option: Option, names: Names | null): Schema<string> {
  return schemaOf(option, names, (value) => typeof value === "string");
}

/** As {@linkcode optionSchema}, for an option that is true or false. */
export function booleanSchema(option: Option): Schema<boolean> {
  return schemaOf(option, null, (value) => typeof value === "boolean");
}

function schemaOf<T extends ScalarValue>(
  option: Option,
  names: Names | null,
  isWanted: (value: ScalarValue) => value is T,
): Schema<T> {
  const schema = v.pipe(
    writtenAs(option),
    v.description(option.summary),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const parsed = parse(option, dataset.value, names);
      if ("clause" in parsed) addIssue({ message: parsed.clause });
      else if (isWanted(parsed.value)) return parsed.value;
      else throw new TypeError(`an option of type ${option.type} is ${typeof parsed.value}`);
      return NEVER;
    }),
  );
  return option.default === undefined ? schema : v.optional(schema, option.default);
}

/** What a user may write, as JSON types; what it must be beyond that, `parseOption()` says. */
function writtenAs(option: Option): Schema<ScalarValue> {
  const message = ({ input }: v.BaseIssue<unknown>) => {
    const parsed = parse(option, input, null);
    return "clause" in parsed ? parsed.clause : "";
  };
  const schema = baseSchema(option, message);
  return option.default === null ? v.nullable(schema) : schema;
}

function baseSchema(
  option: Option,
  message: (issue: v.BaseIssue<unknown>) => string,
): Schema<ScalarValue> {
  const { type, oneOf } = option;
  if (type === "boolean") return v.boolean(message);
  if (oneOf !== undefined) return v.picklist(oneOf, message);
  if (isTextType(type)) return v.string(message);
  if (type === "parts") throw new TypeError("an option of type parts has a schema of its own");
  return v.union([numberWith(option), v.pipe(v.string(), v.examples(EXAMPLES[type]))], message);
}

/** A number, with what JSON Schema can say of the option. */
function numberWith({ type, min, max }: Option): Schema<number> {
  const least = type === "integer" || type === "number" ? min : min ?? 0;
  const most = type === "probability" ? max ?? 1 : max;
  return v.pipe(
    v.number(),
    v.metadata({
      ...(type === "integer" || type === "bytes" ? { type: "integer" } : {}),
      ...(least === undefined ? {} : { minimum: least }),
      ...(most === undefined ? {} : { maximum: most }),
    }),
  );
}

function parse(
  option: Option,
  value: unknown,
  names: Names | null,
): { value: ScalarValue } | { clause: string } {
  if (option.oneOf !== undefined && !option.oneOf.some((name) => name === value)) {
    return { clause: notAmong(value, "is not allowed", option.oneOf) };
  }
  if (option.type === "name" && typeof value === "string" && names !== null) {
    const all = [...names.allocators, ...names.pools];
    if (!all.includes(value)) return { clause: neither(value, all) };
  }
  try {
    return { value: parseOption(option, value) };
  } catch (error) {
    if (error instanceof UnitError) return { clause: error.message };
    throw error;
  }
}

function neither(name: string, all: readonly string[]): string {
  return notAmong(name, "is neither an allocator nor a pool of this scenario", all);
}
