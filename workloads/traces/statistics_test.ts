import { assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { withFile } from "./made_up.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
import { traceStatistics } from "./statistics.ts";
import { TraceError } from "./trace.ts";

/** What an independent program says of a recording. */
interface Expected {
  readonly options?: Partial<TraceOptions>;
  readonly counts: Readonly<Record<string, number>>;
  /** Exceeded by 0.1 % and by 1 % of the allocations. */
  readonly reserve: readonly (number | null)[];
  /** Live for half and for 99 % of the time. */
  readonly concurrency: readonly (number | null)[];
  /** Half, 99 %, the longest. */
  readonly hold: readonly (number | null)[];
  /** Half, the largest. */
  readonly size: readonly (number | null)[];
  readonly warnings: readonly string[];
}

const recordings: Readonly<Record<string, Expected>> = {
  "../scenarios/sqlite-memory.csv.gz": {
    counts: {
      allocs: 3988,
      frees: 3904,
      liveAtEnd: 84,
      reallocs: 67,
      duration: 38811865,
      peak: 1018,
    },
    reserve: [1015, 979],
    concurrency: [78, 960],
    hold: [235519, 12004062, 15245415],
    size: [1032, 87208],
    warnings: [],
  },
  "jq.mtrace.gz": {
    counts: { allocs: 8145, frees: 3855, liveAtEnd: 4290, duration: 11999, peak: 6423 },
    reserve: [6419, 6384],
    concurrency: [3979, 6393],
    hold: [5451, 9781, 9898],
    size: [152, 12647],
    warnings: ["untimed", "live-at-end"],
  },
  "sqlite.rep.gz": {
    counts: { allocs: 1624, peak: 334, liveAtEnd: 271, reallocs: 23, duration: 2999 },
    reserve: [333, 322],
    concurrency: [271, 323],
    hold: [11, 186, 269],
    size: [32, 87208],
    warnings: ["header-count", "untimed", "live-at-end"],
  },
  "kmalloc.perf.gz": {
    counts: {
      allocs: 771,
      peak: 145,
      liveAtEnd: 79,
      unknownFrees: 4,
      nullFrees: 33,
      duration: 8845754,
    },
    reserve: [145, 138],
    concurrency: [0, 129],
    hold: [147475, 258682, 297235],
    size: [64, 4096],
    warnings: ["unknown-frees", "live-at-end"],
  },
  "mempool.perf.gz": {
    counts: { allocs: 825, peak: 321, liveAtEnd: 150, unknownFrees: 0, duration: 1359963155 },
    reserve: [321, 313],
    concurrency: [0, 208],
    hold: [16682364, 32809413, 41442519],
    size: [320, 320],
    warnings: ["live-at-end"],
  },
  "pages.perf.gz": {
    counts: { allocs: 1478, peak: 1456, liveAtEnd: 1456, duration: 19391523 },
    reserve: [1455, 1442],
    concurrency: [744, 1400],
    hold: [4979, 15320033, 15320033],
    size: [4096, 4096],
    warnings: ["live-at-end"],
  },
  "block.perf.gz": {
    counts: { allocs: 517, peak: 16, unfinished: 2, duration: 575290275 },
    reserve: [16, 15],
    concurrency: [0, 11],
    hold: [197177, 3877521, 4020095],
    size: [4096, 98304],
    warnings: ["unfinished"],
  },
  "block.perf.gz as bios": {
    options: { view: "bio" },
    counts: { allocs: 857, peak: 16, duration: 575298941 },
    reserve: [16, 14],
    concurrency: [0, 11],
    hold: [204505, 3911151, 4131606],
    size: [4096, 98304],
    warnings: ["unfinished"],
  },
  "sqlite.strace.gz": {
    counts: { allocs: 1500, peak: 1, unfinished: 0, duration: 230381000 },
    reserve: [1, 1],
    concurrency: [1, 1],
    hold: [16000, 1527000, 6791000],
    size: [4, 4096],
    warnings: [],
  },
  "requests.ndjson.gz": {
    counts: { allocs: 1200, peak: 96, unfinished: 0, duration: 3620016912 },
    reserve: [96, 93],
    concurrency: [2, 95],
    hold: [15319043, 200030179, 218551083],
    size: [4359, 12091],
    warnings: [],
  },
  "randread_lat.log.gz": {
    counts: { allocs: 1500, peak: 39, duration: 445238905, resolutionNs: 1e6 },
    reserve: [38, 27],
    concurrency: [0, 12],
    hold: [101820, 1346721, 3959111],
    size: [4096, 4096],
    warnings: ["resolution"],
  },
};

for (const [name, expected] of Object.entries(recordings)) {
  Deno.test(`traceStatistics() agrees with an independent program on ${name}`, async () => {
    const [file = ""] = name.split(" ");
    const url = new URL(file.startsWith(".") ? file : `testdata/${file}`, import.meta.url);
    const statistics = await traceStatistics(url, { ...AS_RECORDED, ...expected.options });
    const { concurrency, hold, reserve, sizeBytes, warnings } = statistics;
    assertEquals({ ...statistics, ...expected.counts }, statistics);
    assertEquals([reserve["0"], statistics.allocs], [statistics.peak, sizeBytes.count]);
    assertEquals([reserve["0.001"], reserve["0.01"]], expected.reserve);
    assertEquals([concurrency.p50, concurrency.p99], expected.concurrency);
    assertEquals([hold.p50, hold.p99, hold.max], expected.hold);
    assertEquals([sizeBytes.p50, sizeBytes.max], expected.size);
    assertEquals(warnings.map(({ code }) => code), expected.warnings);
  });
}

Deno.test("traceStatistics() counts from the first event to the last that did something", async () => {
  const statistics = await withFile(
    "t_ns,op,id,size\n0,f,before,\n10,a,x,5\n20,r,x,6\n50,f,x,\n90,f,before,\n",
    (path) => traceStatistics(path),
  );
  assertEquals(statistics.duration, 40);
  assertEquals(statistics.concurrency.mean, 1);
  assertEquals(statistics.unknownFrees, 2);
});

Deno.test("traceStatistics() joins the two logs of a fio job, whichever is named first", async () => {
  const iolog = new URL("testdata/randread.iolog.gz", import.meta.url).href;
  const latencies = new URL("testdata/randread_lat.log.gz", import.meta.url).href;
  for (const [file, join] of [[iolog, latencies], [latencies, iolog]] as const) {
    const statistics = await traceStatistics(file, { ...AS_RECORDED, join });
    const { allocs, hold, unfinished, resolutionNs, warnings } = statistics;
    assertEquals([allocs, resolutionNs], [1497, 1000]); // the iolog's first 1500 lines have 1497 of them
    assertEquals(warnings.map(({ code }) => code), ["not-joined", "flat-top"]); // its iodepth is 16
    assertAlmostEquals(hold.p50!, 101820, 2000);
    assertEquals(unfinished, 0);
  }
});

Deno.test("traceStatistics() refuses two logs of which too few rows meet", async () => {
  const join = new URL("testdata/randread.iolog.gz", import.meta.url).href;
  const error = await withFile(
    "1, 250000, 0, 4096, 7, 0\n",
    (path) => assertRejects(() => traceStatistics(path, { ...AS_RECORDED, join }), TraceError),
  );
  assertStringIncludes(error.message, "too few rows of the two logs meet: give those of one job");
});

Deno.test("traceStatistics() says what is known of arrivals only", async () => {
  const arrivals = "start_us\n" + Array.from({ length: 100 }, (_, i) => `${i * 500}\n`).join("");
  const { allocs, duration, peak, dispersion, warnings } = await withFile(
    arrivals,
    (path) => traceStatistics(path),
  );
  assertEquals([allocs, duration, peak], [100, 49_500_000, null]);
  assertEquals(dispersion!["1ms"], 0);
  assertEquals(warnings.map(({ code }) => code), ["arrivals-only"]);
});

Deno.test("traceStatistics() gives arrivals the holds that were chosen", async () => {
  const arrivals = "start_us\n0\n1\n2\n3\n10\n";
  const options = { ...AS_RECORDED, hold: { kind: "constant", time: 2000 } };
  const { peak, hold, duration } = await withFile(
    arrivals,
    (path) => traceStatistics(path, options),
  );
  assertEquals([peak, hold.count, hold.max, duration], [2, 5, 2000, 12000]);
});
