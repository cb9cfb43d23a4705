/**
 * The notation of the command line for a registered kind: `poisson:rate=10000/s`,
 * `lognormal:median=200us,sigma=1.5`. A kind's first option may be given without its key (`constant:1ms`).
 *
 * @module
 */
import type { OptionValues } from "../allocators/kind.ts";
import type { Kind, Options, OptionValue } from "../allocators/option.ts";
import { found, notAmong } from "./clauses.ts";
import { didYouMean } from "./did_you_mean.ts";
import type { Spec } from "./scenario.ts";
import { parseOption, UnitError } from "./units.ts";

/** Kinds by name, as a registry's barrel exports them. */
export type Registry = Readonly<Record<string, Kind>>;

/**
 * Parses a kind with its options, defaults filled in, numbers in base units.
 *
 * @param what what the registry holds, for errors: "arrival", "hold".
 * @throws {UnitError} a clause that says what was found and what is allowed.
 */
export function parseNotation(text: string, registry: Registry, what: string): Spec {
  const colon = text.indexOf(":");
  const kind = (colon < 0 ? text : text.slice(0, colon)).trim();
  const entry = lookUp(kind, registry, what);
  const given = colon < 0 ? {} : splitOptions(text.slice(colon + 1), kind, entry.options);
  return { ...resolveOptions(given, kind, entry.options), kind };
}

/**
 * Checks the options given to a kind and fills in the defaults.
 *
 * @throws {UnitError} where one is unknown, missing, or no value of its type.
 */
export function resolveOptions(
  given: Readonly<Record<string, unknown>>,
  kind: string,
  options: Options,
): OptionValues {
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(options, key)) throw unknownOption(key, kind, options);
  }
  const resolved: Record<string, OptionValue> = {};
  for (const [key, option] of Object.entries(options)) {
    if (!Object.hasOwn(given, key)) {
      if (option.default === undefined) throw missingOption(key, kind, options);
      resolved[key] = option.default;
      continue;
    }
    try {
      resolved[key] = parseOption(option, given[key]);
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      throw new UnitError(`${key} of ${kind}: ${error.message}`);
    }
  }
  return resolved;
}

function lookUp(kind: string, registry: Registry, what: string): Kind {
  const entry = Object.hasOwn(registry, kind) ? registry[kind] : undefined;
  if (entry !== undefined) return entry;
  throw new UnitError(notAmong(kind, `is no known ${what}`, Object.keys(registry)));
}

/** "median=200us,sigma=1" or "200us,sigma=1" by key; the first may go without. */
function splitOptions(text: string, kind: string, options: Options): Record<string, string> {
  const given = new Map<string, string>();
  for (const [index, part] of text.split(",").entries()) {
    const equals = part.indexOf("=");
    const first = index === 0 ? Object.keys(options)[0] : undefined;
    const key = equals < 0 ? first : part.slice(0, equals).trim();
    if (key === undefined) {
      throw new UnitError(
        `${found(part)} of ${kind} has no key: give key=value, ${takes(kind, options)}`,
      );
    }
    if (given.has(key)) throw new UnitError(`${key} of ${kind} is given twice: give it once`);
    given.set(key, part.slice(equals + 1).trim());
  }
  return Object.fromEntries(given);
}

function unknownOption(key: string, kind: string, options: Options): UnitError {
  const hint = didYouMean(key, Object.keys(options));
  return new UnitError(`${kind} has no option ${found(key)}: ${takes(kind, options)}${hint}`);
}

function missingOption(key: string, kind: string, options: Options): UnitError {
  const { type, summary } = options[key]!;
  return new UnitError(`${kind} needs ${key}: give ${key}=${type.toUpperCase()} (${summary})`);
}

function takes(kind: string, options: Options): string {
  const keys = Object.keys(options).join(", ");
  return keys === "" ? `${kind} takes no options` : `${kind} takes ${keys}`;
}
