/**
 * The registry of trace formats: one line a format, by the name that `list trace-formats` shows. No two of them
 * recognise the same file.
 *
 * @module
 */
export { blkparse as "blkparse" } from "./blkparse.ts";
export { csv as "csv" } from "./csv.ts";
export { fioIolog as "fio-iolog" } from "./fio_iolog.ts";
export { fioLatency as "fio-latency" } from "./fio_latency.ts";
export { flashnet as "flashnet" } from "./flashnet.ts";
export { ftrace as "ftrace" } from "./ftrace.ts";
export { iosnoop as "iosnoop" } from "./iosnoop.ts";
export { jsonLines as "json-lines" } from "./json_lines.ts";
export { memoryReplay as "memory-replay" } from "./memory_replay.ts";
export { msrCambridge as "msr-cambridge" } from "./msr_cambridge.ts";
export { mtrace as "mtrace" } from "./mtrace.ts";
export { nativeCsv as "native-csv" } from "./native_csv.ts";
export { nativeNdjson as "native-ndjson" } from "./native_ndjson.ts";
export { nginx as "nginx" } from "./nginx.ts";
export { perfScript as "perf-script" } from "./perf_script.ts";
export { rep as "rep" } from "./rep.ts";
export { strace as "strace" } from "./strace.ts";
