/**
 * The registry of formats for sweeps: a new one is a new file and one line here.
 *
 * @module
 */
export { table as "table" } from "./table.ts";
export { json as "json" } from "./json.ts";
export { csv as "csv" } from "./csv.ts";
export { markdown as "markdown" } from "./markdown.ts";
