/**
 * Files that a scenario names: their paths start from the scenario's own folder, so that it can be moved together with
 * them. Whatever option is declared a path is made absolute here, once, at the edge.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Kind, Options } from "../allocators/option.ts";
import type { Registries } from "./registries.ts";
import type { Scenario, Spec } from "./scenario.ts";
import { SPECIAL } from "./schema/scenario_options.ts";

/** The parts of a scenario that may name files. */
type Files = Pick<Scenario, "allocators" | "workload" | "pressure">;

/** The parts of a scenario that may name files, with every path absolute, or a `file:` URL as it was. */
export function absoluteFiles(files: Files, registries: Registries, directory: string): Files {
  const { allocators, workload, pressure } = files;
  const { arrival, hold } = workload;
  const absolute = (spec: Spec, kinds: Readonly<Record<string, Kind>>): Spec =>
    absoluteSpec(spec, kinds, directory);
  const options = { ...optionsOf(workload, registries.workloads), trace: SPECIAL.trace };
  return {
    allocators: Object.fromEntries(
      Object.entries(allocators).map((
        [name, spec],
      ) => [name, absolute(spec, registries.allocators)]),
    ),
    workload: {
      ...withPathsFrom(directory, workload, options),
      arrival: arrival && absolute(arrival, registries.arrivals),
      hold: hold && absolute(hold, registries.holds),
    },
    pressure: absolute(pressure, registries.pressures),
  };
}

/** A kind whose paths, if it has any, are absolute. */
export function absoluteSpec(
  spec: Spec,
  kinds: Readonly<Record<string, Kind>>,
  directory: string,
): Spec {
  return withPathsFrom(directory, spec, optionsOf(spec, kinds));
}

function optionsOf(
  { kind }: { readonly kind: string },
  kinds: Readonly<Record<string, Kind>>,
): Options {
  return kinds[kind]?.options ?? {};
}

function withPathsFrom<T extends object>(directory: string, values: T, options: Options): T {
  const paths = Object.entries(values).filter(([key]) => options[key]?.type === "path");
  return {
    ...values,
    ...Object.fromEntries(paths.map(([key, path]) => [key, absolutePath(directory, path)])),
  };
}

/** Null, where an option may be, stays null. */
function absolutePath(directory: string, path: unknown): unknown {
  return typeof path !== "string" || path.startsWith("file:") ? path : resolve(directory, path);
}
