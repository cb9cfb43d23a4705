/**
 * The matrix: DPDK's mempool test (app/test/test_mempool_perf.c, `mempool_perf_autotest`), cell by cell. Each core that takes
 * part gets `keep` elements by bulks of `getBulk` and puts them back by bulks of `putBulk`, over and over; what is counted is
 * elements put back a second, which is pairs. Cells are cores x get x put x keep for each pool of `take`: with a pool whose `magazine`
 * is 1 beside one that has its cache, they are the test's cells without and with cache.
 *
 * The measured time is divided evenly. All workers begin a cell together; those that it does not need wait for the next.
 * The first tenth of each cell is not counted. A single element is taken by `allocate()`, which may sleep, several by
 * `allocateBulk()`; the test's get fails instead of sleeping, and fails as a whole then, which is why a pool here should
 * have elements enough.
 *
 * | block | words | who writes |
 * |---|---|---|
 * | 0: arrivals | how often somebody has arrived at the beginning of a cell | everybody, atomically |
 *
 * @module
 */
import { BLOCKING, NONE } from "../../allocators/allocator.ts";
import type { Mempool } from "../../pools/mempool.ts";
import { takeBulk } from "../bulk_taking.ts";
import { asyncProblems } from "../suits.ts";
import type { Load, LoadContext, LoadKind } from "./load.ts";
import { cellProblems, cellsOf, type MatrixCell } from "./matrix_cells.ts";

/** Elements between two looks at the clock, about; the original looks after 65,536. */
const ELEMENTS = 2048;

/** Share of each cell that is not counted. */
const WARM_UP = 0.1;

/** The longest sleep at the beginning of a cell, milliseconds. */
const SLEEP_MS = 20;

/** What one cell runs on: calls of one pool, and room for what it keeps. */
interface Bench {
  readonly pool: Mempool;
  readonly cell: MatrixCell;
  readonly kept: Int32Array;
  /** Views of `kept`, one for each call. */
  readonly gets: readonly Int32Array[];
  readonly puts: readonly Int32Array[];
}

function benchOf(pool: Mempool, cell: MatrixCell): Bench {
  const kept = new Int32Array(cell.keep);
  const views = (size: number) =>
    Array.from({ length: cell.keep / size }, (_, i) => kept.subarray(i * size, (i + 1) * size));
  return { pool, cell, kept, gets: views(cell.getBulk), puts: views(cell.putBulk) };
}

/** Gets all and puts all back, so many times. @returns whether all were to be had, which fails only where the run is stopped. */
function loop({ pool, cell, kept, gets, puts }: Bench, rounds: number): boolean {
  const { getBulk, putBulk, keep } = cell;
  for (let round = 0; round < rounds; round++) {
    if (getBulk === 1) {
      for (let i = 0; i < keep; i++) if ((kept[i] = pool.allocate(BLOCKING)) === NONE) return false;
    } else {
      for (const bulk of gets) if (!takeBulk(pool, bulk, BLOCKING)) return false;
    }
    if (putBulk === 1) { for (let i = 0; i < keep; i++) pool.free(kept[i]!); }
    else for (const bulk of puts) pool.freeBulk(bulk);
    kept.fill(NONE);
  }
  return true;
}

/** Pairs of one worker in one cell, and how long they took. */
export interface CellCount {
  readonly pairs: number;
  readonly ns: number;
}

/** One worker's share. */
class Matrix implements Load {
  readonly #context: LoadContext;
  readonly #cells: readonly MatrixCell[];
  readonly #counts: CellCount[] = [];
  #bench: Bench | null = null;
  #arrived = 0;

  constructor(context: LoadContext) {
    this.#context = context;
    this.#cells = cellsOf(context.workload);
  }

  run(): Promise<void> {
    const { meter, takes, worker } = this.#context;
    const { warmupNs, durationNs } = meter.phases;
    meter.observe(false);
    this.#cells.forEach((cell, index) => {
      this.#gather();
      const endNs = warmupNs + durationNs * (index + 1) / this.#cells.length;
      const pool = takes.find(({ name }) => name === cell.pool)!;
      const isIn = worker < cell.cores;
      this.#counts.push(isIn ? this.#measure(benchOf(pool, cell), endNs) : { pairs: 0, ns: 0 });
    });
    return Promise.resolve();
  }

  /** Waits until all workers have come to the beginning of a cell, or the run is stopped. */
  #gather(): void {
    const { region: { words }, places, participant, workers } = this.#context;
    const at = places[0]!;
    this.#arrived += workers;
    if (Atomics.add(words, at, 1) + 1 === this.#arrived) Atomics.notify(words, at);
    for (;;) {
      const seen = Atomics.load(words, at);
      if (seen >= this.#arrived || participant.stopped()) return;
      participant.setStuck(true);
      participant.park(() => Atomics.wait(words, at, seen, SLEEP_MS));
      participant.setStuck(false);
    }
  }

  #measure(bench: Bench, endNs: number): CellCount {
    const { meter, participant } = this.#context;
    const rounds = Math.max(1, Math.round(ELEMENTS / bench.cell.keep));
    this.#bench = bench;
    const beginNs = meter.nowNs();
    const fromNs = beginNs + WARM_UP * (endNs - beginNs);
    let startNs = beginNs;
    let pairs = 0;
    let nowNs = beginNs;
    do {
      if (participant.stopped() || !loop(bench, rounds)) break;
      nowNs = meter.nowNs();
      meter.countServed(meter.done(nowNs), rounds * bench.cell.keep);
      if (nowNs < fromNs) startNs = nowNs;
      else pairs += rounds * bench.cell.keep;
    } while (nowNs < endNs);
    return { pairs, ns: nowNs - startNs };
  }

  /** Pairs in each cell. */
  cells(): readonly CellCount[] {
    return this.#counts;
  }

  held(): ReadonlyMap<Mempool, number> {
    const held = this.#bench?.kept.filter((handle) => handle !== NONE).length ?? 0;
    return held === 0 ? new Map() : new Map([[this.#bench!.pool, held]]);
  }

  release(): void {
    for (const handle of this.#bench?.kept ?? []) {
      if (handle !== NONE) this.#bench!.pool.free(handle);
    }
    this.#bench?.kept.fill(NONE);
  }
}

/** A list of numbers as an option. */
function list(summary: string, numbers: string) {
  return { type: "string", summary, default: numbers } as const;
}

/** Pairs a second and core, cell by cell. */
export const matrix: LoadKind = {
  summary: "DPDK's mempool test: cores x get bulk x put bulk x kept elements, a rate for each cell",
  options: {
    cores: list("numbers of workers that take part; max is all of them", "1,max"),
    getBulk: list("elements that one call gets", "1,4,8,32"),
    putBulk: list("elements that one call puts back", "1,4,8,32"),
    keep: list("elements that each worker has before it puts them back", "32,128,512"),
  },
  needs: [],
  allows: [],
  problems: (scenario) => [...asyncProblems(scenario), ...cellProblems(scenario)],
  plan: (layout) => [layout.words("matrix/arrivals", 1)],
  start: (context) => new Matrix(context),
};
