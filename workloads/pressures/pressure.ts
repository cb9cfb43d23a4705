/**
 * What a kind of pressure is: what is done to the back ends while the load runs, as plain numbers. The harness puts
 * it into practice, above the caches: what is down or dead serves nothing at all.
 *
 * @module
 */
import type { OptionValues } from "../../allocators/kind.ts";
import type { Kind } from "../../allocators/option.ts";

/** What is done to the back ends, nanoseconds and probabilities. */
export interface Pressure {
  /** Probability that an atomic (0) or blocking (1) allocation fails while they are up. */
  readonly failure: readonly [number, number];
  /** How long they are up at first and between two outages; Infinity: for good. */
  readonly upNs: number;
  /** How long an outage lasts; Infinity: for good. */
  readonly downNs: number;
}

/** A registered kind of pressure: one file, one line in `mod.ts`. */
export interface PressureKind extends Kind {
  /** The pressure by its options; null where nothing is done at all, so that no layer need stand in between. */
  pressure(options: OptionValues): Pressure | null;
}
