/**
 * A worker of any load that dies in the run, if it is the one that the scenario's name ends with, in the way that is named before
 * that; it has three elements of the first pool by then, and others perhaps.
 *
 * @module
 */
import { BLOCKING } from "../../allocators/allocator.ts";
import { dieWithin, end } from "../../sync/testing/sudden_death.ts";
import { serveJobs } from "../job.ts";
import type { Meter } from "../meter.ts";
import type { Load, LoadContext, LoadKind } from "../kinds/load.ts";
import * as loadRegistry from "../kinds/mod.ts";

/**
 * Ways to die: it throws, closes itself with the pool's lock, is cut off somewhere, ends between two tasks, or idles until it is terminated. One that stays
 * idles as well, and nobody terminates it.
 */
export type Way = "throws" | "closes" | "cut off" | "ends" | "idles" | "stays";

/** When one ends that does so between two tasks, nanoseconds. */
const END_NS = 3e7;

/** Elements that it has. */
export const HELD = 3;

function die(way: Way, { takes }: LoadContext, load: Load): Promise<void> {
  const pool = takes[0]!;
  for (let element = 0; element < HELD; element++) pool.allocate(BLOCKING);
  switch (way) {
    case "throws":
      throw new Error("planted");
    case "closes":
      pool.reserve.lock.acquire();
      return end();
    case "cut off":
      return dieWithin(10, () => load.run());
    case "ends":
      return load.run();
    case "idles":
    case "stays":
      return new Promise(() => {});
  }
}

/** Ends the worker where it looks at the clock after that. */
function endAt(meter: Meter, ns: number): void {
  const nowNs = meter.nowNs.bind(meter);
  meter.nowNs = () => nowNs() < ns ? nowNs() : end();
}

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

serveJobs(({ scenario: { name, workload } }) => {
  const [, way, worker] = /: (.*)@(\d+)$/.exec(name)!;
  const kind = LOADS[workload.kind]!;
  return {
    ...kind,
    start(context) {
      const dies = context.worker === Number(worker);
      if (dies && way === "ends") endAt(context.meter, END_NS);
      const load = kind.start(context);
      if (!dies) return load;
      const last = async () => await die(way as Way, context, load);
      const bound = { held: () => load.held(), release: () => load.release() };
      return { ...bound, run: last };
    },
  };
});
