/**
 * The registry of workloads: a new kind is one file and one line here.
 *
 * @module
 */
export { closed as "closed" } from "./closed.ts";
export { open as "open" } from "./open.ts";
export { replay as "replay" } from "./replay.ts";
export { swapOut as "swap-out" } from "./swap_out.ts";
