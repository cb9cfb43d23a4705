import { assert, assertEquals } from "@std/assert";
import { exampleResult } from "../testdata/example.ts";
import { csv } from "./csv.ts";

const OPTIONS = { color: false, columns: 80 };

Deno.test("csv begins with a header that does not change", () => {
  assertEquals(
    csv.print(exampleResult({ repeats: 0 }), OPTIONS),
    "id,scenario,repeat,seed,pool,level,name,hits,rate,latency_count,latency_min_ns," +
      "latency_mean_ns,latency_p50_ns,latency_p90_ns,latency_p99_ns,latency_p99.9_ns," +
      "latency_p99.99_ns,latency_max_ns\r\n",
  );
});

Deno.test("csv has a line for each run, pool and level, and a total", () => {
  const lines = csv.print(exampleResult({ repeats: 2, pools: ["bio", "bvec"] }), OPTIONS).split(
    "\r\n",
  );
  assertEquals(lines.length, 1 + 2 * 2 * 6 + 1);
  assertEquals(lines.at(-1), "");
  assertEquals(
    lines[5],
    "20260101-000000-canonical-1,canonical,0,1,bio,5,wait,63,0.000025575520248707726," +
      "63,306000,734400,612000,,,,,3481977",
  );
  assertEquals(
    lines[6],
    "20260101-000000-canonical-1,canonical,0,1,bio,total,total,2463293,1," +
      "2463293,49,116,97,152,9180,38700,,3481977",
  );
});

Deno.test("csv quotes commas, quotes and line ends", () => {
  const text = csv.print(exampleResult({ pools: ['a "b", c\nd'] }), OPTIONS);
  const [, line] = text.split("\r\n");
  assert(line!.startsWith('20260101-000000-canonical-1,canonical,0,1,"a ""b"", c\nd",1,'));
});
