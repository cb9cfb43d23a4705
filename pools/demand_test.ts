/** M that follows demand: over a scripted back end in one thread, the time handed in. */
import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle } from "../allocators/allocator.ts";
import { resolvePolicy } from "./composition_plan.ts";
import { soon } from "./testing/eventually.ts";
import { composed, flatMemory } from "./testing/page_pool.ts";
import {
  type ScriptedPool,
  scriptedPool,
  type ScriptedPoolOptions,
} from "./testing/scripted_pool.ts";

const { windowMs } = resolvePolicy("adaptive").adapt!;

/** A pool whose M lies between 4 and 16, where nothing else is said, in its first window. */
function adaptive(options: Partial<ScriptedPoolOptions> = {}) {
  const made = scriptedPool({
    minReserve: 4,
    maxReserve: 16,
    policy: "adaptive",
    participants: 2,
    ...options,
  });
  let nowMs = 1000;
  assertEquals(made.pool.adapt(nowMs), 0);
  return {
    made,
    /** Ends the window, as the given participant. @returns what went to the back end. */
    endWindow: (side = 0) => made.sides[side]!.adapt(nowMs += windowMs),
    /** M and N. */
    state: () => [made.pool.minReserve, made.pool.currentReserve],
  };
}

/** Takes elements from the reserve, while the back end has none. */
function take({ backend, pool }: ScriptedPool, count: number): Handle[] {
  backend.die();
  const handles = Array.from({ length: count }, () => pool.allocate(ATOMIC));
  backend.recover();
  return handles;
}

/** Lets the reserve run dry and be filled again. */
function runDry(made: ScriptedPool): void {
  const handles = take(made, made.pool.currentReserve);
  const { minReserve } = made.pool;
  handles.push(...Array.from({ length: minReserve - handles.length }, () => made.pool.allocate()));
  handles.forEach(made.pool.free);
}

Deno.test("Mempool under adaptive doubles M at once when its reserve runs dry, with no call of the backend, and frees fill it", () => {
  const { made, state } = adaptive();
  const handles = take(made, 3);
  assertEquals(state(), [4, 1]);
  handles.push(...take(made, 1));
  assertEquals([state(), made.backend.takeLog()], [[8, 0], Array(4).fill("atomic")]);
  const more = Array.from({ length: 4 }, () => made.pool.allocate(ATOMIC));
  made.backend.takeLog();
  [...handles, ...more].forEach(made.pool.free);
  assertEquals([state(), made.backend.takeLog()], [[8, 8], []]);
  made.check();
});

Deno.test("Mempool under adaptive doubles M when somebody has to wait, and counts those who do", async () => {
  const { made, state } = adaptive({ minReserve: 0 });
  made.backend.die();
  const waits = [made.pool.allocateAsync(), made.sides[1]!.allocateAsync()];
  // 2 * (0 + 1), and no more before it was full.
  assertEquals(state(), [2, 0]);
  made.backend.recover();
  const spare = [made.pool.allocate(ATOMIC), made.pool.allocate(ATOMIC)];
  spare.forEach(made.pool.free);
  for (const wait of waits) made.pool.free(await soon("the waiter", wait));
  assertEquals(state(), [2, 2]);
  made.check();
});

Deno.test("Mempool under adaptive grows again only once its reserve was full, and never beyond maxReserve", () => {
  const { made, state } = adaptive({ maxReserve: 12 });
  const [first] = take(made, 4);
  made.pool.free(first!);
  take(made, 1);
  assertEquals(state(), [8, 0]);
  const again = adaptive({ maxReserve: 12 });
  runDry(again.made);
  assertEquals(again.state(), [8, 8]);
  runDry(again.made);
  assertEquals(again.state(), [12, 12]);
  runDry(again.made);
  assertEquals([again.state(), again.made.pool.marks().peakMin], [[12, 12], 12]);
  again.made.check();
});

Deno.test("Mempool.adapt() gives half of what lay unused back after each window, down to minReserve", () => {
  const { made, endWindow, state } = adaptive();
  runDry(made);
  runDry(made);
  assertEquals(state(), [16, 16]);
  // Dry in this window: nothing yet.
  assertEquals([endWindow(), state()], [0, [16, 16]]);
  made.backend.takeLog();
  assertEquals([endWindow(), made.backend.takeLog().length, state()], [8, 8, [8, 8]]);
  assertEquals([endWindow(), endWindow(), state()], [4, 0, [4, 4]]);
  assertEquals(made.pool.marks().peakMin, 16);
  made.check();
});

Deno.test("Mempool.adapt() gives the last element back, too, where minReserve is 0", () => {
  const { made, endWindow, state } = adaptive({ minReserve: 0 });
  assertEquals(made.pool.resize(3), true);
  // Fetched in the first window, and so not yet there all the time.
  assertEquals([endWindow(), endWindow(), endWindow(), state()], [0, 2, 1, [0, 0]]);
  assertEquals(made.backend.out.size, 0);
});

Deno.test("Mempool.adapt() keeps what was used, as deep as it went at any time in the window", () => {
  const { made, endWindow, state } = adaptive();
  runDry(made);
  runDry(made);
  endWindow();
  for (let window = 0; window < 6; window++) {
    for (const count of [1, 5, 2]) take(made, count).forEach(made.pool.free);
    endWindow();
  }
  // Half of 16 - 5, of 11 - 5, of 8 - 5, rounded down; then of 7 - 5; then there is nothing to halve.
  assertEquals(state(), [6, 6]);
  take(made, 5).forEach(made.pool.free);
  assertEquals([endWindow(), state()], [0, [6, 6]]);
  made.check();
});

Deno.test("Mempool.adapt() measures use from the most that the reserve held in the window, not from how it began", () => {
  const { made, endWindow, state } = adaptive();
  made.pool.resize(16);
  const before = take(made, 14);
  endWindow();
  assertEquals(state(), [15, 2]);
  before.forEach(made.pool.free);
  // From 15 down to 9: of the other 9 half.
  take(made, 6).forEach(made.pool.free);
  assertEquals([endWindow(), state()], [4, [11, 11]]);
  made.check();
});

Deno.test("Mempool.adapt() gives nothing back before the window is over, and one step however long ago that was", () => {
  const { made, state } = adaptive();
  made.pool.resize(16);
  assertEquals(made.pool.adapt(1000 + windowMs - 1), 0);
  assertEquals([made.pool.adapt(1000 + 50 * windowMs), state()], [8, [8, 8]]);
  assertEquals(made.pool.adapt(1000 + 51 * windowMs - 1), 0);
});

Deno.test("Mempool.adapt() goes by differences of the time, across the wrap of the word that keeps it", () => {
  const made = scriptedPool({ minReserve: 1, maxReserve: 8, policy: "adaptive" });
  made.pool.resize(8);
  const before = 2 ** 31 * 801 - 100;
  assertEquals(made.pool.adapt(before), 0);
  assertEquals(made.pool.adapt(before + windowMs - 1), 0);
  assertEquals(made.pool.adapt(before + windowMs), 4);
});

Deno.test("Mempool.adapt() by two workers at the same time ends one window, once", () => {
  const { made, state } = adaptive();
  made.pool.resize(16);
  const [first, second] = made.sides;
  const atMs = 1000 + windowMs;
  assertEquals([first!.adapt(atMs), second!.adapt(atMs), state()], [8, 0, [8, 8]]);
  // While one is giving back what is left over, the other one runs the reserve dry.
  const { free } = made.backend;
  made.backend.free = (handle) => {
    made.backend.free = free;
    free.call(made.backend, handle);
    made.leaveInReserve(0);
  };
  assertEquals([first!.adapt(atMs + windowMs), state()], [4, [8, 0]]);
  made.pool.reserve.check();
});

Deno.test("Mempool.adapt() leaves a reserve alone that is empty or waited for, and gives up what it could never fill", async () => {
  const { made, endWindow, state } = adaptive();
  const handles = take(made, 4);
  assertEquals([endWindow(), endWindow(), state()], [0, 0, [8, 0]]);
  made.backend.die();
  const wait = made.pool.allocateAsync();
  made.pool.free(handles.pop()!);
  made.pool.free(await soon("the waiter", wait));
  handles.forEach(made.pool.free);
  assertEquals(state(), [8, 4]);
  assertEquals([endWindow(), endWindow(), state()], [0, 0, [4, 4]]);
  made.check();
});

Deno.test("Mempool.adapt() does nothing under another policy, and nothing once the pool is destroyed", () => {
  const other = scriptedPool({ minReserve: 4 });
  assertEquals([other.pool.adapt(1), other.pool.adapt(1e6), other.pool.minReserve], [0, 0, 4]);
  const { made, endWindow } = adaptive();
  made.pool.resize(16);
  made.pool.destroy();
  assertEquals([endWindow(), made.pool.marks().peakMin], [0, 16]);
});

Deno.test("Mempool under adaptive goes up in a burst and comes down after it, and the memory is there for others", () => {
  const pool = { over: "page", minReserve: 2, policy: "adaptive" };
  const { sides: [composition] } = composed({
    memory: flatMemory(64),
    allocators: { page: { kind: "page", order: 0 } },
    pools: { adaptive: pool },
    participants: 1,
    asyncSlots: 0,
  });
  const adaptive = composition!.pool("adaptive");
  let nowMs = 1;
  adaptive.adapt(nowMs);
  for (let burst = 0; burst < 5; burst++) {
    const held = Array.from({ length: 64 }, () => adaptive.allocate(BLOCKING));
    held.forEach(adaptive.free);
  }
  const peak = adaptive.minReserve;
  assertGreater(peak, 16);
  assertEquals(adaptive.currentReserve, peak);
  composition!.check();
  for (let window = 0; window < 10; window++) adaptive.adapt(nowMs += windowMs);
  assertEquals([adaptive.minReserve, adaptive.currentReserve], [2, 2]);
  composition!.drain();
  const { raw } = composition!.allocator("page");
  const others = Array.from({ length: 62 }, () => raw.allocate(BLOCKING));
  assertEquals(others.includes(0), false);
  composition!.check();
  assertLessOrEqual(peak, adaptive.marks().peakMin);
});

Deno.test("Mempool with both a demand that moves M and its reserve inside the allocator moves the floor", () => {
  const policy = {
    ...resolvePolicy("allocator-reservation"),
    adapt: { growth: 3, windowMs, giveBack: 1 },
  };
  const { made, endWindow, state } = adaptive({ policy });
  runDry(made);
  assertEquals(state(), [12, 12]);
  assertEquals([endWindow(), endWindow(), state()], [0, 0, [4, 4]]);
});
