/** The pool as a program embeds it: made in one thread, attached by others. */
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { isMarked, mark } from "../allocators/testing/sentinel.ts";
import { type Crew, startCrew } from "../sync/testing/crew.ts";
import {
  ATOMIC,
  attachMempool,
  BLOCKING,
  createMempool,
  type CreateMempoolOptions,
  type Handle,
  type Mempool,
  type MempoolCounts,
  type MempoolSide,
  MisuseError,
  NONE,
  PageAllocator,
  type PageAllocatorOptions,
  type Policy,
} from "./mod.ts";
import { eventually, soon } from "./testing/eventually.ts";
import type { Order } from "./testing/told_mempool.ts";

/** Five levels, but nobody who waits looks again by himself before the test is over. */
const NO_RETRY: Policy = {
  steps: ["backend-atomic", { reserve: { atLeast: 0.5 } }, "backend-blocking", "reserve", "wait"],
  retryFrom: "backend-atomic",
  retryMs: 600_000,
};

type Given = Partial<CreateMempoolOptions> & { readonly memory?: Partial<PageAllocatorOptions> };

/** A pool of 64 pages, all of which an atomic caller may have. */
function make({ memory, ...given }: Given = {}): MempoolSide {
  const watermarks = { min: 0, low: 0, high: 0 };
  const over = new PageAllocator({ pages: 64, pageBytes: 512, watermarks, ...memory });
  return createMempool({ over, minReserve: 4, policy: NO_RETRY, ...given });
}

/** Makes a pool and threads that have attached to it. */
async function attached(workers: number, given: Given = {}) {
  const main = make({ participants: 1 + workers, ...given });
  const crew = startCrew(new URL("./testing/told_mempool.ts", import.meta.url), workers);
  const orders = Array.from({ length: workers }, (): Order => ({
    order: "attach",
    shared: main.shared,
  }));
  assertEquals(await crew.ask<string>(orders), Array(workers).fill(main.pool.name));
  return {
    ...main,
    crew,
    [Symbol.dispose]() {
      crew[Symbol.dispose]();
      main.detach();
    },
  };
}

function told<T>(crew: Crew, worker: number, order: Order): Promise<T> {
  crew.send(worker, order);
  return crew.answer<T>(worker);
}

function takeAll(pool: Mempool): Handle[] {
  const handles: Handle[] = [];
  for (let handle = pool.allocate(ATOMIC); handle !== NONE; handle = pool.allocate(ATOMIC)) {
    handles.push(handle);
  }
  return handles;
}

function freeAll(pool: Mempool, handles: readonly Handle[]): void {
  for (const handle of handles) pool.free(handle);
}

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
  const { pool, detach } = make({ memory: { watermarks: { min: 2, low: 3, high: 4 } } });
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

Deno.test("attachMempool() lets two threads work in one pool that is too small for both", async () => {
  // Five elements for two tasks that hold up to three, one by one: just enough never to lock up.
  const main = await attached(2, { minReserve: 2, memory: { pages: 5 } });
  using _ = main;
  const { pool, crew } = main;
  const churn: Order = { order: "churn", rounds: 1500, most: 3 };
  assertEquals(await crew.ask<number>([churn, churn]), [0, 0]);
  const counts = await crew.ask<MempoolCounts>([{ order: "counts" }, { order: "counts" }]);
  for (const { allocs, frees, hits, none, failed } of counts) {
    assertEquals([allocs, frees], [3000, 3000]);
    assertEquals([hits.reduce((sum, each) => sum + each), none, failed], [3000, 0, 0]);
  }
  pool.reserve.check();
  assertEquals(pool.currentReserve, 2);
  await crew.ask<void>([{ order: "detach" }, { order: "detach" }]);
  assertEquals(takeAll(pool).length, 5);
});

Deno.test("attachMempool() shares elements by their handles: taken here, read and freed there", async () => {
  const main = await attached(2);
  using _ = main;
  const { pool, crew } = main;
  const fromWorker = await told<Handle[]>(crew, 0, { order: "take", count: 3 });
  const mine = [1, 2, 3].map(() => pool.allocate());
  for (const handle of mine) mark(pool.bytes(handle), handle);
  assert(fromWorker.every((handle) => isMarked(pool.bytes(handle), handle)));
  assertEquals(new Set([...fromWorker, ...mine]).size, 6);
  const free: Order = { order: "free", handles: [...fromWorker.slice(1), ...mine.slice(1)] };
  assertEquals(await told<boolean[]>(crew, 1, free), [true, true, true, true]);
  freeAll(pool, [fromWorker[0]!, mine[0]!]);
  assertThrows(() => pool.free(fromWorker[1]!), MisuseError, "worker 1 had it last");
  const counts = await crew.ask<MempoolCounts>([{ order: "counts" }, { order: "counts" }]);
  assertEquals(counts.map(({ allocs, frees }) => [allocs, frees]), [[3, 0], [0, 4]]);
  assertEquals([pool.counts().allocs, pool.counts().frees], [3, 2]);
});

Deno.test("Mempool.allocate() sleeps in a worker until this thread frees, first come first served", async () => {
  const main = await attached(2);
  using _ = main;
  const { pool, crew } = main;
  const handles = takeAll(pool);
  const answers: Promise<Handle[]>[] = [];
  for (const worker of [0, 1]) {
    answers.push(told<Handle[]>(crew, worker, { order: "take", count: 1 }));
    await eventually(`worker ${worker} waits`, () => pool.reserve.queue.count() === worker + 1);
  }
  const [first, second] = [handles.pop()!, handles.pop()!];
  pool.free(first);
  assertEquals(await answers[0], [first]);
  pool.free(second);
  assertEquals(await answers[1], [second]);
  const [counts] = await crew.ask<MempoolCounts>([{ order: "counts" }]);
  assertEquals(counts!.hits, [0, 0, 0, 0, 1]);
});

Deno.test("Mempool.allocateAsync() waits in two threads at once, and a worker's free serves this one", async () => {
  const main = await attached(2);
  using _ = main;
  const { pool, crew } = main;
  const held = await told<Handle[]>(crew, 0, { order: "take", count: 5 });
  const rest = takeAll(pool);
  const there = told<Handle[]>(crew, 1, { order: "take-async", count: 2 });
  await eventually("two wait there", () => pool.reserve.queue.count() === 2);
  const here = pool.allocateAsync();
  await told<boolean[]>(crew, 0, { order: "free", handles: held.slice(0, 3) });
  assertEquals(await there, held.slice(0, 2));
  assertEquals(await soon("this thread", here), held[2]!);
  freeAll(pool, [...held.slice(0, 3), ...rest]);
  pool.reserve.check();
});

for (const how of ["blocking", "async"] as const) {
  Deno.test(`Mempool gives a ${how} caller what a worker has cached that is back in its event loop`, async () => {
    const main = await attached(1, { minReserve: 0 });
    using _ = main;
    const { pool, crew } = main;
    const cached = await told<Handle[]>(crew, 0, { order: "take", count: 3 });
    const rest = takeAll(pool);
    await told<boolean[]>(crew, 0, { order: "free", handles: cached });
    assertEquals(pool.allocate(ATOMIC), NONE, "the worker has all that is left in its magazine");
    const handle = how === "blocking"
      ? pool.allocate(BLOCKING)
      : await soon("the worker's elements", pool.allocateAsync());
    assert(cached.includes(handle));
    freeAll(pool, [handle, ...rest]);
  });
}

Deno.test("MempoolSide.detach() gives back what the thread has cached, and keeps what it has out", async () => {
  const main = await attached(1, { minReserve: 0 });
  using _ = main;
  const { pool, crew } = main;
  const taken = await told<Handle[]>(crew, 0, { order: "take", count: 4 });
  await told<boolean[]>(crew, 0, { order: "free", handles: taken.slice(1) });
  await told<void>(crew, 0, { order: "detach" });
  const mine = takeAll(pool);
  assertEquals([mine.length, mine.includes(taken[0]!)], [63, false]);
  freeAll(pool, [...mine, taken[0]!]);
  assertEquals(takeAll(pool).length, 64);
});

Deno.test("attachMempool() refuses one thread more than the pool was made for", () => {
  const { shared, detach } = make({ participants: 2, name: "bio" });
  const other = attachMempool(shared);
  for (let time = 0; time < 2; time++) {
    const { message } = assertThrows(() => attachMempool(shared), RangeError);
    assertEquals(message, 'Cannot attach to mempool "bio" as all 2 participants have attached');
  }
  other.detach();
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
