import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { createRandom } from "../workloads/random.ts";
import { dispersion, intervalOf, showsDispersion } from "./confidence.ts";

const SCALES = [64, 16];

/** Blocks of 1000 tasks in which clumps of `clump` tasks wait, with a true share. */
function blocksOf(seed: number, share: number, clump: number): Float64Array {
  const random = createRandom(seed, 0);
  return Float64Array.from({ length: 64 }, () => {
    let count = 0;
    for (let task = 0; task < 1000; task += clump) if (random.uniform() < share) count += clump;
    return count;
  });
}

Deno.test("intervalOf() covers the true share as often as it says, however waits clump", () => {
  for (const [share, clump] of [[0.05, 1], [0.01, 10], [0.002, 10]] as const) {
    let covered = 0;
    for (let seed = 0; seed < 400; seed++) {
      const counts = { blocks: blocksOf(seed, share, clump), tasks: 64_000 };
      const { low, high } = intervalOf(counts, dispersion(counts, SCALES), 0.99);
      if (low <= share && share <= high) covered++;
    }
    assertGreater(covered, 385, `${share} in clumps of ${clump}`);
  }
});

Deno.test("intervalOf() takes nobody for few, by the clumps of a smaller reserve", () => {
  const none = { blocks: new Float64Array(64), tasks: 64_000 };
  const many = { blocks: blocksOf(1, 0.05, 10), tasks: 64_000 };
  assert(!showsDispersion(none) && showsDispersion(many));
  const { share, low, high } = intervalOf(none, dispersion(many, SCALES), 0.99);
  assertEquals([share, low], [0, 0]);
  assertGreater(high, 10 * 2.3 / 64_000);
  assertLess(high, 10 * 20 / 64_000);
});

Deno.test("intervalOf() widens where longer blocks spread more: neighbours are alike", () => {
  const blocks = Float64Array.from({ length: 64 }, (_, block) => (block >> 3) % 2 === 0 ? 20 : 2);
  const counts = { blocks, tasks: 64_000 };
  const short = intervalOf(counts, dispersion(counts, [64]), 0.99);
  const both = intervalOf(counts, dispersion(counts, SCALES), 0.99);
  assertGreater(both.high - both.share, 1.5 * (short.high - short.share));
});
