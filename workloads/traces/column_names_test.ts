import { assertEquals } from "@std/assert";
import { columnsOf } from "./column_names.ts";

/** Role and unit of single names. */
const known: Readonly<Record<string, string>> = {
  start: "start null",
  start_us: "start 1000",
  startNs: "start 1",
  "start (ms)": "start 1000000",
  STARTs: "start 1000000000",
  ENDs: "end 1000000000",
  TIMEus: "time 1000",
  DELTAus: "duration 1000",
  LATms: "duration 1000000",
  timestamp: "time null",
  ts: "time null",
  "latency[us]": "duration 1000",
  latencyms: "duration 1000000",
  response_time_seconds: "duration 1000000000",
  elapsed_sec: "duration 1000000000",
  finishedAt: "end null",
  completion_time_ns: "end 1",
  arrival_time: "start null",
  bytes: "size null",
  io_size: "size null",
  ContextTokens: "size null",
  scheduled_time: "start 1000000000",
  tid: "worker null",
  num_gpu: "count null",
};

for (const [name, expected] of Object.entries(known)) {
  Deno.test(`columnsOf() knows what ${name} is`, () => {
    const [[role, column] = []] = Object.entries(columnsOf([name]));
    assertEquals(`${role} ${column?.unitNs}`, expected);
  });
}

Deno.test("columnsOf() takes no other name for one of these", () => {
  const names = ["status", "restarts", "bonus", "items", "bytes_per_second", "__proto__", "", "x"];
  assertEquals(columnsOf(names), {});
});

Deno.test("columnsOf() takes the first column of a role", () => {
  assertEquals(columnsOf(["issue_us", "start_ms"]).start?.name, "issue_us");
});
