/**
 * The swap-out: pages that can be freed only by writing them out, which takes an element whose back end is the same memory
 * (the deadlock that mempools were made to avoid).
 *
 * Each worker fills the memory with dirty pages, taken straight from the allocator that the pool stands on, reclaim and
 * all. Where it gets none, it writes one of its own out: takes an element of the pool, however long that takes, copies the
 * page to the swap area, keeps the element until the device is done, and frees both. The elements freed are the pages
 * swapped out.
 *
 * Without a reserve the first element is needed when the last page is gone: nobody ever gets one. With a reserve of one, one
 * page at a time is always on its way out.
 *
 * @module
 */
import { BLOCKING, type Handle, NONE } from "../../allocators/allocator.ts";
import type { Mempool } from "../../pools/mempool.ts";
import type { BottomAllocator } from "../../pools/composition.ts";
import { found } from "../clauses.ts";
import { type LoadClock, realClock } from "../load_clock.ts";
import { rootOf } from "../planned_root.ts";
import type { Problem } from "../problem.ts";
import type { Registries } from "../registries.ts";
import type { Scenario, TakeSpec } from "../scenario.ts";
import { asyncProblems, atomicProblems } from "../suits.ts";
import { SwapArea } from "../swap_area.ts";
import type { Load, LoadContext, LoadKind } from "./load.ts";
import { holdTimes } from "./streams.ts";

/** How long a worker without pages of its own leaves the memory to others, nanoseconds. */
const IDLE_NS = 1e6;

class SwapOutLoad implements Load {
  readonly #context: LoadContext;
  readonly #pool: Mempool;
  readonly #memory: BottomAllocator;
  readonly #clock: LoadClock;
  readonly #swap: SwapArea;
  readonly #writeNs: () => number;
  /** Dirty pages of this worker. */
  readonly #pages: Handle[] = [];
  /** Where in these it writes out next: round and round, so that what came long ago goes first. */
  #hand = 0;
  #measuring = false;

  constructor(context: LoadContext) {
    const { workload, meter, participant, maySpin, takes } = context;
    this.#context = context;
    this.#pool = takes[0]!;
    this.#memory = context.under(this.#pool);
    this.#clock = realClock(meter, participant, { speed: 1, maySpin });
    this.#swap = new SwapArea(this.#memory.elementBytes, this.#clock, participant.stopped);
    this.#writeNs = workload.hold === null ? () => 0 : holdTimes(workload.hold, context);
  }

  run(): Promise<void> {
    const { meter } = this.#context;
    for (let nowNs = meter.nowNs(); !meter.isOver(nowNs); nowNs = meter.nowNs()) {
      if (!this.#measuring && nowNs >= meter.phases.warmupNs) this.#measure();
      const page = this.#memory.allocate(BLOCKING);
      if (page !== NONE) this.#dirty(page);
      else if (this.#pages.length === 0 || !this.#writeOut()) this.#idle();
    }
    return Promise.resolve();
  }

  #measure(): void {
    this.#measuring = true;
    this.#context.meter.observe(true);
  }

  #dirty(page: Handle): void {
    this.#context.participant.setStuck(false);
    this.#memory.bytes(page).fill(page);
    this.#pages.push(page);
  }

  /** Writes a page out. @returns false where the pool has no element for it: the run is over, or its policy does not wait. */
  #writeOut(): boolean {
    const { meter } = this.#context;
    const pool = this.#pool;
    const element = this.#measuring ? meter.of(pool).allocate(BLOCKING) : pool.allocate(BLOCKING);
    if (element === NONE) return false;
    const page = this.#nextPage();
    this.#swap.write(this.#memory.bytes(page), this.#writeNs());
    this.#memory.free(page);
    pool.free(element);
    meter.countServed(meter.done(meter.nowNs()), 1);
    return true;
  }

  /** Takes the page at the hand; the last one comes to its place. */
  #nextPage(): Handle {
    const pages = this.#pages;
    this.#hand %= pages.length;
    const page = pages[this.#hand]!;
    const last = pages.pop()!;
    if (this.#hand < pages.length) pages[this.#hand] = last;
    this.#hand++;
    return page;
  }

  /** Nothing to write out, or nothing to write with: only others can free any. */
  #idle(): void {
    this.#context.participant.setStuck(true);
    this.#clock.pass(this.#clock.now() + IDLE_NS);
  }

  held(): ReadonlyMap<Mempool, number> {
    return new Map();
  }

  release(): void {
    for (const page of this.#pages.splice(0)) this.#memory.free(page);
  }
}

/** Anything but one element of a pool over memory that runs out. */
function takeProblems(scenario: Scenario, kinds: Registries["allocators"]): Problem[] {
  const { take } = scenario.workload;
  const elements = take.reduce((sum, { count }) => sum + count, 0);
  const [{ pool }] = take as [TakeSpec];
  const path = ["workload", "take"];
  if (elements !== 1) {
    const clause = `${elements} elements are not allowed: a swap-out takes one element of one pool`;
    return [{ path, clause }];
  }
  if (rootOf(pool, scenario, kinds)?.planned.capacity !== 0) return [];
  const clause = `what ${found(pool)} stands on never runs out: give a pool over page memory`;
  return [{ path, clause }];
}

/** Pages that only an element can free. */
export const swapOut: LoadKind = {
  summary: "workers fill memory with pages that can be freed only by writing them out",
  options: {},
  needs: [],
  allows: ["hold"],
  problems: (scenario, kinds) => [
    ...takeProblems(scenario, kinds),
    ...atomicProblems(scenario),
    ...asyncProblems(scenario),
  ],
  start: (context) => new SwapOutLoad(context),
  oneByOne: ({ take }, pool) =>
    take.some((taken) => taken.pool === pool)
      ? { tasks: 1, elements: 1, couldBeBulk: false, fillsMemory: true }
      : null,
};
