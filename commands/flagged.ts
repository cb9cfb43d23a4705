/**
 * Values of options, whose refusals name the option.
 *
 * @module
 */
import { InputError } from "../workloads/input_error.ts";
import { parseNotation, type Registry } from "../workloads/notation.ts";
import type { Spec } from "../workloads/scenario.ts";
import { UnitError } from "../workloads/units.ts";

/** What runs under `flag`, whose refusals then name it. */
export function flagged<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UnitError) throw new InputError(`${flag}: ${error.message}`);
    throw error;
  }
}

/** A kind in the notation of the command line, such as `poisson:rate=10000/s`. @throws {InputError} where it is none. */
export function specOf(flag: string, text: string, registry: Registry, what: string): Spec {
  return flagged(flag, () => parseNotation(text, registry, what));
}
