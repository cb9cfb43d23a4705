import { assertMatch } from "@std/assert";
import { measureStartup } from "./startup.ts";

Deno.test("measureStartup() prints both medians and their difference, at smoke size", async () => {
  const lines: string[] = [];
  await measureStartup(1, (line) => lines.push(line));
  assertMatch(
    lines.join("\n"),
    /^a script .* ms .*\ncli\.ts --help .* ms .*\ndifference .* ms .*$/,
  );
});
