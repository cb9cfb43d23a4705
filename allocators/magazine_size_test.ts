import { assertEquals, assertLessOrEqual } from "@std/assert";
import { createRegion, Layout } from "../sync/mod.ts";
import {
  ALLOCS,
  attachTally,
  blockOf,
  FREES,
  initialiseFront,
  LIMIT,
  mostRounds,
  planFront,
  ROUNDS,
} from "./front.ts";
import {
  attachMagazineSize,
  CONTENDED_COST,
  OPERATIONS_PER_EXCHANGE,
  WINDOW,
} from "./magazine_size.ts";

/** The magazines of two workers, of 4 to 32 rounds, and what their fast paths and a pool do to their words. */
function sizesOf(totalRounds = 100) {
  const layout = new Layout();
  const front = planFront(layout, "test", {
    participants: 2,
    rounds: 4,
    maxRounds: 32,
    totalRounds,
  });
  const region = createRegion(layout, 0);
  const { words } = region;
  initialiseFront(region, front);
  return [0, 1].map((id) => {
    const at = blockOf(front, id);
    const size = attachMagazineSize(region, front, id);
    return {
      ...size,
      window(batches: number, contended = 0) {
        for (let batch = 0; batch < batches; batch++) size.note(batch === 0 ? contended : 0);
      },
      serve(operations: number) {
        words[at + ALLOCS] = words[at + ALLOCS]! + (operations >> 1);
        words[at + FREES] = words[at + FREES]! + operations - (operations >> 1);
      },
      limit: (limit: number) => words[at + LIMIT] = limit,
      rounds: () => words[at + ROUNDS],
      most: () => mostRounds(region, front),
      reset: () => attachTally(region, at).reset(),
      found: () => [words[at + ROUNDS], words[at + LIMIT]],
    };
  });
}

Deno.test("MagazineSize.note() doubles the size with each window of batches that served little, up to the most", () => {
  const [mine, other] = sizesOf();
  mine!.window(WINDOW - 1);
  assertEquals(mine!.found(), [4, 4]);
  mine!.window(1);
  assertEquals(mine!.found(), [8, 8]);
  const sizes = [1, 2, 3].map(() => (mine!.window(WINDOW), mine!.rounds()));
  assertEquals([sizes, mine!.found(), other!.found()], [[16, 32, 32], [32, 32], [4, 4]]);
});

Deno.test("MagazineSize.note() leaves a magazine as it is whose batches serve enough", () => {
  const [mine] = sizesOf();
  for (const [missing, rounds] of [[0, 4], [1, 8]] as const) {
    mine!.serve(OPERATIONS_PER_EXCHANGE * WINDOW - missing);
    mine!.window(WINDOW);
    assertEquals(mine!.rounds(), rounds, "each window is looked at by itself");
  }
});

Deno.test("MagazineSize.note() counts a batch that found the lock held for many", () => {
  const [mine] = sizesOf();
  const cost = WINDOW + 2 * CONTENDED_COST;
  for (const [missing, rounds] of [[0, 4], [1, 8]] as const) {
    mine!.serve(OPERATIONS_PER_EXCHANGE * cost - missing);
    mine!.window(WINDOW, 2);
    assertEquals(mine!.rounds(), rounds);
  }
});

Deno.test("MagazineSize.note() counts on where the counts of the fast path begin anew", () => {
  const [mine] = sizesOf();
  mine!.serve(2 ** 31 - 5);
  mine!.serve(2 ** 31 - 5);
  mine!.window(WINDOW);
  mine!.serve(OPERATIONS_PER_EXCHANGE * WINDOW);
  mine!.window(WINDOW);
  assertEquals(mine!.rounds(), 4);
});

Deno.test("MagazineSize.note() takes all magazines together not beyond their bound", () => {
  const [mine, other] = sizesOf(32);
  for (let window = 0; window < 4; window++) {
    mine!.window(WINDOW);
    other!.window(WINDOW);
    assertLessOrEqual(mine!.rounds()! + other!.rounds()!, 32);
  }
  assertEquals([mine!.found(), other!.found()], [[16, 16], [16, 16]]);
  mine!.shrink();
  other!.window(WINDOW);
  assertEquals(other!.rounds(), 16, "28 are not enough for 32");
});

Deno.test("MagazineSize.shrink() goes back to the first size and begins a window", () => {
  const [mine] = sizesOf();
  mine!.window(2 * WINDOW + 3);
  mine!.shrink();
  assertEquals(mine!.found(), [4, 4]);
  mine!.window(WINDOW - 1);
  assertEquals(mine!.rounds(), 4);
  mine!.window(1);
  assertEquals(mine!.rounds(), 8);
});

Deno.test("mostRounds() is the largest size of any worker, also when it has shrunk since, until the counts are reset", () => {
  const sizes = sizesOf();
  const [mine, other] = sizes;
  assertEquals(mine!.most(), 4);
  mine!.window(2 * WINDOW);
  other!.window(WINDOW);
  assertEquals(mine!.most(), 16);
  mine!.shrink();
  assertEquals(mine!.most(), 16);
  mine!.reset();
  assertEquals(mine!.most(), 8);
});

Deno.test("MagazineSize changes the size of a poisoned magazine and leaves the poison where it is", () => {
  const [mine] = sizesOf();
  mine!.limit(0);
  mine!.window(WINDOW);
  assertEquals(mine!.found(), [8, 0]);
  mine!.shrink();
  mine!.heal();
  assertEquals(mine!.found(), [4, 0]);
});

Deno.test("MagazineSize sets a stale limit right: when told to, at the next batch, and where there is nothing to shrink", () => {
  const [mine] = sizesOf();
  for (const right of ["heal", "note", "shrink"] as const) {
    mine!.limit(16);
    mine![right](0);
    assertEquals(mine!.found(), [4, 4], right);
  }
});
