import { assert, assertMatch } from "@std/assert";
import { withFile } from "../workloads/traces/made_up.ts";
import { measureRecorder } from "./recorder.ts";

Deno.test("measureRecorder() prints the slow-down and what an event costs, at smoke size", async () => {
  const lines: string[] = [];
  const slowDown = await withFile("", (path) => {
    const size = { rounds: 2, sliceMs: 5 };
    return Promise.resolve(measureRecorder(size, path, (line) => lines.push(line)));
  });
  assert(Number.isFinite(slowDown));
  assertMatch(
    lines.join("\n"),
    /^without the recorder +\d+ operations a second\nslow-down .* % \(.*\)\nan event +-?\d+ ns$/,
  );
});
