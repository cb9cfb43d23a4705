/** A worker that lives and does not stop when it is told to: it is not dead, and what it has is not lost. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { conserved } from "../results/conservation.ts";
import { runOnce } from "./coordinator.ts";
import { runResult } from "./run_result.ts";
import { HELD } from "./testing/dying_worker.ts";
import { plenty } from "./testing/scenarios.ts";
import { unstoppedSentence, unstoppedWarning } from "./unstopped_text.ts";
import { warningsOf } from "./warnings.ts";

Deno.test("runOnce() says of a worker that did not stop that it lives, and has what it took", async () => {
  const scenario = { ...plenty({ warmup: 0 }), name: "plenty: stays@1" };
  const outcome = await runOnce(scenario, {
    seed: 1,
    program: null,
    signal: new AbortController().signal,
    onProgress() {},
    workerUrl: new URL("./testing/dying_worker.ts", import.meta.url),
    graceMs: 300,
  });
  const { ending, unstopped, complaint, burials } = outcome;
  assertEquals([ending, unstopped, complaint, burials], ["failed", [1], null, []]);
  const run = runResult(scenario, outcome, { repeat: 0, seed: 1 });
  assertEquals(run.workers.map(({ exit }) => exit), ["done", "unstopped"]);
  const buffers = run.pools["buffers"]!;
  assertEquals([conserved(buffers), buffers.held - HELD >= 0, run.leaked], [null, true, 0]);
  const told = warningsOf(scenario, [run], { costNs: 1, grainNs: 1 }).map(({ code }) => code);
  assertEquals([told.includes("did-not-stop"), told.includes("worker-died")], [true, false]);
});

Deno.test("unstoppedSentence() names who did not stop, and says what is missing besides", () => {
  assertEquals(
    unstoppedSentence([2], null),
    "worker 2 did not stop within 10 s of being told to; but for what it has, nothing is missing",
  );
  assertEquals(
    unstoppedSentence([0, 2], "2 are lost"),
    "workers 0 and 2 did not stop within 10 s of being told to; while they go on, the books are not right: 2 are lost",
  );
  assertStringIncludes(unstoppedWarning(2).message, "worker 2 did not stop within 10 s");
});
