/**
 * The registry of pressures: a new one is one file and one line here.
 *
 * @module
 */
export { none as "none" } from "./none.ts";
export { fail as "fail" } from "./fail.ts";
export { outages as "outages" } from "./outages.ts";
export { dead as "dead" } from "./dead.ts";
export { hog as "hog" } from "./hog.ts";
