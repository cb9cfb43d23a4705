/**
 * The registry of formats of changes: a new one is a new file and one line here.
 *
 * @module
 */
export { table as "table" } from "./table.ts";
export { json as "json" } from "./json.ts";
export { markdown as "markdown" } from "./markdown.ts";
