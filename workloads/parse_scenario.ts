/**
 * A scenario is parsed here, once, at the edge: text in, plain data in base units out, or one
 * sentence that says what is wrong, where, and what is allowed.
 *
 * First the text becomes a document that knows the line of each key, then the command line's
 * changes are made to it, then the schema (built from the registries) checks each value, and last
 * what the values mean together is resolved.
 *
 * @module
 */
import * as v from "valibot";
import { type Document, documentOf, readDocument } from "./document.ts";
import { isObject } from "./schema/object_schema.ts";
import type { Names } from "./schema/option_schema.ts";
import { applyOverrides, type Overrides } from "./overrides.ts";
import { problemsOf, refuseFirst } from "./problem.ts";
import type { Registries } from "./registries.ts";
import { resolveScenario } from "./resolve_scenario.ts";
import type { Scenario } from "./scenario.ts";
import { scenarioSchema } from "./schema/scenario_schema.ts";
import { readBuiltin } from "./scenarios/mod.ts";
import { variantsOf } from "./variants.ts";

/** Where a scenario comes from. */
export type ScenarioSource =
  /** A file's path, as the user gave it, and its text. */
  | { readonly file: string; readonly text: string }
  /** A built-in scenario's name. */
  | { readonly name: string }
  /** A value that is nowhere written, with what refusals should call it. */
  | { readonly label: string; readonly raw: unknown };

/**
 * Parses a scenario; of one that names variants, what they have in common.
 *
 * @param overrides What the command line changes.
 * @throws {InputError} one sentence: place, key, what was found and what is allowed.
 */
export function parseScenario(
  source: ScenarioSource,
  overrides: Overrides,
  registries: Registries,
): Scenario {
  return parseDocument(documentFrom(source), overrides, registries);
}

/**
 * Parses a scenario into its variants, to be compared with one another: itself alone where it names none.
 *
 * @param overrides What the command line changes, in each of them.
 * @throws {InputError} as {@linkcode parseScenario} does.
 */
export function parseVariants(
  source: ScenarioSource,
  overrides: Overrides,
  registries: Registries,
): Scenario[] {
  return variantsOf(documentFrom(source)).map((each) => parseDocument(each, overrides, registries));
}

/** The names of a scenario's variants, which {@linkcode parseScenario} leaves out; none where it has none. */
export function variantNames(source: ScenarioSource): string[] {
  const document = documentFrom(source);
  return variantsOf(document).filter((each) => each !== document).map(({ name }) => name);
}

function parseDocument(
  written: Document,
  overrides: Overrides,
  registries: Registries,
): Scenario {
  const document = applyOverrides(written, overrides, registries);
  const schema = scenarioSchema(registries, namesIn(document.raw));
  const result = v.safeParse(schema, document.raw);
  if (!result.success) refuseFirst(document, problemsOf(result.issues));
  if (!result.typed) throw new Error("a scenario was refused without a reason");
  return resolveScenario(result.output, document, registries);
}

function documentFrom(source: ScenarioSource): Document {
  if ("raw" in source) return documentOf(source.label, source.raw);
  const { file, text } = "file" in source ? source : readBuiltin(source.name);
  return readDocument(file, text);
}

/** The names that a scenario defines, whatever else may be wrong with it. */
function namesIn(raw: unknown): Names {
  const keys = (name: "allocators" | "pools") =>
    isObject(raw) && isObject(raw[name]) ? Object.keys(raw[name]) : [];
  return { allocators: keys("allocators"), pools: keys("pools") };
}
