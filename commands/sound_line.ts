/**
 * What is said of a scenario that was found sound: enough to see that it is the one that was meant.
 *
 * @module
 */
import { plural } from "../results/formats/facts.ts";
import { bytes, duration } from "../results/formats/numbers.ts";
import type { Scenario } from "../workloads/scenario.ts";

/** One line, ended. */
export function soundLine(
  file: string,
  scenario: Scenario,
  { isVariant }: { readonly isVariant: boolean },
): string {
  const { name, pools, allocators, memory, pressure } = scenario;
  const over = `${counted(pools, "pool")} over ${counted(allocators, "allocator")}`;
  const facts = [
    name,
    over,
    loadOf(scenario),
    ...(pressure.kind === "none" ? [] : [`pressure ${pressure.kind}`]),
    `${bytes(memory.pages * memory.pageBytes)} of memory`,
  ];
  return `${file}: a sound ${isVariant ? "variant" : "scenario"}: ${facts.join(", ")}\n`;
}

function loadOf({ workload: { kind, trace, workers, duration: measured } }: Scenario) {
  const crew = `by ${plural(workers, "worker")}`;
  if (trace !== null) return `replay of ${trace.split(/[/\\]/).at(-1)} ${crew}`;
  return `${kind} load ${crew} for ${duration(measured)}`;
}

function counted(things: object, noun: string): string {
  return plural(Object.keys(things).length, noun);
}
