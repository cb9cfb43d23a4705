import { assertGreater, assertRejects } from "@std/assert";
import { lockstep } from "./lockstep.ts";
import { startSearcher } from "./searcher.ts";
import type { Searcher } from "./searcher.ts";

/** Programs none of whose threads has an event loop. */
const PROGRAMS = [
  "blocking+free/M=0/serves",
  "blocking+blocking/M=0/serves",
  "bulk+free-bulk/M=0/serves",
  "exchange+exchange/M=0/serves",
];

for (const program of PROGRAMS) {
  Deno.test(`Machine does in ${program} what real workers do, step for step`, async () => {
    using searcher = await startSearcher();
    assertGreater(await lockstep(searcher, program, [1, 2, 3, 4, 5]), 200);
  });
}

Deno.test("lockstep() says what a worker saw that the machine had not said", async () => {
  using searcher = await startSearcher();
  const wrong: Searcher = {
    ...searcher,
    async record(program, seed) {
      const { steps, words } = await searcher.record(program, seed);
      const changed = steps.map((step, turn) =>
        turn === 20 ? { ...step, word: step.word + 1 } : step
      );
      return { steps: changed, words };
    },
  };
  await assertRejects(() => lockstep(wrong, PROGRAMS[0]!, [1]), Error, "failed: thread");
});
