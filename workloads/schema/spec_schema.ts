/**
 * The schema of a registered kind with its options: an object, or a text in the notation of the
 * command line, such as `"poisson:rate=20000/s"`.
 *
 * @module
 */
import * as v from "valibot";
import type { Kind } from "../../allocators/option.ts";
import { found } from "../clauses.ts";
import { oneOf } from "../did_you_mean.ts";
import { parseNotation } from "../notation.ts";
import { kindSchema } from "./kind_schema.ts";
import type { Names, Schema } from "./option_schema.ts";
import type { Spec } from "../scenario.ts";
import { UnitError } from "../units.ts";

/** The schema of one kind out of a registry; `what` it is stands in the sentences. */
export function specSchema(
  what: string,
  registry: Readonly<Record<string, Kind>>,
  names: Names | null,
): Schema<Spec> {
  const notation = v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Spec => {
      try {
        return parseNotation(dataset.value, registry, what);
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        addIssue({ message: error.message });
        return NEVER;
      }
    }),
  );
  return v.union([kindSchema(what, registry, names), notation], ({ input }) => {
    const kinds = oneOf(Object.keys(registry));
    return `${found(input)} is not allowed: give an object whose kind is ${kinds}`;
  });
}
