import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createRegion, Layout } from "../sync/mod.ts";
import { ATOMIC, BLOCKING } from "./allocator.ts";
import { attachDepot, type Depot } from "./depot.ts";
import { planDepot } from "./depot_plan.ts";

const CAPACITY = 20;

function depotOf() {
  const layout = new Layout();
  const plan = planDepot(layout, "test", CAPACITY);
  const after = layout.words("after", 1);
  const scratch = layout.words("scratch", CAPACITY);
  const region = createRegion(layout, 0);
  const { words } = region;
  words[after] = 77;
  let filled = 0;
  const depot = attachDepot(region, plan, 0, () => filled++);
  return {
    depot,
    /** How often a floor was said to be filled. */
    filled: () => filled,
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

Deno.test("Depot.pop() leaves the floor, which is filled first: by what comes, and by what lies above it", () => {
  const { depot, push, pop } = depotOf();
  const { floor } = depot;
  push(1, 2, 3, 4);
  floor.raise(3);
  assertEquals([floor.size(), floor.kept(), floor.missing()], [3, 0, 3]);
  assertEquals([pop(9), floor.kept(), depot.count()], [[4], 3, 3]);
  assertEquals(pop(9), []);
  assertEquals([floor.take(), floor.take(), floor.kept()], [3, 2, 1]);
  push(5);
  assertEquals([floor.kept(), pop(9)], [2, []]);
  floor.put(6);
  push(7, 8);
  assertEquals([floor.kept(), floor.missing(), pop(9)], [3, 0, [7, 8]]);
  assertEquals(floor.marked(), { allocs: 2, frees: 1 });
});

Deno.test("DepotFloor.take() takes what is kept and nothing else, though there is more in the depot", () => {
  const { depot: { floor, count }, push } = depotOf();
  floor.raise(2);
  push(1, 2, 3, 4, 5);
  assertEquals([floor.take(), floor.take(), floor.take(), count()], [5, 4, 0, 3]);
  assertEquals([floor.lowWater(), floor.kept()], [0, 0]);
});

Deno.test("DepotFloor.raise() lowers, too: what is beyond the floor is free for everybody", () => {
  const { depot: { floor }, push, pop } = depotOf();
  floor.raise(4);
  push(1, 2, 3, 4);
  assertEquals(pop(9), []);
  floor.raise(-3);
  assertEquals([floor.size(), floor.kept(), pop(9)], [1, 1, [2, 3, 4]]);
  floor.raise(-1);
  assertEquals([floor.kept(), pop(9)], [0, [1]]);
});

Deno.test("Depot.release() tells once that the floor was filled, by anything but a marked free", () => {
  const { depot, push, pop, filled } = depotOf();
  const during = (act: () => void) => {
    depot.lock.acquire();
    act();
    depot.release();
    return filled();
  };
  assertEquals(during(() => push(1, 2, 3)), 0);
  depot.floor.raise(2);
  assertEquals([during(() => pop(1)), during(() => pop(1))], [1, 1]);
  depot.floor.take();
  depot.floor.take();
  assertEquals(during(() => depot.floor.put(9)), 1);
  assertEquals(during(() => push(8)), 2);
  assertEquals(during(() => push(7)), 2);
  assertEquals(depot.lock.owner(), -1);
});

const floorCommand = fc.record({
  do: fc.constantFrom("push", "pop", "take", "put", "raise", "lower"),
  count: fc.integer({ min: 1, max: 4 }),
});

Deno.test("Depot keeps its floor as plain counts do, and loses nothing", () => {
  fc.assert(
    fc.property(fc.array(floorCommand, { maxLength: 60 }), (commands) => {
      const { depot, push, pop } = depotOf();
      const { floor } = depot;
      const out = Array.from({ length: CAPACITY }, (_, index) => index + 1);
      let [size, kept, count] = [0, 0, 0];
      for (const { do: what, count: many } of commands) {
        if (what === "push") {
          const pushed = out.splice(0, many);
          push(...pushed);
          count += pushed.length;
          kept += Math.min(size - kept, pushed.length);
        } else if (what === "pop") {
          kept = Math.min(size, count);
          const moved = pop(many);
          assertEquals(moved.length, Math.min(many, count - kept));
          count -= moved.length;
          out.push(...moved);
        } else if (what === "take") {
          const taken = floor.take();
          assertEquals(taken > 0, kept > 0);
          if (taken > 0) [kept, count] = [kept - 1, count - 1, out.push(taken)];
        } else if (what === "put" && kept < size && out.length > 0) {
          floor.put(out.pop()!);
          [kept, count] = [kept + 1, count + 1];
        } else if (what === "raise") floor.raise((size += many) && many);
        else if (what === "lower") {
          const by = Math.min(many, size);
          floor.raise(-by);
          size -= by;
          kept = Math.min(size, kept);
        }
        assertEquals([floor.size(), floor.kept(), depot.count()], [size, kept, count]);
        assertEquals(new Set(out).size, CAPACITY - count);
      }
    }),
  );
});
