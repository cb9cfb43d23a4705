/**
 * The registry of workloads: a new kind is one file and one line here.
 *
 * @module
 */
export { burst as "burst" } from "./burst.ts";
export { closed as "closed" } from "./closed.ts";
export { larson as "larson" } from "./larson.ts";
export { matrix as "matrix" } from "./matrix.ts";
export { open as "open" } from "./open.ts";
export { producerConsumer as "producer-consumer" } from "./producer_consumer.ts";
export { replay as "replay" } from "./replay.ts";
export { swapOut as "swap-out" } from "./swap_out.ts";
