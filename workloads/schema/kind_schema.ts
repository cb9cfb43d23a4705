/**
 * Schemas of registered kinds: an object whose `kind` says which keys it has besides.
 *
 * @module
 */
import * as v from "valibot";
import type { Kind, Option, Options, OptionValue } from "../../allocators/option.ts";
import { missing, notAmong } from "../clauses.ts";
import { oneOf } from "../did_you_mean.ts";
import type { Spec } from "../scenario.ts";
import { members, plainObject } from "./object_schema.ts";
import { type Names, optionSchema, type Schema } from "./option_schema.ts";
import { partsSchema } from "./parts_schema.ts";

/** An object whose `kind` is one of a registry and whose other keys are that kind's options. */
export function kindSchema(
  what: string,
  registry: Readonly<Record<string, Kind>>,
  names: Names | null,
): Schema<Spec> {
  const members = Object.entries(registry).map(([name, kind]) =>
    memberSchema(name, kind, optionEntries(kind.options, names))
  );
  return v.pipe(
    variantSchema(what, Object.keys(registry), members),
    v.transform((spec) => ({ ...spec, kind: String(spec.kind) })),
  );
}

/** What `memberSchema` makes: an object whose `kind` is one name. */
export type Member<E extends v.ObjectEntries> = v.StrictObjectSchema<
  { kind: v.LiteralSchema<string, undefined> } & E,
  (issue: v.StrictObjectIssue) => string
>;

/**
 * One member of a {@linkcode variantSchema}: its `kind` is `name`, its other keys are `entries`.
 */
export function memberSchema<E extends v.ObjectEntries>(
  name: string,
  kind: Kind,
  entries: E,
): Member<E> {
  return v.pipe(members({ kind: v.literal(name), ...entries }), v.description(kind.summary));
}

/** An object that is one of several, by its `kind`. */
export function variantSchema<E extends v.ObjectEntries>(
  what: string,
  kinds: readonly string[],
  options: Member<E>[],
): Schema<v.InferOutput<Member<E>>> {
  return v.pipe(
    plainObject(`an object whose kind is ${oneOf(kinds)}`),
    v.variant(
      "kind",
      options,
      ({ input }) =>
        input === undefined
          ? missing(oneOf(kinds))
          : notAmong(input, `is not a kind of ${what}`, kinds),
    ),
  );
}

/** The entries of an option table. */
export function optionEntries(
  options: Options,
  names: Names | null,
): Record<string, Schema<OptionValue>> {
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => [key, entrySchema(option, names)]),
  );
}

function entrySchema(option: Option, names: Names | null): Schema<OptionValue> {
  return option.type === "parts" ? partsSchema(option, names) : optionSchema(option, names);
}
