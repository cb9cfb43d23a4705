import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type Change, shapeOf } from "./drift.ts";
import { changePoints } from "./e_divisive.ts";

/** A series with normal noise of 2 %, and what is seen in it. */
function seen(length: number, seed: number, level: (index: number) => number): Change[] {
  const random = xoroshiro128plus(seed);
  const uniform = () => (random.next() >>> 0) / 2 ** 32;
  const normal = () => Array.from({ length: 12 }, uniform).reduce((a, b) => a + b) - 6;
  const values = Array.from({ length }, (_, index) => level(index) + 0.02 * normal());
  return shapeOf(values, changePoints(values, 0.005));
}

/** A straight way from 0 up to `size`, from the value `began` on, in 20 steps. */
function drifting(began: number, size: number): (index: number) => number {
  return (index) => size * Math.min(1, Math.max(0, (index - began + 1) / 20));
}

const SEEDS = Array.from({ length: 10 }, (_, seed) => seed);

Deno.test("shapeOf() sees a step of 5 % in noise of 2 % where it is", () => {
  const all = SEEDS.map((seed) => seen(40, seed, (index) => index < 20 ? 0 : 0.05));
  const right = all.filter(([change, ...more]) =>
    change?.kind === "step" && Math.abs(change.began - 20) <= 2 && more.length === 0
  );
  assertGreater(right.length, 7);
  for (const [change] of right) {
    assertAlmostEquals(change!.after - change!.before, 0.05, 0.02);
    assertEquals(change!.ended, change!.began);
  }
});

Deno.test("shapeOf() sees one drift over 20 values, and within a few where it began", () => {
  for (const size of [0.15, -0.3]) {
    const all = SEEDS.map((seed) => seen(60, seed, drifting(20, size)));
    const right = all.filter(([change, ...more]) =>
      change?.kind === "drift" && Math.abs(change.began - 20) <= 3 && more.length === 0
    );
    assertGreater(right.length, 7);
    for (const [change] of right) {
      assertAlmostEquals(change!.after - change!.before, size, 0.05);
      assertAlmostEquals(change!.ended, 39, 6);
    }
  }
});

Deno.test("shapeOf() gives all places where a change may as well have begun", () => {
  const step = SEEDS.flatMap((seed) => seen(60, seed, (index) => index < 30 ? 0 : 0.05));
  const drift = SEEDS.flatMap((seed) => seen(60, seed, drifting(30, 0.2)));
  for (const changes of [step, drift]) {
    const covers = changes.filter(({ beganFrom, beganTo }) => beganFrom <= 30 && 30 <= beganTo);
    assertGreater(covers.length, 0.85 * changes.length);
  }
  for (const { beganFrom, began, beganTo } of [...step, ...drift]) {
    assert(beganFrom <= began && began <= beganTo);
  }
});

Deno.test("shapeOf() leaves two steps two steps, and takes what has no noise exactly", () => {
  const stairs = Array.from({ length: 60 }, (_, index) => Math.floor(index / 20));
  const kinds = shapeOf(stairs, [20, 40]).map(({ kind, began, before, after }) =>
    [kind, began, before, after].join(" ")
  );
  assertEquals(kinds, ["step 20 0 1", "step 40 1 2"]);
  const ramp = Array.from({ length: 60 }, (_, index) => drifting(20, 1)(index));
  const [change, ...more] = shapeOf(ramp, [25, 33]);
  assertEquals([change!.kind, change!.began, change!.ended, more.length], ["drift", 20, 39, 0]);
  const peak = ramp.map((value, index) => index < 40 ? value : 0.8);
  const shapes = shapeOf(peak, [25, 33, 40]).map(({ kind, began }) => `${kind} ${began}`);
  assertEquals(shapes, ["drift 20", "step 40"]);
  assertEquals(shapeOf(stairs, []), []);
});
