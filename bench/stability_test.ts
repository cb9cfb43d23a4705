import { assertEquals } from "@std/assert";
import type { PoolResult, Run } from "../results/result.ts";
import { exampleResult } from "../results/testdata/example.ts";
import { stabilityOf } from "./stability.ts";

const RUNS = exampleResult({ repeats: 3 }).runs;

/** The runs, with something else in the pool of the last one. */
function lastWith(change: (pool: PoolResult) => Partial<PoolResult>): Run[] {
  const last = RUNS.at(-1)!;
  const pool = last.pools.pages!;
  return [...RUNS.slice(0, -1), { ...last, pools: { pages: { ...pool, ...change(pool) } } }];
}

function faults(runs: readonly Run[]) {
  return stabilityOf(runs).flatMap((pool) => pool.faults);
}

Deno.test("stabilityOf() has the level that serves most, the range of its share, and the longest time", () => {
  const [pages, ...others] = stabilityOf(
    lastWith(({ waits }) => ({ waits: { ...waits, maxNs: 9e9 } })),
  );
  const rates = RUNS.map((run) => run.pools.pages!.levels[0]!.rate);
  assertEquals(others, []);
  assertEquals(pages, {
    ...{ pool: "pages", dominating: 1, leaked: 0, longestNs: 9e9, faults: [] },
    share: [Math.min(...rates), Math.max(...rates)],
  });
});

Deno.test("stabilityOf() finds fault with another level in one run", () => {
  const upsideDown = lastWith(({ levels }) => ({
    levels: levels.map((level) => ({ ...level, hits: levels[5 - level.level]!.hits })),
  }));
  assertEquals(faults(upsideDown), [
    "the level that serves most changes: level 1 in 2, level 5 in 1 of 3 runs",
  ]);
});

Deno.test("stabilityOf() finds fault with what leaks, and with what does not add up", () => {
  assertEquals(faults(lastWith(({ frees }) => ({ frees: frees - 2, leaked: 2 }))), [
    "2 elements leaked",
  ]);
  const { allocs } = RUNS[2]!.pools.pages!;
  assertEquals(faults(lastWith(() => ({ held: 15 }))), [
    `${allocs} allocs do not match ${allocs + 1}, which is ${
      allocs - 14
    } frees + 15 held + 0 leaked`,
  ]);
});

Deno.test("stabilityOf() finds fault with a pool that only some runs use", () => {
  const idle = lastWith(({ levels }) => ({
    ...{ allocs: 0, frees: 0, held: 0 },
    levels: levels.map((level) => ({ ...level, hits: 0, rate: 0 })),
  }));
  assertEquals(faults(idle), [
    "the level that serves most changes: level 1 in 2, no level in 1 of 3 runs",
  ]);
});
