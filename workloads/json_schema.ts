/**
 * The JSON Schema of the scenario file, for editors and other programs: the same schema that files
 * are checked with, seen from outside. The converter is loaded when it is asked for, so that a run
 * does not pay.
 *
 * @module
 */
import type { Registries } from "./registries.ts";
import { scenarioSchema } from "./schema/scenario_schema.ts";

/** Parts of a pipe that turn what was written into base units: beyond JSON Schema. */
const UNSEEN = ["raw_transform", "raw_check", "transform"];

/** The JSON Schema (draft 2020-12) of the scenario file. */
export async function scenarioJsonSchema(registries: Registries): Promise<object> {
  const { toJsonSchema } = await import("@valibot/to-json-schema");
  return {
    title: "Scenario of mempool-bench",
    // Each pipe opens with a guard that JSON Schema has no word for, and closes with the schema proper.
    ...toJsonSchema(scenarioSchema(registries, null), {
      target: "draft-2020-12",
      typeMode: "output",
      ignoreActions: UNSEEN,
    }),
  };
}
