/** The scenario of the reservation inside the allocator, whole, at a tenth of its length: what its comment says is to be seen. */
import { assertEquals, assertGreater } from "@std/assert";
import { conserved } from "../results/conservation.ts";
import type { Run } from "../results/result.ts";
import { parseVariants } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { runInterleaved } from "./runner.ts";

const SHORT = { duration: "350ms", warmup: 0 };

function assertSound({ pools, leaked }: Run): void {
  for (const [name, pool] of Object.entries(pools)) assertEquals(conserved(pool), null, name);
  assertEquals(leaked, 0);
  for (const { reserve, levels } of Object.values(pools)) {
    assertEquals(reserve.current, reserve.min);
    assertGreater(levels[0]!.rate, 0.5);
    assertGreater(levels[1]!.hits + levels[3]!.hits, 0);
  }
}

for (const workers of [1, 2, 4]) {
  Deno.test(`reservation runs on mempools and on a floor of the slab, both conserved, with ${workers} workers`, async () => {
    const variants = parseVariants({ name: "reservation" }, { ...SHORT, workers }, registered);
    const options = { signal: new AbortController().signal, onProgress() {}, revision: null };
    const results = await runInterleaved(variants.map((scenario) => ({ scenario, options })));
    assertEquals(results.map(({ scenario }) => scenario.name), [
      "reservation/five-level",
      "reservation/allocator-reservation",
    ]);
    const [mempools, floor] = results.map(({ runs: [run] }) => run!);
    for (const run of [mempools!, floor!]) assertSound(run);
    // The allocator's lock: a reserve of the pool's own leaves it alone.
    const locks = [mempools!, floor!].map((run) => run.allocators["object"]!.lock.acquisitions);
    assertGreater(locks[1]!, 3 * locks[0]!);
  });
}
