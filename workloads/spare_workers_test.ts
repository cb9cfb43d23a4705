import { assertEquals, assertGreater } from "@std/assert";
import { runScenario } from "./runner.ts";
import { SpareWorkers } from "./spare_workers.ts";
import { shortened } from "./testing/short_run.ts";

const { signal } = new AbortController();

Deno.test("SpareWorkers are loaded before a run, which takes as many as it needs and starts what is lacking", async () => {
  using spares = new SpareWorkers(3);
  await spares.loaded();
  let taken = 0;
  const counting = Object.assign(Object.create(spares), {
    take() {
      taken++;
      return spares.take();
    },
  });
  const scenario = shortened("contended", {
    duration: "20ms",
    workers: "2",
    set: ["memory.pages=2048"],
  });
  const options = { signal, revision: null, onProgress() {}, spares: counting };
  const { runs } = await runScenario({ ...scenario, repeat: 2 }, options);
  assertEquals([taken, runs.length], [4, 2]);
  for (const { workers, leaked } of runs) {
    assertEquals([workers.length, leaked], [2, 0]);
    for (const { allocs } of workers) assertGreater(allocs, 0);
  }
});
