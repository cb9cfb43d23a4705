/**
 * What a load's workers hand to each other, and what becomes of it once one of them is dead. Only the load knows where such
 * elements lie, so a kind of load whose workers do that says it here; the coordinator asks.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import type { Mempool } from "../pools/mempool.ts";
import type { Region } from "../sync/mod.ts";
import type { WorkloadSpec } from "./scenario.ts";
import type { ReplayProgram } from "./traces/program.ts";

/** What a load's estate is known by. */
export interface EstateContext {
  readonly workload: WorkloadSpec;
  readonly program: ReplayProgram | null;
  /** The words that all workers share, and where those are that the load has planned for itself. */
  readonly region: Region;
  readonly places: readonly number[];
  /** The pools that one task takes from, one entry for each element, as the coordinator sees them. */
  readonly takes: readonly Mempool[];
}

/** Of one run. The coordinator only, while it takes part. */
export interface Estate {
  /**
   * Says that a worker is dead, before what it had is recovered.
   *
   * @returns whether somebody else has an element that it allocated, or will have it.
   */
  close(dead: number): (pool: string, handle: Handle) => boolean;
  /** Does what dead ones would have done for the living: now and then, and once more when all of these have ended (`isOver`). */
  tend(isOver: boolean): void;
}

/** That of a load whose workers hand nothing to each other. */
export const NO_ESTATE: Estate = {
  close: () => () => false,
  tend() {},
};

/** The same estate, made once somebody dies: what it is made of may be large. */
export function madeWhenNeeded(make: () => Estate): Estate {
  let made: Estate | null = null;
  const estate = () => made ??= make();
  return {
    close: (dead) => estate().close(dead),
    tend: (isOver) => estate().tend(isOver),
  };
}
