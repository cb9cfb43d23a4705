/**
 * The random streams of one worker, one for each purpose: what is drawn for one never shifts another.
 *
 * @module
 */
import type { HoldContext, HoldKind } from "../holds/hold.ts";
import * as holdRegistry from "../holds/mod.ts";
import { createRandom, type Random } from "../random.ts";
import type { Spec } from "../scenario.ts";

const HOLDS: Readonly<Record<string, HoldKind>> = holdRegistry;

/** No run has more, the worker of a pressure included: beyond their streams lies the one that all share. */
const CREW_MAX = 65;

const PURPOSES = ["arrival", "hold", "caller", "place", "fault", "alternative"] as const;

/** Whose streams. */
export interface StreamOwner {
  readonly seed: number;
  readonly worker: number;
}

/** Whose hold times. */
export interface HoldOwner extends StreamOwner, Pick<HoldContext, "workers"> {
  /** What the hold's kind has read; null where it has nothing to read. */
  readonly recorded: { readonly hold: Float64Array | null };
}

/** A worker's random stream for one purpose. */
export function streamOf(owner: StreamOwner, purpose: typeof PURPOSES[number]): Random {
  return createRandom(owner.seed, owner.worker * PURPOSES.length + PURPOSES.indexOf(purpose));
}

/** The stream that is the same in all workers, for what comes over all of them at once. */
export function commonStream({ seed }: StreamOwner): Random {
  return createRandom(seed, CREW_MAX * PURPOSES.length);
}

/** A worker's hold times by a scenario's spec. */
export function holdTimes(spec: Spec, owner: HoldOwner): () => number {
  const { worker, workers, recorded } = owner;
  const context = { worker, workers, recorded: recorded.hold };
  return HOLDS[spec.kind]!.times(spec, streamOf(owner, "hold"), context);
}
