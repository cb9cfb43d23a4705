import { assertMatch } from "@std/assert";
import { measureTraces } from "./traces.ts";

Deno.test("measureTraces() prints time and memory for each length, at smoke size", async () => {
  const lines: string[] = [];
  await measureTraces([2000, 20_000], (line) => lines.push(line));
  assertMatch(
    lines.join("\n"),
    /^2000 events: [\d.]+ s, [\d.]+ us each, at most \d+ MiB\n20000 events: [\d.]+ s, .* MiB$/,
  );
});
