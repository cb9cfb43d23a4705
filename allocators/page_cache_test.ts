import { assert, assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, NONE } from "./allocator.ts";
import type { MemorySpec } from "./arena.ts";
import type { PageCache } from "./page_cache.ts";
import { type Bare, bareOf } from "./testing/bare_pages.ts";
import { memoryOf } from "./testing/memory.ts";

const clean = () => false;
const dirty = () => true;

/** Pages of which a cache has taken all but the floor, `dirtyPages` of them dirty. */
function cached(memory: MemorySpec, dirtyPages = 0, order = 0): Bare {
  const bare = bareOf(memory, { order });
  bare.cache.fill(dirtyPages, memory.watermarks.min, dirty);
  bare.cache.fill(memory.pages, memory.watermarks.min, clean);
  return bare;
}

/** Writes out what was asked for, or so many. @returns how many there were. */
function writeOut(cache: PageCache, most = Infinity): number {
  let written = 0;
  for (; written < most && cache.asked() > 0; written++) cache.endWrite(cache.beginWrite());
  return written;
}

const hundred = memoryOf({ pages: 100, watermarks: { min: 10, low: 12, high: 14 } });

Deno.test("PageCache.fill() takes free pages down to the floor, as many as wanted, and writes bytes into each", () => {
  const { arena, cache } = bareOf(hundred);
  assertEquals([cache.fill(30, 10, clean), cache.fill(30, 50, dirty)], [30, 20]);
  assertEquals([arena.freePages(), cache.pages(), cache.clean()], [50, 50, 30]);
  const page = cache.beginWrite();
  assert(cache.bytes(page).every((byte) => byte === page), "its bytes are those of this page");
  assertEquals(cache.bytes(page).length, hundred.pageBytes);
});

Deno.test("PageCache.scan() gives clean pages to the arena and leaves dirty ones alone", () => {
  const { arena, cache } = cached(hundred, 60);
  assertEquals([arena.freePages(), cache.pages(), cache.clean()], [10, 90, 30]);
  assertEquals([cache.scan(20), cache.scan(20), cache.scan(20)], [20, 10, 0]);
  assertEquals([arena.freePages(), cache.pages(), cache.clean()], [40, 60, 0]);
  arena.check();
});

Deno.test("PageCache.scan() asks for as many dirty pages as it lacked, once, however often it lacks them", () => {
  const { cache } = cached(hundred, 60);
  cache.scan(20);
  assertEquals(cache.asked(), 0);
  cache.scan(32);
  assertEquals(cache.asked(), 22);
  cache.scan(8);
  assertEquals([cache.asked(), writeOut(cache)], [22, 22]);
  assertEquals([cache.clean(), cache.scan(100), cache.asked()], [22, 22, 38]);
});

Deno.test("PageCache.beginWrite() keeps a page out of everybody's reach until it is clean", () => {
  const { arena, cache } = cached(hundred, 90);
  cache.scan(1);
  const page = cache.beginWrite();
  assertEquals([cache.scan(1), cache.pages(), arena.freePages()], [0, 90, 10]);
  cache.endWrite(page);
  assertEquals([cache.scan(1), cache.pages(), arena.freePages()], [1, 89, 11]);
});

Deno.test("PageCache.beginWrite() has no page where none is dirty, and nothing is asked for any more", () => {
  const { cache } = cached(hundred, 1);
  cache.scan(100);
  assertEquals(cache.asked(), 1);
  const page = cache.beginWrite();
  cache.scan(100);
  assertEquals([cache.asked(), cache.beginWrite()], [0, NONE]);
  cache.endWrite(page);
  assertEquals(cache.pages(), 1);
});

Deno.test("PageCache.drain() gives everything back, and counts() says what came and went", () => {
  const { arena, cache } = cached(hundred, 60);
  cache.scan(40);
  writeOut(cache, 5);
  assertEquals(cache.drain(), 60);
  assertEquals([cache.pages(), arena.freePages(), cache.asked()], [0, 100, 0]);
  cache.fill(7, 0, clean);
  assertEquals(cache.counts(), { peak: 90, filled: 97, written: 5, reclaimed: 30 });
  arena.check();
});

Deno.test("page takes reclaimable pages for a blocking caller before it takes anything that others have at hand", () => {
  const bare = cached(hundred);
  assertEquals(bare.refill(1, ATOMIC), []);
  assertEquals([bare.refill(1, BLOCKING).length, bare.reclaims(), bare.sleeps()], [1, 0, 0]);
  assertEquals([bare.cache.pages(), bare.arena.freePages()], [86, 13], "up to high, less the page");
  assertEquals(bare.refill(1, ATOMIC).length, 1, "what was reclaimed serves others too");
  assertEquals(bare.backend.counts().reclaimed, 1);
});

Deno.test("page reclaims 32 pages at once at most, however far the high watermark is", () => {
  const bare = cached(memoryOf({ pages: 100, watermarks: { min: 10, low: 20, high: 90 } }));
  assertEquals([bare.refill(1, BLOCKING).length, bare.cache.pages()], [1, 58]);
});

Deno.test("page refuses dirty pages: a blocking caller fails until they are written out", () => {
  const bare = cached(memoryOf({ pages: 40, watermarks: { min: 0, low: 4, high: 8 } }), 40);
  assertEquals([bare.refill(1, BLOCKING), bare.reclaims()], [[], 1]);
  assertEquals([bare.backend.counts().blockingFailures, bare.cache.asked()], [1, 8]);
  writeOut(bare.cache, 1);
  assertEquals(bare.refill(1, BLOCKING).length, 1);
});

Deno.test("page reclaims more from round to round for a block of pages that must lie together", () => {
  const bare = cached(memoryOf({ pages: 512 }), 0, 9);
  assertEquals([bare.refill(1, BLOCKING).length, bare.cache.pages()], [1, 0]);
  assertEquals(bare.reclaims(), 0);
});

Deno.test("PageCache.recover() takes back what a participant was writing that has died, and it is dirty again", () => {
  const { arena, cache } = cached(hundred, 60);
  cache.beginWrite();
  cache.beginWrite();
  assertEquals([cache.recover(1), cache.recover(0), cache.recover(0)], [0, 2, 0]);
  assertEquals([cache.pages(), cache.clean(), cache.drain()], [90, 30, 90]);
  assertEquals(arena.freePages(), 100);
  arena.check();
});

Deno.test("PageCache.recover() frees what a participant was filling that has died, however much", () => {
  const { arena, cache } = bareOf(memoryOf({ pages: 200 }));
  const died = new Error("died");
  const die = () => {
    throw died;
  };
  assertThrows(() => cache.fill(150, 0, die), Error, "died");
  assertEquals([cache.pages(), arena.freePages()], [0, 50]);
  assertEquals([cache.recover(0), arena.freePages()], [150, 200]);
  arena.check();
});
