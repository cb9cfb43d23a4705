/**
 * The random streams of one worker, one for each purpose: what is drawn for one never shifts another.
 *
 * @module
 */
import type { HoldKind } from "../holds/hold.ts";
import * as holdRegistry from "../holds/mod.ts";
import { createRandom, type Random } from "../random.ts";
import type { Spec } from "../scenario.ts";

const HOLDS: Readonly<Record<string, HoldKind>> = holdRegistry;

const PURPOSES = ["arrival", "hold", "caller", "place", "fault", "alternative"] as const;

/** Whose streams. */
export interface StreamOwner {
  readonly seed: number;
  readonly worker: number;
}

/** A worker's random stream for one purpose. */
export function streamOf(owner: StreamOwner, purpose: typeof PURPOSES[number]): Random {
  return createRandom(owner.seed, owner.worker * PURPOSES.length + PURPOSES.indexOf(purpose));
}

/** A worker's hold times by a scenario's spec. */
export function holdTimes(spec: Spec, owner: StreamOwner): () => number {
  return HOLDS[spec.kind]!.times(spec, streamOf(owner, "hold"));
}
