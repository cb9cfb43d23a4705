import { assertMatch, assertRejects } from "@std/assert";
import { measureTraces, READINGS } from "./traces.ts";

for (const [name, reading] of Object.entries(READINGS)) {
  Deno.test(`measureTraces() prints time and memory of ${name} for each length, at smoke size`, async () => {
    const lines: string[] = [];
    await measureTraces([2000, 20_000], (line) => lines.push(line), reading);
    assertMatch(
      lines.join("\n"),
      /^2000 events: [\d.]+ s, [\d.]+ us each, at most \d+ MiB\n20000 events: [\d.]+ s, .* MiB$/,
    );
  });
}

Deno.test("measureTraces() says where not all was read", async () => {
  const few = { command: READINGS.info.command, hasRead: () => false };
  await assertRejects(() => measureTraces([2000], () => {}, few), Error, "were not all read");
});
