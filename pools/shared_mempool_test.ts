/** The pool as a program embeds it, in one thread. */
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import {
  ATOMIC,
  attachMempool,
  BLOCKING,
  MisuseError,
  NONE,
  PageAllocator,
  type Policy,
} from "./mod.ts";
import { freeAll, type Given, make, NO_RETRY, takeAll } from "./testing/embedded_pool.ts";
import { soon } from "./testing/eventually.ts";

Deno.test("createMempool() fills the reserve and gives elements of the size of their pages", () => {
  const { pool, shared, detach } = make({ name: "bio", memory: { order: 2 } });
  assertEquals([pool.name, shared.name], ["bio", "bio"]);
  assertEquals([pool.minReserve, pool.currentReserve, pool.elementBytes], [4, 4, 2048]);
  const handle = pool.allocate();
  assertEquals(pool.bytes(handle).length, 2048);
  pool.free(handle);
  assertEquals(pool.counts().hits, [1, 0, 0, 0, 0]);
  detach();
});

Deno.test("createMempool() serves every page, the last from the reserve, and all come back", () => {
  const policy: Policy = { ...NO_RETRY, steps: NO_RETRY.steps.slice(0, -1) };
  const { pool, detach } = make({ policy, memory: { watermarks: { min: 2, low: 3, high: 4 } } });
  const handles = takeAll(pool);
  assertEquals(handles.length, 62);
  handles.push(pool.allocate(BLOCKING), pool.allocate(BLOCKING));
  assertEquals(new Set(handles).size, 64);
  assertEquals([pool.currentReserve, pool.allocate(ATOMIC)], [0, NONE]);
  const { hits, none } = pool.counts();
  assertEquals([hits[1] + hits[3], hits[2], none], [4, 2, 2]);
  freeAll(pool, handles);
  assertEquals(pool.currentReserve, 4);
  pool.reserve.check();
  detach();
});

Deno.test("PageAllocator leaves 1/64 of its pages to callers who may sleep, where nothing else is said", () => {
  const memory = { pages: 1024, pageBytes: 4096, growTo: 1024 };
  const watermarks = { min: 16, low: 24, high: 32 };
  assertEquals(new PageAllocator({ pages: 1024 }).memory, { ...memory, watermarks });
  const { low } = new PageAllocator({ pages: 64 }).memory.watermarks;
  assertEquals(low, 1, "a whole number");
  const few = new PageAllocator({ pages: 63 }).memory.watermarks;
  assertEquals(few, { min: 0, low: 0, high: 0 });
});

Deno.test("Mempool.take() frees its element at the end of the block, once, even where the block throws", () => {
  const { pool, detach } = make();
  {
    using element = pool.take();
    element.bytes.fill(7);
    assertEquals(element.bytes, pool.bytes(element.handle));
    assertEquals(pool.counts().frees, 0);
    element[Symbol.dispose]();
    assertEquals(pool.counts().frees, 1);
  }
  assertEquals(pool.counts().frees, 1);
  assertThrows(
    () => {
      using element = pool.take();
      throw new Error(`in the midst of ${element.handle}`);
    },
    Error,
    "in the midst of",
  );
  assertEquals(pool.counts().frees, 2);
  detach();
});

Deno.test("Mempool.take() says that there is none left under a policy that does not wait", () => {
  const { pool, detach } = make({ policy: "backend-only", minReserve: 0, memory: { pages: 2 } });
  using _one = pool.take();
  using _two = pool.take();
  assertThrows(() => pool.take(), Error, 'Cannot take an element as "mempool" has none left');
  detach();
});

Deno.test("Mempool.free() refuses what is not out, by name", () => {
  const { pool, detach } = make();
  const handle = pool.allocate();
  pool.free(handle);
  for (const wrong of [handle, 64, 65, 1000, 0, -1, 0.5, NaN]) {
    assertThrows(
      () => pool.free(wrong),
      MisuseError,
      `Cannot free element ${wrong} into "mempool"`,
    );
  }
  assertEquals([pool.counts().frees, pool.currentReserve], [1, 4]);
  detach();
});

Deno.test("Mempool.allocate(ATOMIC) never waits, even where others do", async () => {
  const { pool, detach } = make();
  const handles = takeAll(pool);
  assertEquals([pool.allocate(ATOMIC), pool.marks().maxDepth], [NONE, 0]);
  const waiting = pool.allocateAsync();
  assertEquals([pool.allocate(ATOMIC), pool.marks().maxDepth], [NONE, 1]);
  pool.free(handles.pop()!);
  assertEquals(pool.allocate(ATOMIC), NONE, "what was freed is the waiter's");
  freeAll(pool, [...handles, await soon("the waiter", waiting)]);
  pool.reserve.check();
  detach();
});

Deno.test("Mempool.allocateAsync() is served at once where there is an element", async () => {
  const { pool, detach } = make();
  const handle = await pool.allocateAsync({ signal: AbortSignal.timeout(60_000) });
  assertEquals(pool.counts().hits, [1, 0, 0, 0, 0]);
  pool.free(handle);
  detach();
});

Deno.test("Mempool.allocateAsync() rejects with the reason of its signal, and nothing is lost by that", async () => {
  const { pool, detach } = make();
  const handles = takeAll(pool);
  const late = AbortSignal.abort(new Error("late"));
  await assertRejects(() => pool.allocateAsync({ signal: late }), Error, "late");
  const abort = new AbortController();
  const aborted = pool.allocateAsync({ signal: abort.signal });
  const behind = pool.allocateAsync();
  abort.abort(new Error("no longer wanted"));
  await assertRejects(() => soon("the aborted one", aborted), Error, "no longer wanted");
  assertEquals(pool.reserve.queue.count(), 1);
  const freed = handles.pop()!;
  pool.free(freed);
  assertEquals(await soon("the one behind", behind), freed);
  freeAll(pool, [...handles, freed]);
  assertEquals([takeAll(pool).length, pool.counts().frees], [64, 65]);
  detach();
});

Deno.test("Mempool.allocateAsync() that is aborted in the moment of its hand-over passes the element on", async () => {
  const { pool, detach } = make({ minReserve: 1 });
  const handles = takeAll(pool);
  const abort = new AbortController();
  const aborted = pool.allocateAsync({ signal: abort.signal });
  const freed = handles.pop()!;
  pool.free(freed);
  abort.abort(new Error("too late"));
  const outcome = await soon("it settles", aborted.catch(() => NONE));
  if (outcome !== NONE) pool.free(outcome);
  assertEquals(pool.allocate(ATOMIC), freed);
  freeAll(pool, [...handles, freed]);
  pool.reserve.check();
  detach();
});

Deno.test("Mempool.allocateAsync() serves more callers than there are places in the queue, each once", async () => {
  const { pool, detach } = make();
  const handles = takeAll(pool);
  const abort = new AbortController();
  const calls = Array.from(
    { length: 150 },
    (_, index) => pool.allocateAsync(index >= 64 && index < 140 ? { signal: abort.signal } : {}),
  );
  const settled = Promise.allSettled(calls);
  abort.abort();
  let served = 0;
  for (const call of [...calls.slice(0, 64), ...calls.slice(140)]) {
    pool.free(handles.pop()!);
    handles.unshift(await soon(`caller ${served++}`, call));
  }
  const rejected = (await settled).filter(({ status }) => status === "rejected");
  assertEquals([rejected.length, new Set(handles).size], [76, 64]);
  freeAll(pool, handles);
  pool.reserve.check();
  detach();
});

Deno.test("attachMempool() refuses one thread more than the pool was made for", () => {
  const { shared, detach } = make({ participants: 2, name: "bio" });
  const other = attachMempool(shared);
  for (let time = 0; time < 2; time++) {
    const { message } = assertThrows(() => attachMempool(shared), RangeError);
    assertEquals(message, 'Cannot attach to mempool "bio" as all 2 participants are attached');
  }
  other.detach();
  detach();
});

Deno.test("attachMempool() lets threads come and go, however many in all", () => {
  const { pool, shared, detach } = make({ participants: 2 });
  for (let thread = 0; thread < 20; thread++) {
    const other = attachMempool(shared);
    other.pool.free(other.pool.allocate());
    other.detach();
  }
  pool.reserve.check();
  detach();
});

const REFUSED: readonly { readonly given: Given; readonly says: RegExp }[] = [
  { given: { minReserve: -1 }, says: /minReserve must be an integer >= 0: current value is -1$/ },
  { given: { minReserve: 0.5 }, says: /minReserve must be an integer >= 0: current value is 0.5$/ },
  { given: { minReserve: NaN }, says: /minReserve must be .* current value is NaN$/ },
  { given: { minReserve: 65 }, says: /^Cannot create mempool "mempool": backend call 65 of 65 / },
  { given: { policy: "fifth-level" }, says: /^"fifth-level" is not a policy$/ },
  { given: { policy: { ...NO_RETRY, steps: ["wait", "reserve"] } }, says: /wait must be its last/ },
  { given: { policy: { ...NO_RETRY, steps: ["reserve"] } }, says: /retryFrom must be one of its/ },
  { given: { participants: 0 }, says: /must be an integer >= 1: current value is 0$/ },
  { given: { participants: 1.5 }, says: /must be an integer >= 1: current value is 1.5$/ },
  { given: { participants: 256 }, says: /^at most 255 participants can be told apart$/ },
  { given: { memory: { pages: 0 } }, says: /pages must be an integer >= 1: current value is 0$/ },
  { given: { memory: { pages: 6.5 } }, says: /pages must be an integer >= 1: current value is 6/ },
  { given: { memory: { pageBytes: 0 } }, says: /pageBytes must be an integer >= 1: current/ },
  {
    given: { memory: { growTo: 63 } },
    says: /growTo must be an integer >= 64: current value is 63/,
  },
  {
    given: { memory: { order: 11 } },
    says: /order must be an integer from 0 to 10: current value/,
  },
  {
    given: { memory: { watermarks: { min: 4, low: 3, high: 8 } } },
    says: /watermarks.low must be an integer >= 4: current value is 3$/,
  },
];

for (const { given, says } of REFUSED) {
  Deno.test(`createMempool() refuses ${JSON.stringify(given)} in one sentence`, () => {
    const { message } = assertThrows(() => make(given), Error);
    assertMatch(message, says);
    assert(!message.includes("\n"));
  });
}

Deno.test("MempoolSide.recover() returns what a dead thread had, and gives its number to the next", () => {
  const one = make({ name: "bio" });
  const dead = attachMempool(one.shared);
  const held = takeAll(dead.pool).length;
  assertEquals(one.recover(dead.id).returned, { bio: held });
  assertEquals(takeAll(one.pool).length, held);
  const next = attachMempool(one.shared);
  assertEquals(next.id, dead.id);
  next.detach();
  one.detach();
});
