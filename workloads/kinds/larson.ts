/**
 * Larson and Krishnan's load ("Memory Allocation for Long-Running Server Applications", ISMM 1998): each worker replaces
 * blocks that it draws at random, as fast as it can, and when a round ends its blocks go to another worker, as those of a
 * server's thread that ends do. So a share of all frees is of blocks that somebody else allocated, and caches see elements
 * come back that are not theirs. The original starts a thread for each round; here workers stay and exchange their
 * blocks, so that no thread is started in the measured time.
 *
 * There is one set of blocks more than there are workers. It lies in an exchange: whoever ends a round leaves its set there
 * and takes the one that lies there, which the last one to come left. At the end of the run the first worker to stop takes
 * it out for good.
 *
 * | block | words | who writes |
 * |---|---|---|
 * | 0: exchange | the number of the set that lies there, -1 once it is taken out | everybody, atomically |
 * | 1: sets | `inFlight` handles for each set, then the pool of each | the worker that has the set, plainly |
 * | 2: in transit | for each set 1 from before it is left until who takes it has made its blocks his own | the worker that has the set, atomically |
 *
 * What a worker has written into a set is published by the exchange, a sequentially consistent compare-exchange, to the one
 * that takes the set. Of a worker that is dead, blocks in sets that are in transit are left alone: they are another one's, or will be;
 * all others that have its tag were its own. A set that nobody takes any more, since it died there, is freed at the end.
 *
 * Elements come from one of the pools of `take` each, drawn by their counts: the original's blocks differ in size.
 *
 * @module
 */
import { ATOMIC, BLOCKING, type Context, NONE } from "../../allocators/allocator.ts";
import type { Mempool } from "../../pools/mempool.ts";
import type { Layout } from "../../sync/mod.ts";
import type { Estate, EstateContext } from "../estate.ts";
import type { Meter, PoolMeter } from "../meter.ts";
import type { WorkloadSpec } from "../scenario.ts";
import { asyncProblems, privateProblems } from "../suits.ts";
import { type Load, type LoadContext, type LoadKind, ownOptions } from "./load.ts";
import { streamOf } from "./streams.ts";
import { runPasses } from "./two_passes.ts";

/** Most replacements between two looks at the clock. */
const SLICE_MAX = 4096;

/** Drawn once, used in turn. */
const DRAWS = 1 << 14;

/** Mean replacements from one timed allocation to the next. */
const MEAN_GAP = 64;

/** No set: the spare one was taken out. */
const TAKEN_OUT = -1;

function planLarson(layout: Layout, { workers, inFlight }: WorkloadSpec): number[] {
  const sets = workers + 1;
  return [
    layout.words("larson/exchange", 1),
    layout.words("larson/sets", sets * wordsOfSet(inFlight)),
    layout.words("larson/transit", sets),
  ];
}

/** A handle and the number of its pool for each block. */
function wordsOfSet(blocks: number): number {
  return 2 * blocks;
}

/** What the loops run on. */
interface Tables {
  readonly words: Int32Array;
  readonly takes: readonly Mempool[];
  readonly blocks: number;
  readonly places: Int32Array;
  readonly pools: Int32Array;
  readonly contexts: Uint8Array;
  readonly gaps: Int32Array;
}

function drawTables(context: LoadContext): Tables {
  const { workload: { inFlight: blocks, atomicShare }, takes, region: { words } } = context;
  const random = streamOf(context, "place");
  const drawn = (draw: () => number) => Int32Array.from({ length: DRAWS }, draw);
  return {
    words,
    takes,
    blocks,
    places: drawn(() => random.below(blocks)),
    pools: drawn(() => random.below(takes.length)),
    contexts: Uint8Array.from(drawn(() => random.uniform() < atomicShare ? ATOMIC : BLOCKING)),
    gaps: drawn(() => 1 + random.below(2 * MEAN_GAP - 1)),
  };
}

/** Replaces `count` blocks of the set at word `set`, without timing. @returns allocations served. */
function replace(tables: Tables, set: number, from: number, count: number): number {
  const { words, takes, blocks, places, pools, contexts } = tables;
  let served = 0;
  for (let i = from; i < from + count; i++) {
    const at = set + places[i & (DRAWS - 1)]!;
    const old = words[at]!;
    if (old !== NONE) takes[words[at + blocks]!]!.free(old);
    const pool = pools[i & (DRAWS - 1)]!;
    const handle = takes[pool]!.allocate(contexts[i & (DRAWS - 1)] as Context);
    words[at] = handle;
    words[at + blocks] = pool;
    if (handle !== NONE) served++;
  }
  return served;
}

/** The same where allocations are timed after random gaps. @returns allocations served. */
function replaceTimed(
  tables: Tables,
  set: number,
  span: { readonly from: number; readonly count: number; readonly meters: readonly PoolMeter[] },
): number {
  const { words, takes, blocks, places, pools, contexts, gaps } = tables;
  const { from, count, meters } = span;
  let served = 0;
  let nextTimed = from + gaps[from & (DRAWS - 1)]!;
  for (let i = from; i < from + count; i++) {
    const at = set + places[i & (DRAWS - 1)]!;
    const old = words[at]!;
    if (old !== NONE) takes[words[at + blocks]!]!.free(old);
    const pool = pools[i & (DRAWS - 1)]!;
    const context = contexts[i & (DRAWS - 1)] as Context;
    let handle: number;
    if (i !== nextTimed) handle = takes[pool]!.allocate(context);
    else {
      const meter = meters[pool]!;
      const slowEvents = meter.slowEvents;
      const startMs = performance.now();
      handle = takes[pool]!.allocate(context);
      const latencyNs = (performance.now() - startMs) * 1e6;
      if (handle !== NONE && meter.slowEvents === slowEvents) meter.recordFast(latencyNs);
      nextTimed = i + gaps[i & (DRAWS - 1)]!;
    }
    words[at] = handle;
    words[at + blocks] = pool;
    if (handle !== NONE) served++;
  }
  return served;
}

/** One worker's share. */
class Larson implements Load {
  readonly #meter: Meter;
  readonly #tables: Tables;
  readonly #exchangeAt: number;
  readonly #setsAt: number;
  readonly #transitAt: number;
  readonly #round: number;
  /** The sets that it has: one, and at the end perhaps the spare one. */
  readonly #sets: number[];
  #next = 0;
  #left: number;

  constructor(context: LoadContext) {
    const { workload, meter, places, worker } = context;
    this.#meter = meter;
    this.#tables = drawTables(context);
    [this.#exchangeAt, this.#setsAt, this.#transitAt] = places as [number, number, number];
    this.#round = this.#left = Number(ownOptions(workload).round);
    this.#sets = [worker + 1]; // set 0 lies in the exchange, whose word is 0 at the start
  }

  run(): Promise<void> {
    const meters = this.#tables.takes.map((pool) => this.#meter.of(pool));
    runPasses(this.#meter, {
      untimed: () => this.#slice((set, from, count) => replace(this.#tables, set, from, count)),
      timed: () =>
        this.#slice((set, from, count) => replaceTimed(this.#tables, set, { from, count, meters })),
    });
    const spare = Atomics.exchange(this.#tables.words, this.#exchangeAt, TAKEN_OUT);
    if (spare !== TAKEN_OUT) {
      this.#sets.push(spare);
      this.#adopt(spare);
    }
    return Promise.resolve();
  }

  /** A part of a round; at its end the set is exchanged. */
  #slice(replaceSome: (set: number, from: number, count: number) => number): number {
    const count = Math.min(SLICE_MAX, this.#left);
    const served = replaceSome(this.#wordOf(this.#sets[0]!), this.#next, count);
    this.#next = (this.#next + count) & (DRAWS - 1);
    this.#left -= count;
    if (this.#left === 0) {
      this.#left = this.#round;
      this.#exchange();
    }
    return served;
  }

  #exchange(): void {
    const { words } = this.#tables;
    const mine = this.#sets[0]!;
    Atomics.store(words, this.#transitAt + mine, 1);
    for (;;) {
      const other = Atomics.load(words, this.#exchangeAt);
      if (other === TAKEN_OUT) break;
      if (Atomics.compareExchange(words, this.#exchangeAt, other, mine) !== other) continue;
      this.#sets[0] = other;
      break;
    }
    this.#adopt(this.#sets[0]!);
  }

  /** Makes the blocks of a set this worker's own. */
  #adopt(set: number): void {
    const { words, takes, blocks } = this.#tables;
    const first = this.#wordOf(set);
    for (let at = first; at < first + blocks; at++) {
      if (words[at] !== NONE) takes[words[at + blocks]!]!.adopt(words[at]!);
    }
    Atomics.store(words, this.#transitAt + set, 0);
  }

  #wordOf(set: number): number {
    return this.#setsAt + set * wordsOfSet(this.#tables.blocks);
  }

  /** Calls back for each element that it has. */
  #each(visit: (pool: Mempool, at: number) => void): void {
    const { words, takes, blocks } = this.#tables;
    for (const first of this.#sets.map((set) => this.#wordOf(set))) {
      for (let at = first; at < first + blocks; at++) {
        if (words[at] !== NONE) visit(takes[words[at + blocks]!]!, at);
      }
    }
  }

  held(): ReadonlyMap<Mempool, number> {
    const held = new Map<Mempool, number>();
    this.#each((pool) => held.set(pool, (held.get(pool) ?? 0) + 1));
    return held;
  }

  release(): void {
    const { words } = this.#tables;
    this.#each((pool, at) => {
      pool.free(words[at]!);
      words[at] = NONE;
    });
  }
}

function larsonEstate({ workload, region: { words }, places, takes }: EstateContext): Estate {
  const { workers, inFlight: blocks } = workload;
  const [, setsAt, transitAt] = places as [number, number, number];
  const inTransit = () =>
    Array.from({ length: workers + 1 }, (_, set) => set)
      .filter((set) => Atomics.load(words, transitAt + set) === 1)
      .flatMap((set) => {
        const first = setsAt + set * wordsOfSet(blocks);
        return Array.from({ length: blocks }, (_, block) => first + block);
      })
      .filter((at) => words[at] !== NONE)
      .map((at) => ({ at, handle: words[at]!, pool: takes[words[at + blocks]!]! }));
  return {
    close() {
      const kept = new Set(inTransit().map(({ handle, pool }) => `${pool.name} ${handle}`));
      return (pool, handle) => kept.has(`${pool} ${handle}`);
    },
    tend(isOver) {
      if (!isOver) return;
      for (const { at, handle, pool } of inTransit()) {
        pool.adopt(handle);
        pool.free(handle);
        words[at] = NONE;
      }
    },
  };
}

/** Blocks replaced at random, and handed on to other workers. */
export const larson: LoadKind = {
  summary:
    "blocks replaced at random, and handed to another worker when a round ends (Larson 1998)",
  options: {
    round: {
      type: "integer",
      summary: "replacements by a worker before its blocks go to another one",
      default: 10_000,
      min: 1,
      max: 1e9,
    },
  },
  needs: ["inFlight"],
  allows: [],
  problems: (scenario, kinds) => [...privateProblems(scenario, kinds), ...asyncProblems(scenario)],
  plan: planLarson,
  estate: larsonEstate,
  start: (context) => new Larson(context),
  mayPause: () => true,
  oneByOne({ inFlight, take }) {
    if (take.length > 1) return null; // which pool a block comes from is drawn
    return { tasks: 1, elements: inFlight, couldBeBulk: false, besides: inFlight };
  },
};
