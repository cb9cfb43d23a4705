import { assertEquals, assertMatch } from "@std/assert";
import { measureSharing } from "./sharing.ts";

Deno.test("measureSharing() prints how each subject scales, and what an element costs that another frees", async () => {
  const lines: string[] = [];
  // Fewer than the cases take at a time.
  const smoke = { rounds: 1, crews: 1, pairs: 100 };
  await measureSharing(["raw", "mempool", "nothing"], smoke, (line) => lines.push(line));
  const text = lines.join("\n");
  assertEquals(text.match(/^2 workers, (keep|random) 512: /gm)?.length, 2);
  for (const subject of ["raw", "mempool"]) {
    const scaled = new RegExp(
      `^  ${subject} +\\d+ +\\d+ +scales [\\d.]+ \\([\\d.]+-[\\d.]+\\) `,
      "gm",
    );
    assertEquals(text.match(scaled)?.length, 2, subject);
  }
  for (const batch of ["one", "32"]) {
    const table =
      `^freed by the other worker, ${batch} at a time: .*\n  raw .*\n  mempool .*\n  nothing .*$`;
    assertMatch(text, new RegExp(table, "m"));
  }
});

Deno.test("measureSharing() prints nothing where no subject is asked for that two can share", async () => {
  const lines: string[] = [];
  const turns = { rounds: 1, crews: 1, pairs: 512 };
  await measureSharing(["module-raw", "tarn"], turns, (line) => lines.push(line));
  assertEquals(lines, []);
});
