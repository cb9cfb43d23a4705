/**
 * Who sleeps is told of what others had cached: in one thread, where the order of every step is given. A *late* free is
 * one whose worker read its limit before it was poisoned; here the old limit is written back for the time of that free.
 */
import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { BLOCKING, type Handle } from "../allocators/allocator.ts";
import { blockOf, LIMIT, ROUNDS } from "../allocators/front.ts";
import type { Layer } from "./composition.ts";
import { resolvePolicy } from "./composition_plan.ts";
import { soon } from "./testing/eventually.ts";
import { composed, flatMemory, pagePool } from "./testing/page_pool.ts";

const PAGES = 64;

/** What comes back goes to the pages, below the minimum, where only a caller who may sleep gets it. */
const MEMORY = {
  pages: PAGES,
  pageBytes: 256,
  watermarks: { min: 2, low: 4, high: 6 },
  growTo: PAGES,
};

Deno.test("Mempool takes over what a worker has cached while that waits in another pool", () => {
  const { sides: [waiting, other] } = composed({
    memory: flatMemory(8),
    allocators: { page: { kind: "page", order: 0 } },
    pools: {
      here: { over: "page", minReserve: 0, policy: "five-level" },
      there: {
        over: "page",
        minReserve: 0,
        policy: { steps: ["backend-atomic", "wait"], retryFrom: "backend-atomic", retryMs: 60_000 },
      },
    },
    participants: 2,
    asyncSlots: 1,
  });
  const [cached, needed] = [waiting!.pool("here"), other!.pool("here")];
  const held = Array.from({ length: 8 }, () => cached.allocate(BLOCKING));
  cached.free(held.pop()!);
  const there = waiting!.pool("there");
  there.reserve.queue.sleep = (slot) => {
    held.push(needed.allocate(BLOCKING));
    needed.free(held.shift()!);
    other!.drain();
    return there.reserve.queue.granted(slot);
  };
  const served = there.allocate(BLOCKING);
  assertEquals(needed.counts().hits, [0, 0, 1, 0, 0]);
  held.forEach(needed.free);
  there.free(served);
  other!.check();
});

/** A layer that does nothing. The pool over it has no magazine of its own; the allocator below has. */
const plainLayer: Layer = ({ allocate, free }) => ({ allocate, free });

/** An owner that has all elements and never returns to its event loop, and who sleeps, in one thread. */
function ownerAndSleeper(layer: Layer | null) {
  const policy = { ...resolvePolicy("five-level"), retryMs: 60_000 };
  const options = { memory: MEMORY, minReserve: 0, policy, participants: 2, layer };
  const { sides: [owner, sleeper], plan, region } = pagePool(options);
  const pool = owner!.pool("pool");
  const block = blockOf(plan.pools[0]!.front, 0);
  return {
    owner: owner!,
    sleeper: sleeper!.pool("pool"),
    askOwner: () => void sleeper!.participant.requestDrain(() => {}),
    held: Array.from({ length: PAGES }, () => pool.allocate(BLOCKING)),
    freeLate(handle: Handle): void {
      region.words[block + LIMIT] = region.words[block + ROUNDS]!;
      pool.free(handle);
      region.words[block + LIMIT] = 0;
    },
    end(): void {
      for (let handle = 1; handle <= PAGES; handle++) pool.free(handle);
      owner!.check();
      assertEquals(owner!.outstanding("pool"), 0);
    },
  };
}

for (const [over, layer] of [["its own magazine", null], ["a layer", plainLayer]] as const) {
  Deno.test(`Mempool over ${over} serves the next sleeper where a late free meets one that is handed over`, async () => {
    const { owner, sleeper, held: [late, next], freeLate, end } = ownerAndSleeper(layer);
    const waits = [sleeper.allocateAsync(), sleeper.allocateAsync()];
    freeLate(late!);
    owner.pool("pool").free(next!);
    assertEquals(await soon("both sleepers", Promise.all(waits)), [next!, late!]);
    end();
  });

  Deno.test(`Mempool over ${over} serves as many sleepers as there were late frees, one after the other`, async () => {
    const { owner, sleeper, held, askOwner, freeLate, end } = ownerAndSleeper(layer);
    const late = held.slice(0, 3);
    const waits = late.map(() => sleeper.allocateAsync());
    for (const handle of late) {
      freeLate(handle);
      askOwner();
      owner.participant.poll();
    }
    const served = await soon("three sleepers", Promise.all(waits));
    assertEquals(served.toSorted(), late.toSorted());
    end();
  });

  Deno.test(`Mempool over ${over} serves as many sleepers as there were late frees, all at once`, async () => {
    const { owner, sleeper, held, freeLate, end } = ownerAndSleeper(layer);
    const late = held.slice(0, 3);
    const waits = late.map(() => sleeper.allocateAsync());
    late.forEach(freeLate);
    owner.participant.poll();
    const served = await soon("three sleepers", Promise.all(waits));
    assertEquals(served.toSorted(), late.toSorted());
    end();
  });

  Deno.test(`Mempool over ${over} serves the next sleeper where the one that was told of a late free gives up`, async () => {
    const { owner, sleeper, held: [late], freeLate, end } = ownerAndSleeper(layer);
    const abort = new AbortController();
    const gone = sleeper.allocateAsync({ signal: abort.signal });
    const behind = sleeper.allocateAsync();
    freeLate(late!);
    owner.participant.poll();
    abort.abort();
    await assertRejects(() => soon("the one that gave up", gone), DOMException, "abort");
    assertEquals(await soon("the one behind", behind), late!);
    end();
  });
}

/** What a pool may stand on that stands on another pool in the end, and how many of that one's elements it needs. */
const ABOVE = {
  "it": ["inner", 1],
  "a pool over it": ["between", 1],
  "elements of it": ["one", 1],
  "elements of two of it": ["two", 2],
} as const;

/** Who has all three of an inner pool, and who waits in one that stands on that in the end, with nothing else to be had. */
function ownerAndSleeperAbove(over: string) {
  const policy = { ...resolvePolicy("five-level"), retryMs: 3600_000 };
  let isDead = false;
  const failing: Layer = ({ allocate, free }) => ({
    allocate: (context) => isDead ? 0 : allocate(context),
    free,
  });
  const partsOf = (...of: string[]) => ({
    kind: "composite",
    parts: of.map((each) => ({ of: each, count: 1 })),
  });
  const { sides: [owner, sleeper] } = composed({
    memory: flatMemory(8),
    allocators: {
      page: { kind: "page", order: 0 },
      one: partsOf("inner"),
      two: { kind: "composite", parts: [{ of: "inner", count: 2 }] },
      mixed: partsOf("inner", "page"),
    },
    pools: {
      inner: { over: "page", minReserve: 3, policy },
      between: { over: "inner", minReserve: 0, policy },
      outer: { over, minReserve: 0, policy },
    },
    participants: 2,
    asyncSlots: 1,
  }, failing);
  isDead = true;
  const inner = owner!.pool("inner");
  const outer = sleeper!.pool("outer");
  return {
    owner: owner!,
    inner,
    outer,
    held: Array.from({ length: 3 }, () => inner.allocate(BLOCKING)),
    /** Looks of all who ever waited in the outer pool: by two workers, blocking or not. */
    tries: () => [0, 1, 2, 3].reduce((sum, slot) => sum + outer.reserve.queue.look(slot).tries, 0),
  };
}

/** Time for a look of who sleeps on the event loop, and for others that it might lead to. */
const looks = () => new Promise((turn) => setTimeout(turn, 20));

for (const [what, [over, needed]] of Object.entries(ABOVE)) {
  Deno.test(`Mempool tells of what comes back to its reserve who waits in a pool over ${what}`, async () => {
    const { owner, inner, outer, held, tries } = ownerAndSleeperAbove(over);
    for (const free of [inner.free, (handle: Handle) => inner.freeBulk([handle])]) {
      const served = outer.allocateAsync();
      const triesBefore = tries();
      for (let freed = 0; freed < needed; freed++) {
        await looks();
        free(held.pop()!);
      }
      const handle = await soon(`who waits over ${what}`, served);
      assertLessOrEqual(tries() - triesBefore, needed);
      outer.free(handle);
      while (held.length < 3) held.push(inner.allocate(BLOCKING));
    }
    held.forEach(inner.free);
    owner.check();
  });
}

Deno.test("Mempool is not told, and does not wake itself, by what its own look gives back", async () => {
  const { owner, inner, outer, held, tries } = ownerAndSleeperAbove("mixed");
  const abort = new AbortController();
  const served = outer.allocateAsync({ signal: abort.signal });
  const triesBefore = tries();
  held.forEach(inner.free);
  await looks();
  assertEquals(tries() - triesBefore, 1);
  abort.abort();
  await assertRejects(() => soon("who gives up", served), DOMException, "abort");
  owner.check();
});
