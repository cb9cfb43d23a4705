/**
 * Who of a producer-consumer load does what, and the words through which producers hand elements over to consumers: a
 * ring of handles from each producer to each consumer, and a bell for each worker.
 *
 * @module
 */
import { attachBell, type Bell, type Layout, planBell, planHandleRing } from "../../sync/mod.ts";
import type { WorkloadSpec } from "../scenario.ts";
import { type LoadContext, ownOptions } from "./load.ts";

/** Who does what: the first workers produce, the others consume. */
export interface Roles {
  readonly producers: number;
  readonly consumers: number;
  /** Handles in each ring, at most. */
  readonly ring: number;
  /** Tasks that are handed over together. */
  readonly batch: number;
}

/** The roles that a workload asks for. */
export function rolesOf(workload: WorkloadSpec): Roles {
  const { producers: given, ring, batch } = ownOptions(workload);
  const producers = given === null ? workload.workers >> 1 : Number(given);
  const consumers = workload.workers - producers;
  return { producers, consumers, ring: Number(ring), batch: Number(batch) };
}

/** Plans a bell for each worker, then a ring for each producer and consumer. */
export function planHandOver(layout: Layout, workload: WorkloadSpec): number[] {
  const { producers, consumers, ring } = rolesOf(workload);
  const bells = Array.from(
    { length: workload.workers },
    (_, worker) => planBell(layout, `producer-consumer/${worker}`),
  );
  const rings = Array.from(
    { length: producers * consumers },
    (_, pair) => planHandleRing(layout, `producer-consumer/${pair}`, ring),
  );
  return [...bells, ...rings];
}

/** Where the ring from a producer to a consumer is; both are numbered from 0 up. */
export function ringPlace(
  { places, workload }: Pick<LoadContext, "places" | "workload">,
  { producer, consumer }: { readonly producer: number; readonly consumer: number },
): number {
  return places[workload.workers + producer * rolesOf(workload).consumers + consumer]!;
}

/** The bell of a worker. */
export function bellOf(
  { region, places }: Pick<LoadContext, "region" | "places">,
  worker: number,
): Bell {
  return attachBell(region, places[worker]!);
}

/** The longest sleep at a bell, milliseconds: after it a worker looks whether the run is over. */
export const SLEEP_MS = 50;

/** Who is still waited for so long after the run was stopped has died, milliseconds. */
const GIVEN_UP_MS = 2000;

/** Tells when the other side must have died: a while after the run was stopped. */
export function patience({ participant }: LoadContext): () => boolean {
  let stoppedMs = Infinity;
  return () => {
    if (!participant.stopped()) return false;
    stoppedMs = Math.min(stoppedMs, performance.now());
    return performance.now() - stoppedMs > GIVEN_UP_MS;
  };
}
