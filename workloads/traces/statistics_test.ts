import { assertAlmostEquals, assertEquals } from "@std/assert";
import { withFile } from "./made_up.ts";
import { traceStatistics } from "./statistics.ts";

/** Of two real recordings, by an independent program. */
const recordings = {
  "../scenarios/sqlite-memory.csv.gz": {
    counts: { allocs: 3988, frees: 3904, liveAtEnd: 84, reallocs: 67, duration: 38811865 },
    reserve: { "0": 1018, "0.001": 1015, "0.01": 979 },
    mean: 149.60466396036367,
    concurrency: [78, 960, 1002],
    hold: [150, 235519, 2204571, 12004062, 15233583, 15245415],
    size: [1032, 12384, 87208],
  },
  "./testdata/jq.mtrace.gz": {
    counts: { allocs: 8145, frees: 3855, liveAtEnd: 4290, reallocs: 0, duration: 11999 },
    reserve: { "0": 6423, "0.001": 6419, "0.01": 6384 },
    mean: 3630.3848654054505,
    concurrency: [3979, 6393, 6420],
    hold: [1, 5451, 8100, 9781, 9895, 9898],
    size: [152, 1024, 12647],
  },
};

for (const [path, expected] of Object.entries(recordings)) {
  Deno.test(`traceStatistics() agrees with an independent program on ${path}`, async () => {
    const statistics = await traceStatistics(new URL(path, import.meta.url));
    const { concurrency, hold, sizeBytes } = statistics;
    assertEquals({ ...statistics, ...expected.counts }, statistics);
    assertEquals(statistics.reserve, expected.reserve);
    assertEquals(statistics.peak, expected.reserve["0"]);
    assertAlmostEquals(concurrency.mean!, expected.mean, 1e-6);
    assertEquals([concurrency.p50, concurrency.p99, concurrency["p99.9"]], expected.concurrency);
    assertEquals(
      [hold.min, hold.p50, hold.p90, hold.p99, hold["p99.9"], hold.max],
      expected.hold,
    );
    assertEquals([sizeBytes.p50, sizeBytes.p99, sizeBytes.max], expected.size);
    assertEquals(statistics.warnings, []);
  });
}

Deno.test("traceStatistics() counts from the first event to the last, whatever they do", async () => {
  const statistics = await withFile(
    "t_ns,op,id,size\n0,f,before,\n10,a,x,5\n30,f,x,\n40,f,before,\n",
    traceStatistics,
  );
  assertEquals(statistics.duration, 40);
  assertEquals(statistics.concurrency.mean, 0.5);
  assertEquals(statistics.unknownFrees, 2);
});
