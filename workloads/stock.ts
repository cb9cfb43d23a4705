/**
 * What is left to be had in a run, as the coordinator sees it from time to time: whether it falls says how long a run could have
 * gone on.
 *
 * While the back ends live it is the pages that are free or may still be added, together with what the reserves hold, in
 * elements of the pool that the load takes from. Once they are dead it is the reserve alone.
 *
 * @module
 */
import type { Composition } from "../pools/composition.ts";
import type { Scenario } from "./scenario.ts";
import type { Outlook } from "./watchdog.ts";

/** What was left at one moment. */
export interface Stock {
  /** Nanoseconds from the barrier. */
  readonly atNs: number;
  /** Elements that could still be had. */
  readonly elements: number;
}

/** Reads what is left of what a scenario's load takes; null where no shared memory limits it. */
export function stockReader(
  { pools, arena }: Composition,
  { workload, memory }: Scenario,
  outlook: Outlook,
): (() => number) | null {
  const names = workload.take.map(({ pool }) => pool);
  const taken = pools.filter(({ name }) => names.includes(name));
  if (taken.length === 0) return null;
  const reserve = () => taken.reduce((sum, pool) => sum + pool.currentReserve, 0);
  if (outlook === "dead") return reserve;
  const elementPages = Math.max(...taken.map((pool) => pool.elementBytes)) / memory.pageBytes;
  return () => (memory.growTo - arena.pages() + arena.freePages()) / elementPages + reserve();
}
