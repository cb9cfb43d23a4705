import { assertEquals } from "@std/assert";
import type { Progress } from "../workloads/runner.ts";
import { progressBar, progressLine } from "./progress.ts";
import { recordedIo } from "./recorded_io.ts";

const HALF: Progress = { phase: "measuring", doneNs: 1e9, totalNs: 2e9, repeat: 0, repeats: 1 };

Deno.test("progressLine() shows the share, the phase and the time left", () => {
  assertEquals(progressLine(HALF), "████████████              50% measuring, 1s left");
});

Deno.test("progressLine() counts repeats into the share and the time left", () => {
  const line = progressLine({ ...HALF, repeat: 2, repeats: 4 });
  assertEquals(line, "███████████████           62% measuring 3/4, 3s left");
});

Deno.test("progressLine() says how long it took so far where the end is unknown", () => {
  assertEquals(progressLine({ ...HALF, totalNs: 0 }), "measuring, 1s so far");
});

Deno.test("progressLine() never goes beyond the end", () => {
  const line = progressLine({ ...HALF, doneNs: 5e9 });
  assertEquals(line, "████████████████████████ 100% measuring, 0ns left");
});

Deno.test("progressBar() draws ten times a second and clears its line in the end", () => {
  const io = recordedIo({ terminalColumns: 80 });
  let time = 0;
  {
    using progress = progressBar(io.err, { name: "bio", quiet: false, now: () => time });
    for (; time < 300; time += 10) progress.update(HALF);
  }
  const drawn = `\r\x1b[Kbio ${progressLine(HALF)}`;
  assertEquals(io.stderr(), drawn.repeat(3) + "\r\x1b[K");
});

Deno.test("progressBar() fits its line into the terminal", () => {
  const io = recordedIo({ terminalColumns: 20 });
  progressBar(io.err, { name: "bio", quiet: false, now: () => 0 }).update(HALF);
  assertEquals(io.stderr(), "\r\x1b[Kbio ████████████  …");
});

Deno.test("progressBar() is silent where nobody watches or nobody wants it", () => {
  for (const [terminalColumns, quiet] of [[0, false], [80, true]] as const) {
    const io = recordedIo({ terminalColumns });
    {
      using progress = progressBar(io.err, { name: "bio", quiet, now: () => 0 });
      progress.update(HALF);
    }
    assertEquals(io.stderr(), "");
  }
});

Deno.test("progressBar() says a plain line every ten seconds where nobody watches what may take long", () => {
  const stderrOf = (options: { isLong: boolean; quiet: boolean }, progress: Progress) => {
    const io = recordedIo();
    let time = 5000;
    using bar = progressBar(io.err, { name: "bio", ...options, now: () => time });
    for (; time <= 26_000; time += 100) bar.update(progress);
    return io.stderr();
  };
  const long = { isLong: true, quiet: false };
  assertEquals(stderrOf(long, HALF), "bio: 50% measuring, 1s left\n".repeat(2));
  assertEquals(stderrOf(long, { ...HALF, doneNs: 0 }), "bio: 0% measuring, 2s left\n".repeat(2));
  const unknown = { ...HALF, totalNs: 0 };
  assertEquals(stderrOf(long, unknown), "bio: measuring, 1s so far\n".repeat(2));
  assertEquals(stderrOf({ ...long, quiet: true }, HALF), "");
  assertEquals(stderrOf({ ...long, isLong: false }, HALF), "");
});
