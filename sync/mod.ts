/**
 * Shared memory and waiting: the only folder that knows the subtleties of Atomics.
 *
 * @module
 */
export * from "./barrier.ts";
export * from "./bell.ts";
export * from "./dead_participant.ts";
export * from "./handle_ring.ts";
export * from "./journal.ts";
export * from "./life.ts";
export * from "./lock.ts";
export * from "./participant.ts";
export * from "./region.ts";
export * from "./slots.ts";
export * from "./wait_queue.ts";
