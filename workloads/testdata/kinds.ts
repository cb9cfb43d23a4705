/**
 * The registered kinds as refusals list them, so that a new kind changes no test.
 *
 * @module
 */
import { oneOf } from "../did_you_mean.ts";
import { registered } from "../registered.ts";
import type { Registries } from "../registries.ts";

function listed(registry: object): string {
  return oneOf(Object.keys(registry).toSorted());
}

/** For each registry its names in a sentence: `heap, null or page`. */
export const KINDS = Object.fromEntries(
  Object.entries(registered).map(([what, registry]) => [what, listed(registry)]),
) as Readonly<Record<keyof Registries, string>>;
