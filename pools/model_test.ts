/** The mempool against plain models, in random runs: every count after every command. */
import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { ATOMIC, BLOCKING, type Context, type Handle, NONE } from "../allocators/allocator.ts";
import { blockOf, ROUNDS, TOP } from "../allocators/front.ts";
import { resolvePolicy } from "./composition_plan.ts";
import * as policies from "./policies/mod.ts";
import type { Policy, Step } from "./policy.ts";
import { PageModel } from "./testing/page_model.ts";
import { pagePool } from "./testing/page_pool.ts";
import { PoolModel } from "./testing/pool_model.ts";
import type { Kind, Serves } from "./testing/scripted_backend.ts";
import { type ScriptedPool, scriptedPool } from "./testing/scripted_pool.ts";
import { walk } from "./testing/step_walker.ts";

/** One thing to do. Which element to free is drawn as a number, to be taken modulo what is held. */
type Command =
  | { readonly do: "allocate"; readonly kind: Kind; readonly side: number }
  | { readonly do: "free"; readonly which: number; readonly side: number }
  | {
    readonly do: "allocateBulk";
    readonly kind: Kind;
    readonly side: number;
    readonly size: number;
  }
  | { readonly do: "freeBulk"; readonly size: number; readonly side: number }
  | { readonly do: "resize"; readonly minReserve: number; readonly side: number }
  | { readonly do: "serve"; readonly serves: Serves };

const side = fc.nat(1);
const kind = fc.constantFrom<Kind>("atomic", "blocking");
const allocate = fc.record({ do: fc.constant("allocate" as const), kind, side });
const free = fc.record({ do: fc.constant("free" as const), which: fc.nat(), side });
const serve = fc.record({
  do: fc.constant("serve" as const),
  serves: fc.record({ atomic: fc.boolean(), blocking: fc.boolean() }),
});
const MOST_RESERVE = 8;
const size = fc.nat(6);
const allocateBulk = fc.record({ do: fc.constant("allocateBulk" as const), kind, side, size });
const freeBulk = fc.record({ do: fc.constant("freeBulk" as const), side, size });
const resize = fc.record({
  do: fc.constant("resize" as const),
  minReserve: fc.nat(MOST_RESERVE),
  side,
});
const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: allocate, weight: 8 },
  { arbitrary: free, weight: 6 },
  { arbitrary: allocateBulk, weight: 3 },
  { arbitrary: freeBulk, weight: 2 },
  { arbitrary: resize, weight: 1 },
  { arbitrary: serve, weight: 2 },
);
const policyName = fc.constantFrom(...Object.keys(policies));
const CAPACITY = 14;

Deno.test("Mempool over a backend that fails and recovers does as the model does, for two workers, bulks and resizes included", () => {
  const run = fc.array(command, { minLength: 20, maxLength: 120 });
  fc.assert(
    fc.property(policyName, fc.nat(6), run, (policy, minReserve, commands) => {
      const made = scriptedPool({
        minReserve,
        maxReserve: MOST_RESERVE,
        policy,
        participants: 2,
        capacity: CAPACITY,
      });
      const model = new PoolModel({
        policy: resolvePolicy(policy),
        minReserve,
        maxReserve: MOST_RESERVE,
        capacity: CAPACITY,
      });
      // What a floor has left over is the allocator's: a scripted one would not know of it.
      const moves = resolvePolicy(policy).reserveIn !== "allocator";
      for (const step of commands.filter((one) => moves || one.do !== "resize")) {
        obey(step, made, model);
        compareScripted(made, model);
      }
    }),
    { numRuns: 200 },
  );
});

/** Has both do the same, but for what would wait. */
function obey(step: Command, made: ScriptedPool, model: PoolModel): void {
  if (step.do === "serve") {
    made.backend.serves = model.serves = step.serves;
    return;
  }
  const pool = made.sides[step.side]!;
  if (step.do === "resize") {
    pool.resize(step.minReserve);
    model.resize(step.minReserve);
  } else if (step.do === "free" && model.held.length > 0) {
    const handle = model.held[step.which % model.held.length]!;
    pool.free(handle);
    model.free(handle);
  } else if (step.do === "freeBulk") {
    const handles = model.held.slice(0, step.size);
    pool.freeBulk(handles);
    model.freeBulk(handles);
  } else if (step.do === "allocate" && !model.waits(step.kind)) {
    assertEquals(pool.allocate(contextOf(step.kind)), model.allocate(step.kind));
  } else if (step.do === "allocateBulk") {
    const expected = model.allocateBulk(step.kind, step.size);
    if (expected === null) return;
    const into = new Int32Array(step.size);
    const isServed = pool.allocateBulk(into, contextOf(step.kind));
    assertEquals([isServed, isServed ? [...into] : []], [expected.length === step.size, expected]);
  }
}

function contextOf(kind: Kind): Context {
  return kind === "atomic" ? ATOMIC : BLOCKING;
}

function compareScripted(made: ScriptedPool, model: PoolModel): void {
  made.checkConserved();
  const { allocs, frees, hits, none, failed } = made.counts();
  assertEquals(
    { hits, frees, none, failed, held: made.held, locked: made.locked, allocs },
    {
      hits: model.hits,
      frees: model.frees,
      none: model.none,
      failed: model.failed,
      held: model.held.length,
      locked: model.locked,
      allocs: model.frees + model.held.length,
    },
  );
  const { minReserve, currentReserve } = made.pool;
  assertEquals([minReserve, currentReserve], [model.minReserve, model.reserve.length]);
  assertEquals(made.backend.out.size, CAPACITY - model.backend.length);
}

const LARGE = {
  pages: 256,
  growTo: 256,
  pageBytes: 64,
  watermarks: { min: 4, low: 8, high: 16 },
};
/** Memory in several sizes: with magazines of one, two, eight, and 16 to 32 rounds, with and without watermarks and growth. */
const memory = fc.constantFrom(
  { pages: 12, growTo: 12, pageBytes: 64, watermarks: { min: 0, low: 0, high: 0 } },
  { pages: 20, growTo: 44, pageBytes: 64, watermarks: { min: 2, low: 4, high: 8 } },
  { pages: 64, growTo: 90, pageBytes: 64, watermarks: { min: 4, low: 8, high: 16 } },
  LARGE,
);

/** The same `count` times over, so that memory of any size runs out and fills up. */
const burst = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  command: fc.oneof({ arbitrary: allocate, weight: 6 }, { arbitrary: free, weight: 5 }),
});

/** A working set that no magazine holds at first. */
const TIDES = Array.from({ length: 12 }, (_, tide) => ({
  count: 40,
  command: tide % 2 === 0
    ? { do: "allocate", side: 0, kind: "blocking" } as const
    : { do: "free", side: 0, which: 0 } as const,
}));

Deno.test("Mempool over pages with a magazine does as the model does, down to each page", () => {
  const run = fc.array(burst, { minLength: 5, maxLength: 24 });
  let grown = 0;
  fc.assert(
    fc.property(memory, policyName, fc.nat(6), run, (memory, policy, minReserve, bursts) => {
      const made = new PagePair(memory, policy, minReserve);
      made.compare();
      for (const { count, command } of bursts) {
        for (let time = 0; time < count; time++) made.step(command);
        if (made.hasGrown) grown++;
      }
      made.freeAll();
    }),
    { numRuns: 60, examples: [[LARGE, "five-level", 2, TIDES]] },
  );
  assertGreater(grown, 0, "magazines grew meanwhile");
});

/** A pool over real pages and its model, side by side. */
class PagePair {
  readonly #made: ReturnType<typeof pagePool>;
  readonly #model: PageModel;
  readonly #steps: readonly Step[];
  readonly #adapt: Policy["adapt"];
  #minReserve: number;
  #wasFull = true;
  readonly #growTo: number;
  readonly #hits = [0, 0, 0, 0, 0];
  readonly #held: Handle[] = [];
  #current: number;
  #frees = 0;
  #none = 0;
  #locked = 0;

  constructor(
    memory: Parameters<typeof pagePool>[0]["memory"],
    policy: string,
    minReserve: number,
  ) {
    this.#made = pagePool({ memory, policy, minReserve });
    const { plan, region: { words } } = this.#made;
    const block = blockOf(plan.pools[0]!.front, 0);
    this.#model = new PageModel(memory, () => words[block + ROUNDS]!);
    for (let call = 0; call < minReserve; call++) this.#model.take("blocking");
    this.#model.drain();
    this.#steps = resolvePolicy(policy).steps;
    this.#adapt = resolvePolicy(policy).adapt;
    this.#minReserve = this.#current = minReserve;
    this.#growTo = memory.growTo;
  }

  get #pool() {
    return this.#made.sides[0]!.pool("pool");
  }

  /** Whether the magazine is larger now than at first. */
  get hasGrown(): boolean {
    const { front } = this.#made.plan.pools[0]!;
    return this.#made.region.words[blockOf(front, 0) + ROUNDS]! > front.rounds;
  }

  step(command: Extract<Command, { do: "allocate" | "free" }>): void {
    if (command.do === "allocate") this.#allocate(command.kind);
    else this.#free(command.which);
  }

  /** Everything that is free is found by whoever may sleep, so a blocking caller waits where all is out. */
  #allocate(kind: Kind): void {
    if (kind === "blocking" && this.#held.length === this.#growTo) return;
    const { level, current } = walk(this.#steps, {
      minReserve: this.#minReserve,
      current: this.#current,
      asks: (call) => this.#model.take(call, this.#current < this.#minReserve),
      maySleep: kind === "blocking",
    });
    const handle = this.#pool.allocate(contextOf(kind));
    assertEquals(handle !== NONE, level > 0, `served at level ${level}`);
    if (level > 0) {
      this.#held.push(handle);
      this.#hits[level - 1] = this.#hits[level - 1]! + 1;
    } else if (kind === "atomic") this.#none++;
    this.#locked += this.#current - current;
    if (current === 0 && this.#current > 0) this.#runDry();
    this.#current = current;
    this.compare();
  }

  #free(which: number): void {
    if (this.#held.length === 0) return;
    const [handle] = this.#held.splice(which % this.#held.length, 1);
    if (this.#current < this.#minReserve) {
      this.#current++;
      this.#locked++;
      if (this.#current === this.#minReserve) this.#wasFull = true;
    } else this.#model.put();
    this.#pool.free(handle!);
    this.#frees++;
    this.compare();
  }

  /** M grows, as far as there are pages, once between two times that the reserve is full. */
  #runDry(): void {
    if (this.#adapt === undefined || !this.#wasFull) return;
    const wanted = Math.min(this.#growTo, this.#adapt.growth * this.#minReserve);
    if (wanted > this.#minReserve) this.#wasFull = false;
    this.#minReserve = wanted;
  }

  freeAll(): void {
    while (this.#held.length > 0) this.#free(0);
  }

  /** Compares every count. The page equation itself walks all lists: after each command all the same. */
  compare(): void {
    const { sides: [composition], plan, region } = this.#made;
    composition!.check();
    const { arena } = composition!;
    const { backend } = composition!.allocator("page");
    const { reserve } = this.#pool;
    const { atomicFailures, blockingFailures } = backend.counts();
    const { hits, frees, none } = this.#pool.counts();
    const { magazine, depot, free, frontier, short, failures } = this.#model;
    const found = {
      hits: [...hits],
      frees,
      none,
      held: composition!.outstanding("pool"),
      current: this.#pool.currentReserve,
      min: this.#pool.minReserve,
      locked: this.#pool.reserve.lock.acquisitions(),
      magazine: region.words[blockOf(plan.pools[0]!.front, 0) + TOP]!,
      depot: backend.hoarded() - (reserve.current() - reserve.apart()),
      free: arena.freePages(),
      frontier: arena.pages(),
      short: arena.short(),
      failures: { atomic: atomicFailures, blocking: blockingFailures },
    };
    assertEquals(found, {
      hits: this.#hits,
      frees: this.#frees,
      none: this.#none,
      held: this.#held.length,
      current: this.#current,
      min: this.#minReserve,
      locked: this.#locked,
      magazine,
      depot,
      free,
      frontier,
      short,
      failures,
    });
  }
}
