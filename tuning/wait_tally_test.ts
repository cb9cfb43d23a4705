import { assertEquals } from "@std/assert";
import { BLOCKS, WaitTally } from "./wait_tally.ts";

Deno.test("WaitTally.percentile() is over all tasks, those that don't wait at 0", () => {
  const tally = new WaitTally({ tasks: 100, limitNs: 0, skipped: 0 });
  [[10, 50], [11, 60], [40, 200], [99, Infinity]].forEach(([task, wait]) =>
    tally.wait(task!, wait!)
  );
  tally.finish(100, 3);
  assertEquals([96, 97, 98, 99, 99.5].map((p) => tally.percentile(p)), [0, 50, 60, 200, Infinity]);
  assertEquals([tally.waited, tally.unserved, tally.maxNs, tally.waitRate], [4, 1, 200, 0.04]);
  assertEquals(tally.busyPeriods, 3);
});

Deno.test("WaitTally counts what is too long, by block, after the tasks that don't count", () => {
  const tally = new WaitTally({ tasks: 2 * BLOCKS + 10, limitNs: 99, skipped: 10 });
  [[9, 500], [10, 100], [11, 99], [12, 100], [2 * BLOCKS + 9, 1e9]].forEach(([task, wait]) =>
    tally.wait(task!, wait!)
  );
  tally.finish(2 * BLOCKS + 10, 1);
  assertEquals([tally.tasks, tally.waited, tally.exceeded], [2 * BLOCKS, 4, 3]);
  assertEquals([...tally.blocks.slice(0, 2), tally.blocks.at(-1)], [1, 1, 1]);
});
