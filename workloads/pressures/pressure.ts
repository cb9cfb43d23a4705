/**
 * What a kind of pressure is: what is done to the back ends while the load runs. Either as plain numbers, which the harness
 * puts into practice above the caches: what is down or dead serves nothing at all. Or by a worker of its own, beside
 * those of the load, which takes the memory itself: then the back ends fail as they would without a harness.
 *
 * @module
 */
import type { Arena } from "../../allocators/arena.ts";
import type { OptionValues } from "../../allocators/kind.ts";
import type { PageCache } from "../../allocators/page_cache.ts";
import type { Load, LoadContext } from "../kinds/load.ts";
import type { SuitedKind } from "../registries.ts";

/** What is done to the back ends, nanoseconds and probabilities. */
export interface Pressure {
  /** Probability that an atomic (0) or blocking (1) allocation fails while they are up. */
  readonly failure: readonly [number, number];
  /** How long they are up at first and between two outages; Infinity: for good. */
  readonly upNs: number;
  /** How long an outage lasts; Infinity: for good. */
  readonly downNs: number;
}

/** What the worker of a pressure runs on: what a worker of the load has, and the memory itself. */
export interface PressureContext extends LoadContext {
  readonly arena: Arena;
  /** A cache that it may fill, and that everybody reclaims from. */
  readonly cache: PageCache;
}

/** A registered kind of pressure: one file, one line in `mod.ts`. */
export interface PressureKind extends SuitedKind {
  /** The pressure by its options; null where nothing is done to them by numbers, so that no layer need stand in between. */
  pressure(options: OptionValues): Pressure | null;
  /**
   * What a worker does that the pressure brings; left out where it brings none. It runs as long as the load, and says
   * itself, by `setStuck()`, when nothing that it goes on to do helps anybody who waits.
   */
  start?(options: OptionValues, context: PressureContext): Load;
}
