/**
 * The registry of commands: a new command is one file and one line here.
 *
 * @module
 */
export { ab as "ab" } from "./ab.ts";
export { bench as "bench" } from "./bench.ts";
export { compare as "compare" } from "./compare.ts";
export { completions as "completions" } from "./completions.ts";
export { doctor as "doctor" } from "./doctor.ts";
export { history as "history" } from "./history.ts";
export { init as "init" } from "./init.ts";
export { list as "list" } from "./list.ts";
export { recommend as "recommend" } from "./recommend.ts";
export { report as "report" } from "./report.ts";
export { sweep as "sweep" } from "./sweep.ts";
export { trace as "trace" } from "./trace.ts";
export { tune as "tune" } from "./tune.ts";
export { validate as "validate" } from "./validate.ts";
