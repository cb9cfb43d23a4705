import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cellLines } from "../../results/formats/dpdk.ts";
import { table } from "../../results/formats/table.ts";
import { refusal, SAMPLE } from "../testdata/sample.ts";
import { runConserving } from "../testing/live_run.ts";
import { plenty } from "../testing/scenarios.ts";
import { cellsOf } from "./matrix_cells.ts";

const LISTS = { cores: "1,max", getBulk: "1,4", putBulk: "1,8", keep: "32" };

/** Two pools over pages, one without a cache. */
function grid(changes: object = {}) {
  const scenario = plenty({ kind: "matrix", workers: 2, inFlight: 1, warmup: 0, duration: 480e6 });
  const pool = { over: "page", minReserve: 4, policy: "five-level" };
  const take = ["plain", "buffers"].map((name) => ({ pool: name, count: 1, how: "each" as const }));
  return {
    ...scenario,
    pools: { plain: { ...pool, magazine: 1 }, buffers: pool },
    workload: { ...scenario.workload, take, ...LISTS, ...changes },
  };
}

Deno.test("cellsOf() goes through pools, cores, gets, puts and kept, the last the fastest", () => {
  const cells = cellsOf(grid({ keep: "32,64" }).workload);
  assertEquals(cells.length, 32);
  assertEquals(cells.slice(0, 3).map(({ putBulk, keep }) => [putBulk, keep]), [
    [1, 32],
    [1, 64],
    [8, 32],
  ]);
  assertEquals([cells[8]!.cores, cells[16]!.pool], [2, "buffers"]);
});

Deno.test("matrix measures every cell, loses nothing, and has elements cached or not", async () => {
  const { runs, ...result } = await runConserving(grid());
  const cells = runs[0]!.cells!;
  assertEquals(cells.length, 16);
  assertEquals(cells.map(({ cache }) => cache > 1), cells.map(({ pool }) => pool === "buffers"));
  assert(cells.slice(0, 4).every(({ pairsPerSecond }) => pairsPerSecond > 0));
  const { plain, buffers } = runs[0]!.pools;
  assertEquals([plain!.held, buffers!.held], [0, 0]);
  const said = table.print({ ...result, runs }, { color: false, columns: 80 });
  for (const line of cellLines(runs)) assertStringIncludes(said, line);
});

Deno.test("matrix prints lines that read as DPDK's, with the rate for each core besides", async () => {
  const { runs } = await runConserving(grid({ getBulk: "4", putBulk: "8", cores: "2" }));
  const [first] = cellLines(runs);
  const { pairsPerSecond } = runs[0]!.cells![0]!;
  assertEquals(
    first,
    "mempool_autotest cache=0 cores=2 n_get_bulk=4 n_put_bulk=8 n_keep=32 constant_n=0 " +
      `rate_persec=${pairsPerSecond} rate_persec_core=${Math.round(pairsPerSecond / 2)}`,
  );
});

Deno.test("matrix refuses lists that are none, cores that there are not, and bulks that do not fit", () => {
  const text = (keys: string) =>
    SAMPLE.replace('"kind": "open",', `"kind": "matrix", ${keys}`)
      .replace(/"arrival"[^]*?"1ms" }/, '"warmup": 0');
  const cases: [string, string][] = [
    ['"keep": "32,x",', 'workload.keep: "32,x" is not allowed: give numbers from 1 up'],
    ['"cores": "1,4",', "workload.cores: 4 is not allowed: give numbers up to 2"],
    [
      '"getBulk": "5",',
      "workload.getBulk: 5 is not allowed beside a keep of 32: give divisors of it",
    ],
  ];
  for (const [keys, said] of cases) {
    assertStringIncludes(refusal(text(keys)), said);
    assert(!refusal(text(keys)).includes("\n"));
  }
});
