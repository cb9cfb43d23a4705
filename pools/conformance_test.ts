/**
 * What must hold of every registered allocator under every registered policy. A new kind or policy is covered by its
 * line in the registry: its options come from their defaults.
 */
import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertGreaterOrEqual, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ATOMIC, BLOCKING, type Context, type Handle, NONE } from "../allocators/allocator.ts";
import type { MemorySpec } from "../allocators/arena.ts";
import { type AllocatorKind, type OptionValues, partsIn } from "../allocators/kind.ts";
import * as allocatorRegistry from "../allocators/mod.ts";
import type { Option } from "../allocators/option.ts";
import { MisuseError } from "../allocators/owner_table.ts";
import { memoryOf } from "../allocators/testing/memory.ts";
import { isMarked, mark } from "../allocators/testing/sentinel.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import {
  attachComposition,
  type Composition,
  createComposition,
  joinComposition,
  type Layer,
} from "./composition.ts";
import { type CompositionPlan, type CompositionSpec, planComposition } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";
import * as policyRegistry from "./policies/mod.ts";
import type { Policy } from "./policy.ts";

const KINDS: Readonly<Record<string, AllocatorKind>> = allocatorRegistry;
const POLICIES: Readonly<Record<string, Policy>> = policyRegistry;

/** Elements that a test takes at most. */
const MOST = 100;

const MEMORIES: Readonly<Record<string, MemorySpec>> = {
  "memory that grows": memoryOf({
    pages: 64,
    pageBytes: 4096,
    watermarks: { min: 2, low: 4, high: 8 },
    growTo: 90,
  }),
  "hardly any memory": memoryOf({
    pages: 6,
    pageBytes: 4096,
    watermarks: { min: 1, low: 2, high: 3 },
  }),
};

const LAYERS: Readonly<Record<string, Layer | null>> = {
  "its own magazine": null,
  "a layer between": (inner) => ({
    allocate: (context) => inner.allocate(context),
    free: (handle) => inner.free(handle),
  }),
};

/** What stands for a file of the user's. */
const EXAMPLE = fileURLToPath(new URL("../allocators/examples/free_list.ts", import.meta.url));

/** What stands for parts, with what they are taken from. */
const PARTS = [{ of: "nested", count: 2 }, { of: "object", count: 2 }, { of: "small", count: 1 }];
const PART_ALLOCATORS = {
  object: { kind: "slab", objectBytes: 100, align: 8 },
  small: { kind: "slab", objectBytes: 24, align: 8 },
};
const PART_POOLS = { nested: { over: "object", minReserve: 1, policy: "five-level" } };

/** What stands for an option: its default, else the least that it allows. */
function valueOf(option: Option): OptionValues[string] {
  if (option.default !== undefined) return option.default;
  if (option.oneOf !== undefined) return option.oneOf[0]!;
  if (option.type === "boolean") return false;
  if (option.type === "path") return EXAMPLE;
  if (option.type === "parts") return PARTS;
  return option.type === "string" || option.type === "name" ? "" : option.min ?? 1;
}

/** What a pool over an allocator of any size says besides. */
const OF_SIZE = { objectBytes: 200 };

interface Situation {
  readonly kind: string;
  readonly policy: string;
  readonly memory: MemorySpec;
  readonly minReserve: number;
  readonly layer: Layer | null;
}

/** The allocator under the pool. */
function rootOf(plan: CompositionPlan) {
  return plan.pools.find(({ name }) => name === "pool")!.root;
}

interface Made {
  readonly plan: CompositionPlan;
  /** The composition as each of two participants of one thread sees it. */
  readonly sides: readonly [Composition, Composition];
  readonly tracked: boolean;
}

function specOf({ kind, policy, memory, minReserve }: Situation): CompositionSpec {
  const { options: table, classBytes } = KINDS[kind]!;
  const options = Object.entries(table);
  const values = Object.fromEntries(options.map(([key, option]) => [key, valueOf(option)]));
  const hasParts = partsIn(KINDS[kind]!, values).length > 0;
  return {
    memory,
    allocators: { below: { kind, ...values }, ...hasParts ? PART_ALLOCATORS : {} },
    pools: {
      ...hasParts ? PART_POOLS : {},
      pool: { over: "below", ...(classBytes ? OF_SIZE : {}), minReserve, policy },
    },
    participants: 2,
    asyncSlots: 1,
  };
}

/** Whether the reserve is to be where this kind has no place for it: with elements of others, or of the user's own. */
function isRefused(situation: Situation): boolean {
  const { reserveIn } = POLICIES[situation.policy]!;
  const plan = planComposition(new Layout(), specOf({ ...situation, policy: "five-level" }));
  return reserveIn === "allocator" && rootOf(plan).planned.depot === undefined;
}

function assertUnplanned(situation: Situation): void {
  assertThrows(
    () => planComposition(new Layout(), specOf(situation)),
    RangeError,
    'Cannot plan mempool "pool" as its policy\'s reserveIn is "allocator", and "below" has no',
  );
}

async function make(situation: Situation): Promise<Made> {
  const { layer } = situation;
  const layout = new Layout();
  const plan = planComposition(layout, specOf(situation));
  for (const { planned } of plan.allocators) await planned.load?.();
  const region = createRegion(layout, plan.memoryBytes);
  const first = createComposition(plan, region, joinComposition(plan, region, 0), layer);
  const second = attachComposition(plan, region, joinComposition(plan, region, 1), layer);
  return {
    plan,
    sides: [first, second],
    tracked: rootOf(plan).planned.capacity > 0,
  };
}

/** Takes elements by every step but the wait, until there is none. */
function takeAll(pool: Mempool, context: Context): Handle[] {
  const handles: Handle[] = [];
  while (handles.length < MOST) {
    const handle = pool.backend.allocate(context);
    if (handle === NONE) break;
    handles.push(handle);
  }
  return handles;
}

/** The same elements in an order that is neither theirs nor its reverse. */
function shuffled(handles: readonly Handle[]): Handle[] {
  const keys = handles.map((handle, index) => ({ handle, key: (index * 37 + 11) % 101 }));
  return keys.sort((a, b) => a.key - b.key).map(({ handle }) => handle);
}

function assertCounts(composition: Composition, allocs: number, frees: number): void {
  const counts = composition.pool("pool").counts();
  assertEquals([counts.allocs, counts.frees], [allocs, frees]);
  assertEquals(counts.hits.reduce((sum, hits) => sum + hits), allocs);
}

/** The bytes of an element, or of its parts. */
function bytesOf(composition: Composition, plan: CompositionPlan, handle: Handle): Uint8Array[] {
  const { backend } = composition.allocator(rootOf(plan).name);
  const pool = composition.pool("pool");
  return backend.parts?.(handle).map(({ bytes }) => bytes) ?? [pool.bytes(handle)];
}

/** Fills every element with a mark of its own, then looks whether each still has it. */
function assertApart({ sides: [taker], plan }: Made, handles: readonly Handle[]): void {
  const bytes = handles.map((handle) => bytesOf(taker, plan, handle));
  for (const each of bytes) {
    const length = each.reduce((sum, part) => sum + part.length, 0);
    assertEquals(length, taker.pool("pool").elementBytes);
  }
  bytes.forEach((each, index) => each.forEach((part) => mark(part, index)));
  bytes.forEach((each, index) => {
    const isWhole = each.every((part) => isMarked(part, index));
    assert(isWhole, `element ${handles[index]} shares bytes with another`);
  });
}

function assertRefused(composition: Composition, handle: Handle): void {
  const { frees } = composition.pool("pool").counts();
  assertThrows(() => composition.pool("pool").free(handle), MisuseError, `element ${handle} `);
  assertEquals(composition.pool("pool").counts().frees, frees);
}

function takesFromReserve({ pools }: CompositionPlan): boolean {
  return pools.at(-1)!.policy.steps.some((step) => step === "reserve" || typeof step === "object");
}

/** Takes all, looks at all, and gives all back; `freer` is who frees. @returns how many there were. */
function exercise(made: Made, context: Context, freer: Composition): number {
  const { sides: [taker], plan, tracked } = made;
  const pool = taker.pool("pool");
  const { minReserve } = pool;
  if (takesFromReserve(plan)) assertEquals(minReserve, plan.pools.at(-1)!.spec.minReserve);
  const handles = takeAll(pool, context);
  assertGreaterOrEqual(handles.length, takesFromReserve(plan) ? Math.max(1, minReserve) : 1);
  const { none, failed } = pool.counts();
  assertEquals(none + failed, handles.length < MOST ? 1 : 0);
  assertApart(made, handles);
  assertCounts(taker, handles.length, 0);
  if (tracked) assertEquals(new Set(handles).size, handles.length);
  assertEquals(taker.outstanding("pool"), tracked ? handles.length : 0);
  taker.check();
  giveAll(freer, shuffled(handles), tracked ? rootOf(plan).planned.capacity : 0);
  assertEquals(taker.outstanding("pool"), 0);
  // Where M has grown meanwhile there may be fewer elements than it would like to have.
  if (pool.minReserve > minReserve) assertGreaterOrEqual(pool.currentReserve, minReserve);
  else assertEquals([pool.minReserve, pool.currentReserve], [minReserve, minReserve]);
  assertCounts(taker, handles.length, freer === taker ? handles.length : 0);
  assertCounts(freer, freer === taker ? handles.length : 0, handles.length);
  taker.check();
  return handles.length;
}

/** Frees all, each once; handles go up to `capacity`, which is 0 where they are not tracked. */
function giveAll(freer: Composition, handles: readonly Handle[], capacity: number): void {
  for (const handle of handles) {
    freer.pool("pool").free(handle);
    if (capacity > 0) assertRefused(freer, handle);
  }
  if (capacity === 0) return;
  for (const wrong of [0, -1, capacity + 1, 1.5]) assertRefused(freer, wrong);
}

/** What was drained and shrunk can be had again, and comes back again. */
function assertReusable({ sides }: Made, context: Context, count: number): void {
  for (const side of sides) side.drain();
  const [taker] = sides;
  for (const { backend } of taker.allocators) backend.shrink();
  taker.check();
  const handles = takeAll(taker.pool("pool"), context);
  assertGreaterOrEqual(handles.length, count);
  for (const handle of handles) taker.pool("pool").free(handle);
  taker.check();
}

function situationsOf(kind: string, policy: string) {
  return Object.entries(MEMORIES).flatMap(([memoryName, memory]) =>
    Object.entries(LAYERS).flatMap(([layerName, layer]) =>
      [0, 1, 4].map((minReserve) => ({
        name: `${memoryName}, ${layerName}, M = ${minReserve}`,
        situation: { kind, policy, memory, minReserve, layer },
      }))
    )
  );
}

/** Live elements, each full of a number of its own from when it is taken until it is freed. */
class Sentinels {
  readonly #made: Made;
  readonly #live: { readonly handle: Handle; readonly number: number }[] = [];
  #number = 0;

  constructor(made: Made) {
    this.#made = made;
  }

  get count(): number {
    return this.#live.length;
  }

  take(side: Composition, context: Context): void {
    const handle = side.pool("pool").backend.allocate(context);
    if (handle === NONE) return;
    const number = ++this.#number;
    for (const bytes of bytesOf(side, this.#made.plan, handle)) mark(bytes, number);
    this.#live.push({ handle, number });
  }

  /** Looks at one of them and frees it. */
  free(side: Composition, which: number): void {
    if (this.count === 0) return;
    const { handle, number } = this.#live.splice(which % this.count, 1)[0]!;
    const isWhole = bytesOf(side, this.#made.plan, handle).every((bytes) =>
      isMarked(bytes, number)
    );
    assert(isWhole, `somebody else wrote to element ${handle}`);
    side.pool("pool").free(handle);
  }
}

/** What a run does, step by step: who takes, or frees which. */
const steps = fc.array(
  fc.record({ side: fc.nat(1), take: fc.boolean(), context: fc.nat(1), which: fc.nat() }),
  { minLength: 40, maxLength: 150 },
);

for (const [kind, { scope }] of Object.entries(KINDS)) {
  Deno.test(`${kind} keeps live elements apart in random runs, whoever takes and frees them`, async () => {
    const memories = Object.values(MEMORIES);
    const property = fc.asyncProperty(steps, fc.constantFrom(...memories), async (run, memory) => {
      const made = await make({ kind, policy: "five-level", memory, minReserve: 2, layer: null });
      const sides = scope === "shared" ? made.sides : [made.sides[0]];
      const sentinels = new Sentinels(made);
      for (const { side: index, take, context, which } of run) {
        const side = sides[index % sides.length]!;
        if (take && sentinels.count < MOST) sentinels.take(side, context as Context);
        else sentinels.free(side, which);
      }
      while (sentinels.count > 0) sentinels.free(sides[sentinels.count % sides.length]!, 0);
      sides[0]!.check();
    });
    await fc.assert(property, { numRuns: 20 });
  });
}

for (const [kind, { scope }] of Object.entries(KINDS)) {
  for (const policy of Object.keys(policyRegistry)) {
    Deno.test(`${kind} under ${policy} hands out distinct elements, counts them, and gets all of them back, or is refused`, async (t) => {
      for (const { name, situation } of situationsOf(kind, policy)) {
        await t.step(name, async () => {
          if (isRefused(situation)) return assertUnplanned(situation);
          for (const context of [ATOMIC, BLOCKING] as const) {
            for (const freer of scope === "shared" ? [0, 1] as const : [0] as const) {
              const made = await make(situation);
              const count = exercise(made, context, made.sides[freer]);
              assertReusable(made, context, count);
            }
          }
        });
      }
    });
  }
}
