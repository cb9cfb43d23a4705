/** Where a blocking allocation finds memory once its allocator has none: each place by itself, and none of them for an atomic one. */
import { assertEquals, assertGreater, assertNotEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { LINE_WORDS } from "../sync/region.ts";
import type { Composition } from "./composition.ts";
import type { CompositionSpec } from "./composition_plan.ts";
import { composed, flatMemory } from "./testing/page_pool.ts";

const PAGES = 32;

/** Pools without a reserve over pages, pairs of them and objects, which share a memory with a page cache. */
function spec(growTo = PAGES): CompositionSpec {
  const pool = (over: string) => ({ over, minReserve: 0, policy: "backend-only" });
  return {
    memory: { ...flatMemory(PAGES), growTo },
    allocators: {
      page: { kind: "page", order: 0 },
      pair: { kind: "page", order: 1 },
      object: { kind: "slab", objectBytes: 64, align: 8 },
    },
    pools: { pages: pool("page"), pairs: pool("pair"), objects: pool("object") },
    participants: 2,
    asyncSlots: 1,
    pageCache: true,
  };
}

function takeAll(side: Composition, pool: string): Handle[] {
  const { allocate } = side.pool(pool);
  const handles: Handle[] = [];
  for (let got = allocate(BLOCKING); got !== NONE; got = allocate(BLOCKING)) handles.push(got);
  assertEquals(side.arena.freePages(), 0);
  return handles;
}

/** Has another worker's magazine hold the only pair that nobody uses. */
function cachePair(mine: Composition, other: Composition): void {
  other.pool("pairs").free(takeAll(mine, "pairs")[0]!);
}

/** One place: how memory gets there, and how a page is then had of it. */
interface Place {
  readonly growTo?: number;
  readonly prepare: (mine: Composition, other: Composition) => void;
  /** At once if not given. */
  readonly take?: (allocate: () => Handle, other: Composition) => Handle;
}

const PLACES: Readonly<Record<string, Place>> = {
  "clean pages of the page cache": {
    prepare: ({ pageCache }) => void pageCache!.fill(PAGES, 0, () => false),
  },
  "the depot of another allocator": {
    prepare(mine) {
      takeAll(mine, "pairs").forEach(mine.pool("pairs").free);
      mine.drain();
      assertEquals(mine.allocator("pair").backend.hoarded(), PAGES / 2);
    },
  },
  "slabs, once the objects in the depot have left them empty": {
    prepare(mine) {
      takeAll(mine, "objects").forEach(mine.pool("objects").free);
      mine.drain();
      assertEquals(mine.allocator("object").backend.footprint().pages, PAGES);
    },
  },
  "the caller's own magazines": {
    prepare: (mine) => mine.pool("pairs").free(takeAll(mine, "pairs")[0]!),
  },
  "the magazines of a worker that sleeps": {
    prepare: cachePair,
    take: (allocate, other) => other.participant.park(allocate),
  },
  "the magazines of a worker that runs, once it has answered": {
    prepare: cachePair,
    take(allocate, other) {
      assertEquals(allocate(), NONE);
      other.participant.poll();
      return allocate();
    },
  },
  "pages that were never used, up to the limit of growth": {
    growTo: PAGES + 16,
    prepare(mine) {
      const { allocate } = mine.pool("pairs");
      for (let pair = 0; pair < PAGES / 2; pair++) allocate(BLOCKING);
      assertEquals([mine.arena.freePages(), mine.arena.pages()], [0, PAGES]);
    },
  },
};

const atOnce = (allocate: () => Handle) => allocate();

for (const [what, { growTo, prepare, take = atOnce }] of Object.entries(PLACES)) {
  Deno.test(`direct reclaim finds ${what}, for a caller that may sleep`, () => {
    const { sides: [mine, other] } = composed(spec(growTo));
    prepare(mine!, other!);
    const pages = mine!.pool("pages");
    assertEquals(pages.allocate(ATOMIC), NONE);
    assertNotEquals(take(() => pages.allocate(BLOCKING), other!), NONE);
    assertEquals(pages.counts().hits, [0, 0, 1, 0, 0]);
    mine!.check();
  });
}

Deno.test("direct reclaim takes clean pages before it takes anything that others have at hand", () => {
  const { sides: [mine, other] } = composed(spec());
  const pair = other!.pool("pairs").allocate(BLOCKING);
  mine!.pageCache!.fill(PAGES, 0, () => false);
  other!.pool("pairs").free(pair);
  const { allocate } = mine!.pool("pages");
  const cached = mine!.pageCache!.clean();
  other!.participant.park(() => {
    for (let taken = 0; taken < cached; taken++) assertNotEquals(allocate(BLOCKING), NONE);
    assertEquals([mine!.pageCache!.pages(), other!.pool("pairs").drain()], [0, 1]);
  });
  mine!.check();
});

Deno.test("direct reclaim leaves dirty pages alone, and asks for them to be written", () => {
  const { sides: [mine] } = composed(spec());
  const cache = mine!.pageCache!;
  cache.fill(PAGES, 0, () => true);
  const pages = mine!.pool("pages");
  assertEquals(pages.allocate(BLOCKING), NONE);
  assertGreater(cache.asked(), 0);
  cache.endWrite(cache.beginWrite());
  assertNotEquals(pages.allocate(BLOCKING), NONE);
  assertEquals(cache.pages(), PAGES - 1);
  mine!.check();
});

Deno.test("direct reclaim fails after bounded effort where everything is in use", () => {
  const { sides: [mine] } = composed(spec(PAGES + 1));
  const taken = takeAll(mine!, "pages");
  assertEquals(taken.length, PAGES + 1, "the limit of growth");
  const { blockingFailures } = mine!.allocator("page").backend.counts();
  assertEquals(blockingFailures, 1);
  mine!.check();
});

Deno.test("Composition.check() throws where a page is in the cache and free as well", () => {
  const { sides: [mine], plan } = composed(spec());
  const cache = mine!.pageCache!;
  cache.fill(2, 0, () => false);
  mine!.check();
  mine!.arena.give(0, plan.pageCache!.at + LINE_WORDS, 1);
  const { message } = assertThrows(() => mine!.check(), Error);
  assertEquals(message, "31 free pages + 0,0,0 with allocators + 2 in the page cache = 33, not 32");
});

Deno.test("Composition.outstanding() sees what somebody has of an allocator without a pool", () => {
  const { sides: [mine, other] } = composed(spec());
  const { allocate, free } = other!.under("pages");
  const page = allocate(BLOCKING);
  const own = mine!.pool("pages").allocate(BLOCKING);
  const seen = () => ["page", "pages"].map((name) => mine!.outstanding(name));
  assertEquals(seen(), [1, 1]);
  free(page);
  assertEquals(seen(), [0, 1]);
  mine!.pool("pages").free(own);
  assertEquals(seen(), [0, 0]);
});
