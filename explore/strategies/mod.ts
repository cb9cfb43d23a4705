/**
 * The registry of strategies: a new one is one file and one line here.
 *
 * @module
 */
export { bound0 as "bound-0", bound1 as "bound-1", bound2 as "bound-2" } from "./bounded.ts";
export { pct as "pct" } from "./pct.ts";
export { random as "random" } from "./random.ts";
