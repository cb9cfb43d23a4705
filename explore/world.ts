/**
 * A pool for threads to be explored on, small enough that they meet: pages, an allocator, one mempool over it, and what must
 * hold of them in any order of steps.
 *
 * @module
 */
import type { Composition } from "../pools/composition.ts";
import type { CompositionPlan, CompositionSpec } from "../pools/composition_plan.ts";
import type { Layout, Region } from "../sync/mod.ts";
import { watch, type Watcher } from "./hooks.ts";
import { Machine } from "./machine.ts";
import { Invariants } from "./invariants.ts";
import type { Program } from "./program.ts";
import type { Subject } from "./subject.ts";

/** The pool's name. */
export const POOL = "pool";

/** Another one beside it, over the same allocator. */
export const BESIDE = "beside";

/** What the back end does: it serves as long as it has pages; it is down; it is down, and comes back at some point. */
export type BackendState = "serves" | "fails" | "recovers";

/** What a pool stands on: pages, slabs of them, elements put together of two pages and one of another pool, or another pool. */
export type Under = "page" | "slab" | "composite" | "nested";

/** What to make. */
export interface WorldOptions {
  readonly minReserve: number;
  readonly backend: BackendState;
  readonly policy: string;
  readonly threads: number;
  /** The pool of each thread that begins with elements, or uses one: {@linkcode POOL}, or another of the same M {@linkcode BESIDE} it. */
  readonly pools: readonly string[];
  /** Elements that nobody has, beside the reserve. */
  readonly spare: number;
  /** Pages of the cache that competes for the memory, every second one dirty; -1 where there is none. */
  readonly cached: number;
  /** Elements that each thread is given before it begins. */
  readonly held: readonly number[];
  /** Whether the reserve is one short when they begin. */
  readonly isShort: boolean;
  /** Whether somebody uses the allocator without the pool: frees of theirs reach no waiter before that tries again. */
  readonly isShared: boolean;
  /** Pages that the coordinator keeps, for larger magazines. */
  readonly kept: number;
  /** What the pool stands on. */
  readonly over: Under;
}

const PAGE_BYTES = 64;

/** The pool beneath, where there is one. */
const INNER_POOL = "inner";

/** Whole slabs. */
const SLAB_PAGES = 4;

/** Pages for so many elements. */
const PAGES: Readonly<Record<Under, (elements: number) => number>> = {
  page: (elements) => elements,
  slab: (elements) => SLAB_PAGES * Math.ceil(elements / SLAB_PAGES),
  composite: (elements) => 3 * elements + 1,
  nested: (elements) => elements + 1,
};

/** A waiter tries again by itself after this, milliseconds: with the first sleep that the clock ends. */
const RETRY_MS = 40;

function specOf(
  { minReserve, policy, threads, pools, spare, held, kept, over, cached }: WorldOptions,
  subject: Subject,
): CompositionSpec {
  const reserved = pools.includes(BESIDE) ? 2 * minReserve : minReserve;
  const elements = reserved + spare + kept + held.reduce((sum, count) => sum + count, 0);
  const pages = PAGES[over](elements) + Math.max(0, cached);
  const pool = {
    over: { page: "page", slab: "page", composite: "whole", nested: INNER_POOL }[over],
    minReserve,
    maxReserve: minReserve + threads,
    policy: { ...subject.plan.resolvePolicy(policy), retryMs: RETRY_MS },
  };
  return {
    memory: {
      pages,
      pageBytes: PAGE_BYTES,
      watermarks: { min: 0, low: 0, high: 0 },
      growTo: pages,
    },
    allocators: {
      page: over === "slab"
        ? { kind: "slab", objectBytes: PAGE_BYTES / 2, align: 8 }
        : { kind: "page", order: 0 },
      ...over === "composite" && {
        whole: {
          kind: "composite",
          parts: [{ of: "page", count: 2 }, { of: INNER_POOL, count: 1 }],
        },
      },
    },
    pools: {
      ...(over === "composite" || over === "nested") && {
        [INNER_POOL]: { over: "page", minReserve: 1, policy: "five-level" },
      },
      ...pools.includes(BESIDE) && { [BESIDE]: pool },
      [POOL]: pool,
    },
    pageCache: cached >= 0,
    participants: threads + 1,
    asyncSlots: 2,
  };
}

/** The pool and its books. */
export class World {
  readonly plan: CompositionPlan;
  readonly layout: Layout;
  /** The memory itself; the code under exploration sees it through {@linkcode attach}. */
  readonly region: Region;
  /** What each thread has when it begins. */
  readonly given: readonly number[][];
  readonly #options: WorldOptions;
  readonly #subject: Subject;
  readonly #coordinator: Composition;
  readonly #invariants: readonly Invariants[];
  readonly #outageAt: number;
  /** Elements that are out, and with which thread. */
  readonly #out = new Map<number, number>();
  /** Words that tell of the threads' deaths. */
  readonly #deathAt: number;
  #watched: Region | null = null;

  constructor(subject: Subject, options: WorldOptions) {
    this.#options = options;
    this.#subject = subject;
    const { sync, plan, composition, faulty } = subject;
    this.layout = new sync.Layout();
    this.plan = plan.planComposition(this.layout, specOf(options, subject));
    this.#outageAt = this.layout.words("explored/outage", 1);
    this.#deathAt = this.layout.words("explored/death", options.threads);
    this.region = sync.createRegion(this.layout, this.plan.memoryBytes);
    const participant = composition.joinComposition(this.plan, this.region, 0);
    this.#coordinator = composition.createComposition(
      this.plan,
      this.region,
      participant,
      this.#layerOver(this.region),
    );
    this.given = this.#give();
    let filled = 0;
    this.#coordinator.pageCache?.fill(options.cached, 0, () => filled++ % 2 === 1);
    this.#coordinator.detach();
    this.#invariants = this.#pools.map((pool) =>
      new Invariants(subject, this.plan, this.region.words, pool)
    );
    if (options.backend !== "serves") this.region.words[this.#outageAt] = faulty.FaultState.down;
  }

  #layerOver({ words }: Region) {
    if (this.#options.backend === "serves") return null;
    const { faulty } = this.#subject;
    const state = { words, at: this.#outageAt };
    return (inner: Parameters<typeof faulty.faulty>[0]) =>
      faulty.faulty(inner, { state, probability: [0, 0], uniform: () => 0 });
  }

  /** The pools that threads use. */
  get #pools() {
    return [...new Set([POOL, ...this.#options.pools])].map((name) => this.#coordinator.pool(name));
  }

  /** Takes for each thread what it begins with; what makes the reserve short goes to the last of them. */
  #give(): number[][] {
    const { ATOMIC } = this.#subject.allocator;
    const { held, kept, spare, isShort, minReserve } = this.#options;
    const take = (count: number, thread: number) => {
      const pool = this.#coordinator.pool(this.poolOf(thread));
      return Array.from({ length: count }, () => pool.allocate(ATOMIC)).filter((handle) =>
        handle !== 0
      );
    };
    take(kept, -1);
    const given = held.map(take);
    if (isShort && minReserve > 0) {
      // What nobody had goes to the same thread: freed now, it would fill the reserve again.
      const last = held.indexOf(Math.max(...held));
      // One is short; of a floor that two share, all that is there.
      const lacking = this.#pools.length > 1 ? 2 * minReserve : 1;
      given[last]!.push(...take(spare, last), ...take(lacking, last));
    }
    return given;
  }

  /** Makes a machine for a program in this world. */
  machineFor(program: Pick<Program, "threads" | "outsiders" | "timeouts">): Machine {
    const machine = new Machine({
      ...program,
      reset: () => this.#reset(),
      died: (thread) => this.#died(thread),
      observe: () => this.#invariants.forEach((each) => each.check()),
      stuck: (unfinished) => this.#stuck(unfinished),
      check: () => this.#check(),
    }, this.region);
    this.watchBy(machine);
    this.#classify(machine);
    return machine;
  }

  /** Has what threads do from here on go to a watcher, and to its memory. */
  watchBy(watcher: Watcher): void {
    this.#watched = { ...this.region, ...watch(watcher) };
  }

  /** Words that are mere counts, and those after which the books are looked at. */
  #classify({ isCount, isObserved }: Machine): void {
    const { front } = this.#subject;
    for (const { name, at, words } of this.layout.blocks) {
      if (name.endsWith("/lock")) isCount.fill(1, at + 1, at + words);
      // Nobody else looks at these as long as their owner lives.
      if (name.endsWith("/journals")) isCount.fill(1, at, at + words);
      if (!name.endsWith("/front")) continue;
      const stride = this.plan.pools.at(-1)!.front.stride;
      for (let block = at; block < at + words; block += stride) {
        for (const offset of [front.ALLOCS, front.FREES, front.FREES + 1, front.FREES + 2]) {
          isCount[block + offset] = 1;
        }
      }
    }
    for (const { name } of this.#pools) {
      isObserved[this.plan.pools.find((pool) => pool.name === name)!.reserve.lockAt] = 1;
    }
  }

  /** The composition as a thread under exploration sees it. */
  attach(thread: number): Composition {
    const { composition } = this.#subject;
    const region = this.#watched!;
    const participant = composition.joinComposition(this.plan, region, thread + 1);
    return composition.attachComposition(this.plan, region, participant, this.#layerOver(region));
  }

  /** The pool that a thread uses. */
  poolOf(thread: number): string {
    return this.#options.pools[thread] ?? POOL;
  }

  /** Sleeps until a thread has died. */
  awaitDeath(thread: number): void {
    const { words } = this.#watched!;
    const word = this.#deathAt + thread;
    while (Atomics.load(words, word) === 0) Atomics.wait(words, word, 0, Infinity);
  }

  /** What a thread has is to be returned by whoever comes after its death. */
  #died(thread: number): number {
    for (const [handle, holder] of this.#out) if (holder === thread) this.#out.delete(handle);
    return this.#deathAt + thread;
  }

  /** A thread was given an element. */
  issued(handle: number, thread: number): void {
    if (this.#out.has(handle)) throw new Error(`element ${handle} was handed out twice`);
    this.#out.set(handle, thread);
  }

  /** Somebody is about to free an element. */
  freed(handle: number): void {
    this.#out.delete(handle);
  }

  /** The back end serves from now on. */
  recover(): void {
    this.region.words[this.#outageAt] = this.#subject.faulty.FaultState.off;
  }

  #reset(): void {
    this.#out.clear();
    this.given.forEach((handles, thread) =>
      handles.forEach((handle) => this.#out.set(handle, thread))
    );
    for (const each of this.#invariants) each.reset();
  }

  /** Nobody may sleep while there is something for somebody; time may help only against a back end that is down. */
  #stuck(unfinished: readonly string[]): void {
    const { backend, isShared } = this.#options;
    const who = `${unfinished.join(" and ")} cannot go on`;
    for (const each of this.#invariants) each.checkAsleep(who);
    if (backend === "serves" && !isShared) {
      throw new Error(`${who}, and nobody is left to wake them`);
    }
    this.recover();
  }

  /** At the end. */
  #check(): void {
    this.#coordinator.check();
    for (const each of this.#invariants) each.check();
    for (const { name, at } of this.plan.locks) {
      const state = this.region.words[at]!;
      if (state !== 0) throw new Error(`participant ${(state >> 1) - 1} still has ${name}`);
    }
    for (const { name, reserve: { queue } } of this.#pools) {
      if (queue.count() > 0) {
        throw new Error(`${queue.count()} still stand in the queue of ${name}`);
      }
    }
    if (this.#out.size > 0) throw new Error(`elements ${[...this.#out.keys()]} were never freed`);
    const { outstanding } = this.#coordinator;
    const all = this.#pools.reduce((sum, { name }) => sum + outstanding(name), 0);
    const held = all - this.#options.kept;
    if (held !== 0) throw new Error(`${held} elements are out, says the owner table`);
    this.#checkPages();
  }

  /** Nobody is at work any more: all pages of the cache can be given back. */
  #checkPages(): void {
    const { arena, pageCache } = this.#coordinator;
    if (pageCache === null) return;
    const before = arena.freePages();
    const cached = pageCache.pages();
    const given = pageCache.drain();
    if (given !== cached) throw new Error(`${cached - given} pages of the cache are with somebody`);
    if (arena.freePages() !== before + given) throw new Error("pages of the cache are not free");
    arena.check();
  }
}
