import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createRegion, Layout } from "../sync/mod.ts";
import { type Allocator, ATOMIC, BLOCKING, NONE } from "./allocator.ts";
import {
  blockOf,
  fixedRounds,
  initialiseFront,
  LIMIT,
  type MagazineRounds,
  planFront,
  ROUNDS,
  TOP,
} from "./front.ts";
import { attachExchange, attachMagazine } from "./magazine.ts";
import { planOwners, tagOf } from "./owner_table.ts";
import { countingSource } from "./testing/counting_source.ts";

const FRONT = 3;
const WORKER = 1;
const CAPACITY = 40;
const TAG = tagOf(FRONT, WORKER);

/** A magazine of the given size behind which everything is noted, and the exchange with a stock of elements. */
function benchOf(size: number | MagazineRounds, stock: readonly number[] = []) {
  const layout = new Layout();
  const plan = planFront(layout, "test", {
    participants: 3,
    ...typeof size === "number" ? fixedRounds(size) : size,
  });
  const owners = planOwners(layout, "test", CAPACITY);
  const region = createRegion(layout, 0);
  const { words } = region;
  initialiseFront(region, plan);
  const at = blockOf(plan, WORKER);
  const source = countingSource(region, stock);
  const slowCalls: string[] = [];
  const slow: Allocator = {
    allocate(context) {
      slowCalls.push(`allocate ${context}`);
      return NONE;
    },
    free: (handle) => void slowCalls.push(`free ${handle}`),
  };
  const others = [0, 2].map((other) => blockOf(plan, other));
  return {
    magazine: attachMagazine(region, { at, owners, tag: TAG }, slow),
    exchange: attachExchange(region, plan, WORKER, source),
    source,
    slowCalls,
    /** Says that elements are out with somebody. */
    own(tag: number, ...handles: readonly number[]) {
      for (const handle of handles) words[owners + handle] = tag;
    },
    owner: (handle: number) => words[owners + handle],
    top: () => words[at + TOP],
    limit: (limit: number) => words[at + LIMIT] = limit,
    rounds: () => words[at + ROUNDS],
    limitNow: () => words[at + LIMIT],
    othersTops: () => others.map((block) => words[block + TOP]),
  };
}

Deno.test("attachMagazine() allocates what was freed last, and asks nobody meanwhile", () => {
  const { magazine, own, slowCalls, top } = benchOf(4);
  own(TAG, 7, 8, 9);
  for (const handle of [7, 8, 9]) magazine.free(handle);
  assertEquals(top(), 3);
  assertEquals([1, 2, 3].map(() => magazine.allocate(ATOMIC)), [9, 8, 7]);
  assertEquals([top(), slowCalls], [0, []]);
});

Deno.test("attachMagazine() writes whose an element is, and that it is back", () => {
  const { magazine, own, owner } = benchOf(4);
  const anotherWorker = tagOf(FRONT, 2);
  own(anotherWorker, 7);
  magazine.free(7);
  assertEquals(owner(7), -anotherWorker);
  magazine.allocate(BLOCKING);
  assertEquals(owner(7), TAG);
});

Deno.test("attachMagazine() takes the slow path where it is empty, with the caller's context", () => {
  const { magazine, slowCalls } = benchOf(4);
  assertEquals([magazine.allocate(ATOMIC), magazine.allocate(BLOCKING)], [NONE, NONE]);
  assertEquals(slowCalls, ["allocate 0", "allocate 1"]);
});

Deno.test("attachMagazine() takes the slow path for a free where it is full or its limit is poisoned", () => {
  const { magazine, own, owner, slowCalls, top, limit } = benchOf(2);
  own(TAG, 1, 2, 3);
  for (const handle of [1, 2, 3]) magazine.free(handle);
  assertEquals([slowCalls, top(), owner(3)], [["free 3"], 2, TAG]);
  magazine.allocate(ATOMIC);
  limit(0);
  magazine.free(2);
  assertEquals([slowCalls, top(), owner(2)], [["free 3", "free 2"], 1, TAG]);
  limit(2);
  magazine.free(2);
  assertEquals([slowCalls.length, top()], [2, 2]);
});

Deno.test("attachMagazine() leaves a free of what is not out behind its front to the slow path", () => {
  const { magazine, own, slowCalls, top } = benchOf(4);
  own(TAG, 5);
  own(tagOf(FRONT + 1, WORKER), 6);
  magazine.free(5);
  const wrong = [5, 6, 7, 0, CAPACITY + 1, -1, 1.5, NaN];
  for (const handle of wrong) magazine.free(handle);
  assertEquals([slowCalls, top()], [wrong.map((handle) => `free ${handle}`), 1]);
});

Deno.test("Exchange.take() refills half a magazine, keeps the rest, and passes the context on", () => {
  const { exchange, source, top } = benchOf(8, [1, 2, 3, 4, 5, 6]);
  assertEquals([exchange.take(BLOCKING), top()], [6, 3]);
  assertEquals([1, 2, 3].map(() => exchange.take(ATOMIC)), [5, 4, 3]);
  assertEquals(source.refills, [{ want: 4, context: BLOCKING }]);
  assertEquals([exchange.take(ATOMIC), exchange.take(ATOMIC), exchange.take(ATOMIC)], [2, 1, NONE]);
  assertEquals([source.refills.length, top()], [3, 0]);
});

Deno.test("Exchange.take() refills one by one while the limit is poisoned", () => {
  const { exchange, source, top, limit } = benchOf(8, [1, 2, 3]);
  limit(0);
  assertEquals([exchange.take(ATOMIC), top()], [3, 0]);
  assertEquals(source.refills, [{ want: 1, context: ATOMIC }]);
});

Deno.test("Exchange.put() keeps the newer half and spills the older where the magazine is full", () => {
  const { exchange, source, top } = benchOf(4);
  for (const handle of [1, 2, 3, 4]) exchange.put(handle);
  assertEquals([source.spills, top()], [[], 4]);
  exchange.put(5);
  assertEquals([source.spills, top()], [[[1, 2]], 3]);
  assertEquals([exchange.take(ATOMIC), exchange.take(ATOMIC), exchange.take(ATOMIC)], [5, 4, 3]);
});

Deno.test("Exchange works with magazines of one round, one element at a time", () => {
  const { exchange, source, top } = benchOf(1, [9]);
  assertEquals([exchange.take(ATOMIC), top()], [9, 0]);
  assertEquals(source.refills, [{ want: 1, context: ATOMIC }]);
  exchange.put(1);
  exchange.put(2);
  assertEquals([source.spills, top(), exchange.take(ATOMIC)], [[[1]], 1, 2]);
});

Deno.test("Exchange.drain() gives back all, once, and leaves other workers' magazines alone", () => {
  const { exchange, source, top, othersTops } = benchOf(4);
  assertEquals([exchange.drain(), source.spills], [0, []]);
  for (const handle of [1, 2, 3]) exchange.put(handle);
  assertEquals([exchange.drain(), exchange.drain()], [3, 0]);
  assertEquals([source.spills, top(), othersTops()], [[[1, 2, 3]], 0, [0, 0]]);
});

/** Magazines of 4 rounds that may grow to 32. */
const GROWING: MagazineRounds = { rounds: 4, maxRounds: 32, totalRounds: 100 };
const MANY = Array.from({ length: 36 }, (_, index) => index + 1);

/** A worker that keeps 24 elements: takes them all, puts them all, so often. */
function keep({ exchange }: ReturnType<typeof benchOf>, turns: number): void {
  for (let turn = 0; turn < turns; turn++) {
    const held = Array.from({ length: 24 }, () => exchange.take(ATOMIC));
    held.forEach(exchange.put);
  }
}

Deno.test("Exchange grows its magazine until what its worker keeps fits in, and asks nobody any more", () => {
  const bench = benchOf(GROWING, MANY);
  keep(bench, 40);
  const batches = bench.source.refills.length + bench.source.spills.length;
  assertEquals(bench.rounds(), 32);
  keep(bench, 10);
  assertEquals(bench.source.refills.length + bench.source.spills.length, batches);
});

Deno.test("Exchange grows its magazine by contention where batches alone would not", () => {
  for (const [contended, rounds] of [[0, 4], [1, 8]] as const) {
    const bench = benchOf(GROWING, MANY);
    for (let batch = 0; batch < 16; batch++) {
      for (let pair = 0; pair < 1000; pair++) {
        bench.own(TAG, 40);
        bench.magazine.free(40);
        bench.magazine.allocate(ATOMIC);
      }
      bench.source.state.meets = contended;
      bench.exchange.take(ATOMIC);
      bench.exchange.take(ATOMIC);
    }
    assertEquals([bench.source.refills.length, bench.rounds()], [16, rounds]);
  }
});

Deno.test("Exchange grows no magazine by single refills while its limit is poisoned, nor by spills then", () => {
  const bench = benchOf(GROWING, MANY);
  bench.limit(0);
  for (let call = 0; call < 36; call++) bench.exchange.take(ATOMIC);
  for (const handle of MANY) bench.exchange.put(handle);
  assertEquals([bench.rounds(), bench.source.refills.length], [4, 36]);
});

Deno.test("Exchange shrinks its magazine where it is drained, where nothing is to be had, and where memory is short", () => {
  const grown = () => {
    const bench = benchOf(GROWING, MANY);
    keep(bench, 40);
    return bench;
  };
  const drained = grown();
  assertEquals([drained.exchange.drain() > 0, drained.rounds()], [true, 4]);
  const empty = grown();
  const held = MANY.map(() => empty.exchange.take(ATOMIC));
  assertEquals([held.includes(NONE), empty.rounds()], [false, 32]);
  assertEquals([empty.exchange.take(ATOMIC), empty.rounds()], [NONE, 4]);
  const short = grown();
  MANY.forEach(() => short.exchange.take(ATOMIC));
  short.source.state.isShort = true;
  for (const handle of MANY.slice(0, 33)) short.exchange.put(handle);
  assertEquals([short.rounds(), short.top()], [4, 17]);
  short.exchange.put(34);
  assertEquals(short.top(), 3, "what it holds beyond half of its size goes back at the next free");
});

Deno.test("Exchange goes on with a limit that an older size has left, too low or too high", () => {
  for (const stale of [2, 16]) {
    const bench = benchOf(GROWING);
    const { exchange, magazine, own, top, source } = bench;
    bench.limit(stale);
    own(TAG, ...MANY);
    for (const handle of MANY.slice(0, stale)) magazine.free(handle);
    assertEquals(top(), stale);
    exchange.put(40);
    assertEquals([bench.rounds(), bench.limitNow(), top()], [4, 4, 3]);
    assertEquals(source.stock.length + top()!, stale + 1);
  }
});

Deno.test("Exchange loses nothing and doubles nothing, whatever is taken, put and drained", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("take", "put") },
    fc.constant("drain"),
  );
  const steps = fc.array(step, { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), steps, fc.boolean(), (power, steps, isShort) => {
      const all = Array.from({ length: 12 }, (_, index) => index + 1);
      const size = { rounds: 2 ** power, maxRounds: 16, totalRounds: 100 };
      const { exchange, source, top } = benchOf(size, all);
      const out: number[] = [];
      for (const step of steps) {
        source.state.isShort = isShort && out.length > 6;
        if (step === "drain") exchange.drain();
        else if (step === "put" && out.length > 0) exchange.put(out.shift()!);
        else if (step === "take") {
          out.push(...[exchange.take(ATOMIC)].filter((handle) => handle !== NONE));
        }
        assertEquals(out.length + source.stock.length + top()!, all.length);
      }
      exchange.drain();
      assertEquals([...out, ...source.stock].sort((a, b) => a - b), all);
    }),
    { numRuns: 300 },
  );
});
