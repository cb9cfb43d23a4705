/**
 * Compares what is read from a folder of recorded traces with the statistics that an independent program made
 * of them (`stats.json` in that folder). The folder is not part of the repository; name it to run this:
 *
 * `deno test -P=test workloads/traces -- --traces DIR`
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { readTrace } from "./open.ts";
import { type TraceStatistics, traceStatistics } from "./statistics.ts";
import { TraceError } from "./trace.ts";

/** What is compared, by the keys of stats.json. */
type Reference = Readonly<Record<string, unknown>>;

const { traces } = parseArgs(Deno.args, { string: ["traces"] });

if (traces === undefined) {
  Deno.test.ignore(
    "traceStatistics() agrees with recorded traces: no folder given (--traces DIR)",
    () => {},
  );
} else {
  const references: Readonly<Record<string, Reference>> = JSON.parse(
    await Deno.readTextFile(`${traces}/stats.json`),
  );
  for (const [file, reference] of Object.entries(references)) {
    if (file.includes("#")) continue; // another view of a file that stands there as well
    await declare(file, `${traces}/${file}`, reference);
  }

  Deno.test("openTrace() gives what is whole of edge/native/cut.csv.gz", async () => {
    const [cut, whole] = await Promise.all(
      ["cut.csv.gz", "sorted.reference.csv"].map((name) =>
        readTrace(`${traces}/edge/native/${name}`, ({ events }) => Array.fromAsync(events))
      ),
    );
    assertEquals(cut, whole!.slice(0, cut!.length));
    assertGreater(cut!.length, 1900);
  });
}

/** A test of one file, or a word on why there is none. */
async function declare(file: string, path: string, reference: Reference): Promise<void> {
  const name = `traceStatistics() agrees with an independent program on ${file}`;
  const outcome = await traceStatistics(path).catch((error: unknown) => error);
  if (outcome instanceof TraceError && outcome.message.includes("its format is unknown")) {
    Deno.test.ignore(`${name}: skipped, no importer for its format`, () => {});
  } else if (reference.allocs === 0) {
    Deno.test(`openTrace() refuses ${file}`, () =>
      assertEquals(outcome instanceof TraceError, true));
  } else {
    Deno.test(name, () => {
      if (outcome instanceof Error) throw outcome;
      compare(outcome as TraceStatistics, reference);
    });
  }
}

function compare(statistics: TraceStatistics, reference: Reference): void {
  const { concurrency, hold, sizeBytes, reserve, timed } = statistics;
  const clock = timed ? "ns" : "ops";
  const holds = reference[`hold_${clock}`] as Readonly<Record<string, number>>;
  const sizes = reference.size as Readonly<Record<string, number>>;
  const found: Reference = {
    timed,
    allocs: statistics.allocs,
    frees: statistics.frees,
    reallocs: statistics.reallocs,
    unknown_free: statistics.unknownFrees,
    free_null: statistics.nullFrees,
    double_alloc: statistics.implicitFrees,
    realloc_unknown: statistics.unknownReallocs,
    live_at_end: statistics.liveAtEnd,
    out_of_order_ts: statistics.outOfOrder,
    [`duration_${clock}`]: statistics.duration,
    peak: statistics.peak,
    p50_time: concurrency.p50,
    p99_time: concurrency.p99,
    p999_time: concurrency["p99.9"],
    reserve_0: reserve["0"],
    "reserve_0.001": reserve["0.001"],
    "reserve_0.01": reserve["0.01"],
  };
  assertEquals(found, Object.fromEntries(Object.keys(found).map((key) => [key, reference[key]])));
  assertAlmostEquals(concurrency.mean ?? 0, Number(reference.mean_time), 0.0006);
  assertEquals(
    [hold.count, hold.min, hold.p50, hold.p90, hold.p99, hold["p99.9"], hold.max],
    [holds.n, holds.min, holds.p50, holds.p90, holds.p99, holds.p999, holds.max].map((each) =>
      each ?? null
    ),
  );
  assertAlmostEquals(hold.mean ?? 0, holds.mean ?? 0, 0.06);
  assertEquals(
    [sizeBytes.min, sizeBytes.p50, sizeBytes.p99, sizeBytes.max],
    [sizes.min, sizes.p50, sizes.p99, sizes.max].map((each) => each ?? null),
  );
}
