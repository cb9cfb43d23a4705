/**
 * The cells of a grid as DPDK's `mempool_perf_autotest` prints them (app/test/test_mempool_perf.c), letter by letter, so that both
 * outputs can be laid side by side: the same labels in the same order, elements put back a second over all cores, of
 * several runs the medians.
 *
 * A cache of a single element is as good as none, and stands as `cache=0`. DPDK's lines with `constant_n=1` have no counterpart:
 * there the C compiler knows how large the bulks are.
 *
 * @example What both have, DPDK's rate first
 * ```sh
 * cells() { grep -o '^mempool_autotest.*' "$1" | sed 's/ rate_persec=/\t/' | sort -u; }
 * join -t $'\t' <(cells dpdk.txt) <(cells matrix.txt)
 * ```
 *
 * @module
 */
import type { CellResult, Result, Run } from "../result.ts";
import { estimate } from "../summary.ts";
import type { ResultFormat } from "./format.ts";

/** The lines of DPDK's mempool test. */
export const dpdk: ResultFormat = {
  summary: "cells of a matrix, as DPDK's mempool_perf_autotest prints them",
  print({ runs, scenario }: Result): string {
    const lines = cellsAcross(runs).flatMap((cell, index, cells) => {
      const isFirst = cell.pool !== cells[index - 1]?.pool;
      return isFirst ? [startOf(cell), lineOf(cell)] : [lineOf(cell)];
    });
    const none = `# ${scenario.name} has no cells: they are those of a matrix load`;
    return (lines.length > 0 ? lines : [none]).map((line) => line + "\n").join("");
  },
};

/** The same lines with the rate for each core besides, for people. */
export function cellLines(runs: readonly Run[]): string[] {
  return cellsAcross(runs).map((cell) =>
    `${lineOf(cell)} rate_persec_core=${Math.round(cell.pairsPerSecond / cell.cores)}`
  );
}

/** The cells, each with the median of its rates. */
function cellsAcross(runs: readonly Run[]): CellResult[] {
  return (runs[0]?.cells ?? []).map((cell, index) => {
    const rates = runs.map(({ cells }) => cells?.[index]?.pairsPerSecond ?? 0);
    return { ...cell, pairsPerSecond: Math.round(estimate(rates).median) };
  });
}

function startOf(cell: CellResult): string {
  return `start performance test (${cacheOf(cell) === 0 ? "without" : "with"} cache)`;
}

function lineOf(cell: CellResult): string {
  const { cores, getBulk, putBulk, keep, pairsPerSecond } = cell;
  return `mempool_autotest cache=${cacheOf(cell)} cores=${cores} n_get_bulk=${getBulk} ` +
    `n_put_bulk=${putBulk} n_keep=${keep} constant_n=0 rate_persec=${pairsPerSecond}`;
}

function cacheOf({ cache }: CellResult): number {
  return cache === 1 ? 0 : cache;
}
