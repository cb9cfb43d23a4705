import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import { exponentialShare, indexOfDispersion, ksBound, ksDistance } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import { batch } from "./batch.ts";

const SIZE = 8;
const BATCHES = 20_000;
const alone = { rateShare: 1, worker: 0, workers: 1 };
const next = batch.gaps({ rate: 1e5, size: SIZE }, alone, createRandom(11, 1));
const gaps = Array.from({ length: BATCHES * SIZE }, next);

Deno.test("batch.gaps() lets all of a batch come at the same moment, and exponential gaps between", () => {
  const between = gaps.filter((gap) => gap > 0);
  assertEquals(between.length, BATCHES);
  assertEquals(gaps.slice(1, SIZE), Array(SIZE - 1).fill(0));
  assertLess(ksDistance(between, exponentialShare(SIZE * 1e4)), ksBound(BATCHES));
});

Deno.test("batch.gaps() makes counts as dispersed as a batch is large", () => {
  // Windows of 10 batches each: some 2,000 of them, so that the index is known within some 3 %.
  assertAlmostEquals(indexOfDispersion(gaps, SIZE * 1e5) / SIZE, 1, 0.12);
});

Deno.test("batch.gaps() leaves no garbage behind", () => {
  const clock = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) clock[0] = clock[0]! + next();
  });
  assertLess(grown, 50_000);
});
