import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createRandom } from "../workloads/random.ts";
import { measureAb } from "./ab.ts";
import { longerOf, roundsFor } from "./planted.ts";
import { slowed, slowedCheckout } from "./slowed_checkout.ts";

/** A session that is over after one block. */
const BRIEF = ["--sessions", "1", "--seconds", "1", "--workers", "1"];
const SLICES = ["--slice", "10ms", "--warmup", "0"];

Deno.test("measureAb() gates identical code ten times, half of them under load", async () => {
  const lines: string[] = [];
  const faults = await measureAb(
    ["--sessions", "10", "--seconds", "5", "--load"],
    (line) => lines.push(line),
  );
  assertEquals(faults, [], lines.join("\n"));
  assertMatch(lines[0]!, /^1 loaded: .*, status [03], \d+ blocks? in /);
  assertEquals(lines.filter((line) => /^\d+ loaded: /.test(line)).length, 5);
  assertMatch(lines.at(-1)!, /^\d+ of them had blocks enough/);
  assertMatch(lines.at(-2)!, /^identical code: 0 of 10 sessions say slower, \d+ unfit$/);
});

Deno.test("measureAb() plants rounds of work in one side, and says how often that was found", async () => {
  const lines: string[] = [];
  const planted = ["--slow-down", "10%", "--rounds", "5"];
  const faults = await measureAb([...BRIEF, ...SLICES, ...planted], (line) => lines.push(line));
  assertEquals(faults, []);
  assertMatch(lines[0]!, /^1: cannot tell, status 0, .* cpu-alone -?[\d.]+%/);
  assertEquals(lines[1], "10.0% longer: found in 0 of 1 sessions of 1s");
});

Deno.test("longerOf() has an interval that holds as often as it says", () => {
  const random = createRandom(1, 0);
  let held = 0;
  for (let round = 0; round < 1000; round++) {
    const differences = Array.from({ length: 40 }, () => 0.1 + 0.05 * random.normal());
    const { share, low, high } = longerOf(differences);
    assert(low < share && share < high);
    if (low <= Math.expm1(0.1) && high >= Math.expm1(0.1)) held++;
  }
  assert(held >= 930 && held <= 990, `${held}`);
  assertEquals(longerOf([0]), { share: 0, low: 0, high: 0, blocks: 1 });
});

Deno.test("roundsFor() lies on straight lines between what was seen, and beyond", () => {
  const points = [{ rounds: 100, share: 0.3 }, { rounds: 40, share: 0.1 }];
  const rounds = [0.05, 0.1, 0.2, 0.3, 0.4].map((share) => roundsFor(share, points));
  assertEquals(rounds, [20, 40, 70, 100, 130]);
  // What cost less than fewer rounds did was noise.
  assertEquals(roundsFor(0.15, [...points, { rounds: 50, share: 0.05 }]), 55);
  assertEquals(roundsFor(0, points), 1);
});

Deno.test("measureAb() refuses bad usage", async () => {
  const refusals: readonly (readonly [string[], string])[] = [
    [["--sesions", "1"], "--sesions: give --load, --inject or --sessions"],
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
