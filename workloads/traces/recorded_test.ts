/**
 * Compares what is read from a folder of recorded traces with the statistics that an independent program made
 * of them (`stats.json` in that folder). The folder is not part of the repository; name it to run this:
 *
 * `deno test -P=test workloads/traces -- --traces DIR`
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { readTrace } from "./open.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
import { type TraceStatistics, traceStatistics } from "./statistics.ts";
import type { TraceEvent } from "./trace.ts";

/** What is compared, by the keys of stats.json. */
type Reference = Readonly<Record<string, unknown>>;

const { traces } = parseArgs(Deno.args, { string: ["traces"] });

/** Files that hold no trace, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  "edge/native/empty.csv": "it is empty",
  "edge/native/header-only.csv": "without a single complete event",
  "fio/windowed100ms_lat.1.log.gz": "it is a fio log of averages",
};

/** Traps that the recordings are known for, by the codes of their warnings. */
const TRAPS: Readonly<Record<string, readonly string[]>> = {
  "edge/truncated-last-line.blkparse.txt": ["cut-line"],
  "ext/azure-llm-code.csv.gz": ["arrivals-only"],
  "ext/flashnet-tencent-rw6040.490.csv.gz": ["flat-top"],
  "fio/randread_q16.iolog.gz": ["arrivals-only"],
  "fio/randread_q16_lat.1.log.gz": ["resolution"],
  "fio/seqwrite_q4_lat.2.log.gz": ["resolution"],
  "http/node-requests.ndjson.gz": ["flat-top"],
  "perf/block-ext4-loop0.perf.txt.gz": ["unfinished"],
  "perf/mempool-bio264-xfs.perf.txt.gz": [],
  "blk/nvme.blkparse.txt.gz": [],
  "strace/sqlite3.strace.gz": [],
};

if (traces === undefined) {
  Deno.test.ignore(
    "traceStatistics() agrees with recorded traces: no folder given (--traces DIR)",
    () => {},
  );
} else {
  const references: Readonly<Record<string, Reference>> = JSON.parse(
    await Deno.readTextFile(`${traces}/stats.json`),
  );
  for (const [row, reference] of Object.entries(references)) declare(row, reference);
  declareViews();
  declareCut();
}

/** A test of one row of the references: a file, perhaps in another view. */
function declare(row: string, reference: Reference): void {
  const [file = "", view = "request"] = row.split("#");
  const options = { ...AS_RECORDED, view: view as TraceOptions["view"] };
  Deno.test(`traceStatistics() agrees with an independent program on ${row}`, async () => {
    const outcome = await traceStatistics(`${traces}/${file}`, options)
      .catch((error: Error) => error.message);
    const refusal = REFUSED[file];
    if (refusal !== undefined) return assert(String(outcome).includes(refusal), String(outcome));
    if (typeof outcome === "string") throw new Error(outcome);
    if (reference.model === "arrivals-only") compareArrivals(outcome, reference);
    else compare(outcome, reference);
    const codes = outcome.warnings.map(({ code }) => code);
    for (const trap of TRAPS[row] ?? []) assert(codes.includes(trap), codes.join());
    if (TRAPS[row]?.length === 0) assertEquals(codes, []);
  });
}

function compare(statistics: TraceStatistics, reference: Reference): void {
  const { concurrency, hold, sizeBytes, reserve, timed } = statistics;
  const clock = timed ? "ns" : "ops";
  const holds = reference[`hold_${clock}`] as Readonly<Record<string, number>>;
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
    starts_out_of_order: statistics.outOfOrder,
    unfinished: statistics.unfinished,
    peak_if_held: statistics.peakIfHeld,
    [`duration_${clock}`]: statistics.duration,
    peak: statistics.peak,
    p50_time: concurrency.p50,
    p99_time: concurrency.p99,
    p999_time: concurrency["p99.9"],
    reserve_0: reserve["0"],
    "reserve_0.001": reserve["0.001"],
    "reserve_0.01": reserve["0.01"],
  };
  const said = Object.entries(found).filter(([key]) => Object.hasOwn(reference, key));
  assertGreater(said.length, 10);
  assertEquals(
    Object.fromEntries(said),
    Object.fromEntries(said.map(([key]) => [key, reference[key]])),
  );
  assertAlmostEquals(concurrency.mean ?? 0, Number(reference.mean_time), 0.0006);
  assertEquals(
    [hold.count, hold.min, hold.p50, hold.p90, hold.p99, hold["p99.9"], hold.max],
    [holds.n, holds.min, holds.p50, holds.p90, holds.p99, holds.p999, holds.max].map((each) =>
      each ?? null
    ),
  );
  assertAlmostEquals(hold.mean ?? 0, holds.mean ?? 0, 0.06);
  compareSizes(sizeBytes, reference);
  compareDispersion(statistics, reference);
}

function compareArrivals(statistics: TraceStatistics, reference: Reference): void {
  const { allocs, duration, outOfOrder, peak, sizeBytes } = statistics;
  assertEquals(
    [allocs, duration, outOfOrder, peak],
    [reference.allocs, reference.duration_ns, reference.starts_out_of_order, null],
  );
  compareSizes(sizeBytes, reference);
  compareDispersion(statistics, reference);
}

function compareSizes(
  { min, p50, p99, max }: TraceStatistics["sizeBytes"],
  { size }: Reference,
): void {
  if (size === undefined) return;
  const sizes = size as Readonly<Record<string, number>>;
  assertEquals([min, p50, p99, max], [sizes.min, sizes.p50, sizes.p99, sizes.max]);
}

function compareDispersion({ dispersion }: TraceStatistics, { burst }: Reference): void {
  if (burst === undefined) return;
  const { idc } = burst as { readonly idc: Readonly<Record<string, number>> };
  assertEquals(Object.keys(dispersion ?? {}), Object.keys(idc));
  for (const [window, index] of Object.entries(idc)) {
    assertAlmostEquals(dispersion![window]!, index, 0.006, window);
  }
}

/** What the two halves of one fio job give, together and each spread. */
function declareViews(): void {
  const randread = `${traces}/fio/randread_q16_lat.1.log.gz`;
  const iolog = `${traces}/fio/randread_q16.iolog.gz`;
  const peaks: readonly (readonly [string, string, Partial<TraceOptions>, number])[] = [
    ["a latency log joined with its iolog", randread, { join: iolog }, 17],
    ["an iolog joined with its latency log", iolog, { join: randread }, 17],
    ["a latency log spread", randread, { spread: true }, 22],
    ["another one spread", `${traces}/fio/seqwrite_q4_lat.2.log.gz`, { spread: true }, 8],
    [
      "lost ends held",
      `${traces}/perf/block-ext4-loop0.perf.txt.gz`,
      { unfinished: "hold" },
      203,
    ],
    [
      "holds of 0 given to arrivals",
      `${traces}/ext/azure-llm-code.csv.gz`,
      { hold: { kind: "constant", time: 0 } },
      1,
    ],
  ];
  for (const [what, file, options, peak] of peaks) {
    Deno.test(`traceStatistics() gives the known peak of ${what}`, async () => {
      const statistics = await traceStatistics(file, { ...AS_RECORDED, ...options });
      assertEquals(statistics.peak, peak);
    });
  }
}

function declareCut(): void {
  Deno.test("readTrace() gives what is whole of edge/native/cut.csv.gz, and says so", async () => {
    const read = async (name: string) => {
      const events: TraceEvent[] = [];
      const take = (event: TraceEvent) => void events.push(event);
      const { notes } = await readTrace(`${traces}/edge/native/${name}`, AS_RECORDED, () => take);
      return { events, codes: notes.warnings.map(({ code }) => code) };
    };
    const [cut, whole] = await Promise.all([read("cut.csv.gz"), read("sorted.reference.csv")]);
    assertEquals(cut.events, whole.events.slice(0, cut.events.length));
    assertGreater(cut.events.length, 1900);
    assertEquals(cut.codes, ["gzip-damaged"]);
  });
}
