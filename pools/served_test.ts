import { assertEquals } from "@std/assert";
import { ATOMIC } from "../allocators/allocator.ts";
import type { Layer } from "./composition.ts";
import { composed, flatMemory, pagePool } from "./testing/page_pool.ts";

// Pages are seen in the magazine of the pool or of the allocator; a heap counts nothing of its own.
for (const below of [{ kind: "page", order: 0 }, { kind: "heap", objectBytes: 64 }]) {
  Deno.test(`Composition.served() counts what one worker's pools had of a ${below.kind}, and nothing before`, () => {
    const { sides } = composed({
      memory: flatMemory(1024),
      allocators: { below, other: { kind: "page", order: 1 } },
      pools: {
        pool: { over: "below", minReserve: 4, policy: "five-level" },
        another: { over: "other", minReserve: 2, policy: "five-level" },
      },
      participants: 2,
      asyncSlots: 1,
    });
    const [own, other] = sides;
    const nothing = { allocs: 0, frees: 0, cacheHits: 0 };
    assertEquals([own!.served("below"), other!.served("below")], [nothing, nothing]);
    const pool = own!.pool("pool");
    const held = Array.from({ length: 5 }, () => pool.allocate(ATOMIC));
    own!.pool("another").allocate(ATOMIC);
    pool.free(held[0]!);
    const cacheHits = pool.hasMagazine ? pool.counts().cacheHits : 0;
    assertEquals(own!.served("below"), { allocs: 5, frees: 1, cacheHits });
    assertEquals(other!.served("below"), nothing);
  });
}

Deno.test("Composition.served() counts once what passes through a layer to the allocator's own magazine", () => {
  const layer: Layer = ({ allocate, free }) => ({ allocate, free });
  const { sides: [own] } = pagePool({ memory: flatMemory(1024), minReserve: 4, layer });
  const pool = own!.pool("pool");
  assertEquals(pool.hasMagazine, false);
  const before = own!.served("page");
  pool.free(pool.allocate(ATOMIC));
  pool.allocate(ATOMIC);
  const { allocs, frees } = own!.served("page");
  assertEquals([allocs - before.allocs, frees - before.frees], [2, 1]);
});
