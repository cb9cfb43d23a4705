/**
 * Producers and consumers: what one worker takes, another frees, always. Caches for each worker, which the other loads favour,
 * are of no use here by themselves: those of the producers are always empty and those of the consumers always full.
 *
 * A producer goes as fast as it can until its rings are full, so that the elements in flight are bounded by the rings and the
 * batches that producers are at. At the end of the run they hand over what they have, and consumers free whatever comes
 * until nothing will come any more: nothing is left over.
 *
 * @module
 */
import { found } from "../clauses.ts";
import type { Problem } from "../problem.ts";
import type { Scenario } from "../scenario.ts";
import { asyncProblems, privateProblems } from "../suits.ts";
import { Consumer } from "./consumer.ts";
import { planHandOver, rolesOf } from "./hand_over.ts";
import { handOverEstate } from "./hand_over_estate.ts";
import { eachOf, type LoadKind } from "./load.ts";
import { Producer } from "./producer.ts";

function roleProblems({ workload }: Scenario): Problem[] {
  const { producers, consumers, ring, batch } = rolesOf(workload);
  const { workers, take } = workload;
  if (workers < 2) {
    const clause = `${workers} is not allowed: give 2 or more, a producer and a consumer`;
    return [{ path: ["workload", "workers"], clause }];
  }
  if (consumers < 1) {
    const clause = `${found(producers)} is not allowed: give an integer from 1 to ${workers - 1}` +
      ", which leaves a consumer";
    return [{ path: ["workload", "producers"], clause }];
  }
  const width = take.reduce((sum, { count }) => sum + count, 0);
  if (batch * width <= ring) return [];
  const clause = `${found(batch)} is not allowed: a batch of ${batch * width} elements does not ` +
    `fit a ring of ${ring}: give a smaller one, or a larger ring`;
  return [{ path: ["workload", "batch"], clause }];
}

/** Every free by another worker. */
export const producerConsumer: LoadKind = {
  summary: "some workers take, the others free: every free is another worker's",
  options: {
    producers: {
      type: "integer",
      summary: "workers that take; the others free. Half of them if left out",
      default: null,
      min: 1,
      max: 63,
    },
    batch: {
      type: "integer",
      summary: "tasks that are handed over together",
      default: 1,
      min: 1,
      max: 65_536,
    },
    ring: {
      type: "integer",
      summary: "elements in the ring from each producer to each consumer, at most",
      default: 512,
      min: 1,
      max: 65_536,
      powerOfTwo: true,
    },
  },
  needs: [],
  allows: [],
  problems: (scenario, kinds) => [
    ...privateProblems(scenario, kinds),
    ...asyncProblems(scenario),
    ...roleProblems(scenario),
  ],
  plan: planHandOver,
  estate: handOverEstate,
  start(context) {
    const { producers } = rolesOf(context.workload);
    return context.worker < producers ? new Producer(context) : new Consumer(context);
  },
  oneByOne(workload, pool) {
    const { producers, batch } = rolesOf(workload);
    // What a batch has so far is freed only once it is whole.
    const elements = batch * eachOf(workload, pool);
    return { tasks: producers / workload.workers, elements, couldBeBulk: batch === 1 };
  },
};
