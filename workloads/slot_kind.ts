/**
 * What slots are for.
 *
 * @module
 */

/** What a slot measures: all workers, one alone while the others sleep, or all with latencies. */
export type SlotName = "all" | "alone" | "timed";

/** As the workers are told, by name. */
export const SlotKind: Readonly<Record<SlotName | "warmup", number>> = {
  warmup: 0,
  all: 1,
  alone: 2,
  timed: 3,
};
