/**
 * The schema of an option of type `parts`: a list of names of allocators and pools, each alone or with a count.
 *
 * @module
 */
import * as v from "valibot";
import type { Option, PartSpec } from "../../allocators/option.ts";
import { found } from "../clauses.ts";
import { objectSchema } from "./object_schema.ts";
import { type Names, numberSchema, type Schema, textSchema } from "./option_schema.ts";
import { ELEMENTS_MAX } from "./scenario_options.ts";

const OF: Option = { type: "name", summary: "the allocator or pool that it is taken from" };

const COUNT: Option = {
  type: "integer",
  summary: "how many elements of it, all or none",
  default: 1,
  min: 1,
  max: ELEMENTS_MAX,
};

const ALLOWED = `give a list of names, or of {"of": name, "count": n}`;

/** The schema of the parts of an element. */
export function partsSchema({ summary }: Option, names: Names | null): Schema<readonly PartSpec[]> {
  const one = v.pipe(textSchema(OF, names), v.transform((of): PartSpec => ({ of, count: 1 })));
  const counted = objectSchema({ of: textSchema(OF, names), count: numberSchema(COUNT) });
  const part = v.union(
    [one, counted],
    ({ input }) => `${found(input)} is not allowed: give a name, or {"of": name, "count": n}`,
  );
  return v.pipe(
    v.array(part, ({ input }) => `${found(input)} is not allowed: ${ALLOWED}`),
    v.minLength(1, `an empty list is not allowed: ${ALLOWED}`),
    v.description(summary),
  );
}
