import { assertEquals } from "@std/assert";
import type { CellResult } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";
import { dpdk } from "./dpdk.ts";

const OPTIONS = { color: false, columns: 80 };

const cell: CellResult = {
  ...{ pool: "no-cache", cache: 1, cores: 2, getBulk: 1, putBulk: 4, keep: 32 },
  pairsPerSecond: 40_000_000,
};

/** A result of runs in which a pool without a cache and one with it came to these rates. */
function resultOf(...rates: readonly (readonly [plain: number, cached: number])[]) {
  const result = exampleResult({ repeats: rates.length });
  const cellsOf = ([plain, cached]: readonly [number, number]) => [
    { ...cell, cores: 1, pairsPerSecond: plain },
    cell,
    { ...cell, pool: "cache", cache: 512, pairsPerSecond: cached },
  ];
  return { ...result, runs: result.runs.map((run, i) => ({ ...run, cells: cellsOf(rates[i]!) })) };
}

Deno.test("dpdk prints what mempool_perf_autotest prints, with medians for rates", () => {
  const text = dpdk.print(resultOf([20, 90], [10, 70], [30, 80]), OPTIONS);
  const head = "mempool_autotest cache=";
  assertEquals(text.split("\n"), [
    "start performance test (without cache)",
    `${head}0 cores=1 n_get_bulk=1 n_put_bulk=4 n_keep=32 constant_n=0 rate_persec=20`,
    `${head}0 cores=2 n_get_bulk=1 n_put_bulk=4 n_keep=32 constant_n=0 rate_persec=40000000`,
    "start performance test (with cache)",
    `${head}512 cores=2 n_get_bulk=1 n_put_bulk=4 n_keep=32 constant_n=0 rate_persec=80`,
    "",
  ]);
});

Deno.test("dpdk says so where there are no cells", () => {
  assertEquals(
    dpdk.print(exampleResult(), OPTIONS),
    "# canonical has no cells: they are those of a matrix load\n",
  );
});
