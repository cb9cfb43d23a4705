/**
 * The registry of arrivals: one line a kind, by the name that scenarios use.
 *
 * @module
 */
export { constant as "constant" } from "./constant.ts";
export { poisson as "poisson" } from "./poisson.ts";
