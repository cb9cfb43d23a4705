/**
 * The registry of holds: one line a kind, by the name that scenarios use.
 *
 * @module
 */
export { constant as "constant" } from "./constant.ts";
export { exponential as "exponential" } from "./exponential.ts";
export { lognormal as "lognormal" } from "./lognormal.ts";
export { pareto as "pareto" } from "./pareto.ts";
export { trace as "trace" } from "./trace.ts";
