/**
 * The registry of output formats: a new one is a new file and one line here.
 *
 * @module
 */
export { table as "table" } from "./table.ts";
export { json as "json" } from "./json.ts";
export { csv as "csv" } from "./csv.ts";
export { markdown as "markdown" } from "./markdown.ts";
export { bencher as "bencher" } from "./bencher.ts";
export { githubSmaller as "github-smaller" } from "./github_benchmark.ts";
export { githubBigger as "github-bigger" } from "./github_benchmark.ts";
export { gobench as "gobench" } from "./gobench.ts";
export { dpdk as "dpdk" } from "./dpdk.ts";
export { prometheus as "prometheus" } from "./prometheus.ts";
export { hgrm as "hgrm" } from "./hdr_percentiles.ts";
export { hlog as "hlog" } from "./hdr_log.ts";
