/**
 * The search over curves written down, against trying every combination.
 *
 * @module
 */
import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import fc from "fast-check";
import {
  addedFront,
  bytesOf,
  curveOf,
  JointSearch,
  paretoOf,
  type Reserves,
  withReserve,
} from "./joint_search.ts";

/** Each pool lets a share wait that falls with every element; those who wait for two pools count once. */
function problemOf(pools: readonly { readonly bytes: number; readonly fall: number }[], most = 12) {
  const share = (reserves: Reserves) =>
    1 -
    reserves.reduce(
      (none, min, pool) => none * (1 - Math.exp(-pools[pool]!.fall * (min + 0.3))),
      1,
    );
  const all = (count: number) => pools.map(() => count);
  return {
    ...{ bytes: pools.map(({ bytes }) => bytes), floors: all(1), least: all(1) },
    ...{ plenty: all(most), most: all(most), share },
    passes: (reserves: Reserves) => share(reserves) < 0.05,
  };
}

const POOL = fc.record({
  bytes: fc.constantFrom(16, 64, 100, 256, 1024, 4096),
  fall: fc.double({ min: 0.35, max: 3, noNaN: true }),
});

function* everyCombination(pools: number, most: number): Generator<number[]> {
  if (pools === 0) return yield [];
  for (const others of everyCombination(pools - 1, most)) {
    for (let min = 1; min <= most; min++) yield [...others, min];
  }
}

type Problem = ReturnType<typeof problemOf>;

function frontOf(problem: Problem): Reserves[] {
  const curves = problem.bytes.map((_, pool) => curveOf(problem, pool, 1));
  return addedFront(curves, problem.bytes).map(({ reserves }) => reserves);
}

function cheapest(problem: Problem): number {
  const costs = [...everyCombination(problem.bytes.length, problem.most[0]!)]
    .filter(problem.passes).map((reserves) => bytesOf(reserves, problem.bytes));
  return Math.min(...costs);
}

Deno.test("JointSearch finds the cheapest of two pools that there is", () => {
  fc.assert(
    fc.property(fc.tuple(POOL, POOL), (pools) => {
      const problem = problemOf(pools);
      fc.pre(problem.passes(problem.plenty));
      const search = new JointSearch(problem);
      // From plenty as well: what rules out the rest does not live on a good beginning.
      for (const start of [search.settle(search.firstOn(frontOf(problem))), problem.plenty]) {
        const found = search.ruleOut(start);
        assertEquals(problem.passes(found), true);
        assertEquals(bytesOf(found, problem.bytes), cheapest(problem));
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("JointSearch begins with the first of a front that passes, or with plenty where none does", () => {
  const problem = problemOf([{ bytes: 64, fall: 1 }, { bytes: 256, fall: 2 }]);
  const front = Array.from({ length: 12 }, (_, index) => [index + 1, Math.ceil((index + 1) / 2)]);
  const first = front.findIndex(problem.passes);
  assert(first > 0 && first < front.length - 1);
  for (let from = 0; from <= first; from++) {
    const search = new JointSearch(problem);
    assertEquals(search.firstOn(front.slice(from)), front[first]);
  }
  assertEquals(new JointSearch(problem).firstOn(front.slice(0, first)), problem.plenty);
  assertEquals(new JointSearch(problem).firstOn([]), problem.plenty);
});

Deno.test("JointSearch settles, of more pools, where nothing can be spared, and seldom far from the cheapest", () => {
  let [costs, least] = [0, 0];
  fc.assert(
    fc.property(fc.array(POOL, { minLength: 3, maxLength: 4 }), (pools) => {
      const problem = problemOf(pools, 9);
      fc.pre(problem.passes(problem.plenty));
      const search = new JointSearch(problem);
      assertEquals(
        bytesOf(search.firstOn(frontOf(problem)), problem.bytes) >= cheapest(problem),
        true,
      );
      // From plenty, since the curves of pools like these already lead to where it should end.
      const found = search.settle(problem.plenty);
      assert(problem.passes(found));
      found.forEach((min, pool) => {
        assert(min === 1 || !problem.passes(withReserve(found, pool, min - 1)));
      });
      const cost = bytesOf(found, problem.bytes);
      assertGreaterOrEqual(cost, cheapest(problem));
      costs += cost;
      least += cheapest(problem);
    }),
    { numRuns: 60, seed: 1 },
  );
  assertGreaterOrEqual(1.005 * least, costs);
});

Deno.test("paretoOf() keeps what nothing beats in bytes and share both", () => {
  const points = [[3, 0.2], [1, 0.5], [2, 0.5], [4, 0.2], [4, 0.1], [1, 0.6]]
    .map(([bytes, share]) => ({ bytes: bytes!, share: share! }));
  assertEquals(paretoOf(points).map(({ bytes, share }) => [bytes, share]), [
    [1, 0.5],
    [3, 0.2],
    [4, 0.1],
  ]);
});
