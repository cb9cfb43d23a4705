import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createRegion, Layout } from "../sync/mod.ts";
import { ATOMIC, BLOCKING } from "./allocator.ts";
import { attachDepot, type Depot, planDepot } from "./depot.ts";

const CAPACITY = 20;

function depotOf() {
  const layout = new Layout();
  const plan = planDepot(layout, "test", CAPACITY);
  const after = layout.words("after", 1);
  const scratch = layout.words("scratch", CAPACITY);
  const region = createRegion(layout, 0);
  const { words } = region;
  words[after] = 77;
  const depot = attachDepot(region, plan, 0);
  return {
    depot,
    /** What lies behind the depot's words, which it must leave alone. */
    behind: () => words[after],
    push(...elements: readonly number[]) {
      words.set(elements, scratch);
      depot.push(scratch, elements.length);
    },
    pop(want: number): number[] {
      const moved = depot.pop(scratch, want);
      return [...words.subarray(scratch, scratch + moved)];
    },
  };
}

function resultsOf(depot: Depot) {
  const { inUse, peakInUse, atomicFailures, blockingFailures, reclaimed } = depot.results();
  return [inUse, peakInUse, atomicFailures, blockingFailures, reclaimed];
}

Deno.test("Depot.pop() takes what was pushed last, in batches, until there is nothing", () => {
  const { depot, push, pop } = depotOf();
  push(1, 2, 3);
  push(4, 5);
  assertEquals(depot.count(), 5);
  assertEquals([pop(2), pop(2), pop(9), pop(1)], [[4, 5], [2, 3], [1], []]);
  assertEquals(depot.count(), 0);
});

Deno.test("Depot.use() knows how many are in use and the most at once", () => {
  const { depot } = depotOf();
  depot.use(5);
  depot.use(-3);
  depot.use(1);
  assertEquals(resultsOf(depot), [3, 5, 0, 0, 0]);
});

Deno.test("Depot.fail() tells atomic from blocking callers, reclaim() sums up", () => {
  const { depot } = depotOf();
  depot.fail(ATOMIC);
  depot.fail(ATOMIC);
  depot.fail(BLOCKING);
  depot.reclaim(2);
  depot.reclaim(3);
  assertEquals(resultsOf(depot), [0, 0, 2, 1, 5]);
});

Deno.test("Depot.resetCounts() begins again from what is in use and keeps the elements", () => {
  const { depot, push, pop } = depotOf();
  push(8, 9);
  depot.use(5);
  depot.use(-3);
  depot.fail(ATOMIC);
  depot.fail(BLOCKING);
  depot.reclaim(2);
  depot.lock.acquire();
  depot.lock.release();
  depot.resetCounts();
  assertEquals(resultsOf(depot), [2, 2, 0, 0, 0]);
  assertEquals(depot.lock.acquisitions(), 0);
  assertEquals(pop(5), [8, 9]);
});

Deno.test("Depot behaves as an array does, up to its capacity", () => {
  const batch = fc.integer({ min: -7, max: 7 });
  fc.assert(fc.property(fc.array(batch, { maxLength: 40 }), (batches) => {
    const { depot, push, pop, behind } = depotOf();
    const model: number[] = [];
    let next = 1;
    for (const size of batches) {
      if (size < 0) assertEquals(pop(-size), model.splice(Math.max(0, model.length + size)));
      else if (model.length + size <= CAPACITY) {
        const elements = Array.from({ length: size }, () => next++);
        push(...elements);
        model.push(...elements);
      }
      assertEquals([depot.count(), behind()], [model.length, 77]);
    }
    assertEquals(pop(CAPACITY), model);
  }));
});
