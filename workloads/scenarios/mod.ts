/**
 * The scenarios that come with the program.
 *
 * @module
 */
export { builtinNames, readBuiltin } from "./builtin.ts";
