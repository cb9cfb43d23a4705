/**
 * The registry of arrivals: one line a kind, by the name that scenarios use.
 *
 * @module
 */
export { batch as "batch" } from "./batch.ts";
export { bursty as "bursty" } from "./bursty.ts";
export { constant as "constant" } from "./constant.ts";
export { poisson as "poisson" } from "./poisson.ts";
export { trace as "trace" } from "./trace.ts";
