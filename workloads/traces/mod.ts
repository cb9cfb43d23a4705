/**
 * The registry of trace formats: one line a format, by the name that `list trace-formats` shows.
 *
 * @module
 */
export { mtrace as "mtrace" } from "./mtrace.ts";
export { nativeCsv as "native-csv" } from "./native_csv.ts";
export { nativeNdjson as "native-ndjson" } from "./native_ndjson.ts";
