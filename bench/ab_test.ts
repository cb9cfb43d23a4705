import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { measureAb } from "./ab.ts";
import { slowed, slowedCheckout } from "./slowed_checkout.ts";

/** A session that is over after one block. */
const BRIEF = ["--sessions", "1", "--seconds", "1", "--workers", "1"];
const SLICES = ["--slice", "10ms", "--warmup", "0"];

Deno.test("measureAb() gates identical code under load, at smoke size", async () => {
  const lines: string[] = [];
  const faults = await measureAb([...BRIEF, ...SLICES, "--load"], (line) => lines.push(line));
  assertEquals(faults, []);
  assertMatch(lines[0]!, /^1 loaded: cannot tell, status 0, \d+ blocks? in /);
  assertEquals(lines.at(-1), "identical code: 0 of 1 sessions say slower, 0 unfit");
});

Deno.test("measureAb() refuses bad usage", async () => {
  const refusals: readonly (readonly [string[], string])[] = [
    [["--sesions", "1"], "--sesions: give --load or --sessions"],
    [["--sessions", "0"], "--sessions 0: give a whole number from 1 up"],
    [["--slow-down", "much"], "--slow-down: "],
  ];
  for (const [args, sentence] of refusals) {
    const { message } = await assertRejects(() => measureAb(args, () => {}), RangeError);
    assertStringIncludes(message, sentence);
  }
});

Deno.test("slowedCheckout() has the fast path of every allocation work for nothing, and nothing else changed", () => {
  const path = "allocators/magazine.ts";
  const original = Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));
  let folder: string;
  {
    using checkout = slowedCheckout();
    folder = checkout.folder;
    checkout.slowDown(5);
    const code = Deno.readTextFileSync(`${folder}/${path}`);
    assertStringIncludes(code, "round < 5;");
    assertEquals(code, slowed(original, 5));
    checkout.slowDown(7);
    assertEquals(Deno.readTextFileSync(`${folder}/${path}`), slowed(original, 7));
  }
  assertEquals(original, Deno.readTextFileSync(new URL(`../${path}`, import.meta.url)));
  assertEquals(existing(folder), false);
});

function existing(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
