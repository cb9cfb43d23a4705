/**
 * What one worker measures of one run: when it warms up, when it measures what, and the latencies of
 * each pool. Levels 2 to 5 report every one of theirs; of level 1 the load reports those that it timed.
 * A clock read costs 100 ns, so an operation of 3 ns is timed now and then, never always.
 *
 * @module
 */
import { type Context, type Handle, NONE } from "../allocators/allocator.ts";
import type { Level, Mempool, Observer } from "../pools/mempool.ts";
import { Histogram, type HistogramData } from "../results/histogram.ts";
import { LEVEL_NAMES } from "../results/result.ts";
import type { Participant, SlotPost } from "../sync/mod.ts";
import { type BurstData, FailureBursts } from "./failure_bursts.ts";

/** Latencies of one pool as plain data. */
export interface PoolLatencies {
  readonly levels: readonly HistogramData[];
  readonly response: HistogramData;
  /** Allocations at level 1 since latencies were first received: what the samples of level 1 stand for. */
  readonly fastOperations: number;
  /** For how long at a time level 1 did not serve; none are seen where not every allocation is timed. */
  readonly failures: BurstData;
}

/** Receives one pool's latencies. */
export class PoolMeter implements Observer {
  /** Allocations of levels 2 to 5 seen so far: who times a level-1 allocation looks whether this stood still. */
  slowEvents = 0;
  readonly pool: Mempool;
  readonly #levels: readonly Histogram[] = Array.from({ length: 5 }, () => new Histogram());
  readonly #response = new Histogram();
  readonly #failures = new FailureBursts();
  #fastBefore: number | null = null;

  /** The meter of a pool. */
  constructor(pool: Mempool) {
    this.pool = pool;
  }

  /** Takes the latency of an allocation at level 2 and up. */
  record(level: Level, latencyNs: number): void {
    this.slowEvents++;
    this.#levels[level - 1]!.record(latencyNs);
  }

  /** Takes the latency of an allocation at level 1. */
  recordFast(latencyNs: number): void {
    this.#levels[0]!.record(latencyNs);
  }

  /** Allocates, timed at whatever level it is served. @returns what the pool returns. */
  allocate(context: Context): Handle {
    const { slowEvents } = this;
    const startMs = performance.now();
    const handle = this.pool.allocate(context);
    const latencyNs = (performance.now() - startMs) * 1e6;
    const isFast = handle !== NONE && this.slowEvents === slowEvents;
    if (isFast) this.recordFast(latencyNs);
    this.#failures.see(isFast, startMs);
    return handle;
  }

  /** Takes the time from the scheduled arrival to the grant. */
  recordResponse(responseNs: number): void {
    this.#response.record(responseNs);
  }

  /** Begins to receive the pool's latencies; see `Mempool.observe()`. */
  begin(eager: boolean): void {
    this.#fastBefore ??= this.pool.counts().hits[0];
    this.pool.observe(this, eager);
  }

  /** Everything so far. */
  toData(): PoolLatencies {
    return {
      levels: this.#levels.map((histogram) => histogram.toData()),
      response: this.#response.toData(),
      fastOperations: this.#fastBefore === null ? 0 : this.pool.counts().hits[0] - this.#fastBefore,
      failures: this.#failures.toData(),
    };
  }
}

/** The phases of a run, nanoseconds from the barrier. */
export interface Phases {
  readonly warmupNs: number;
  /** Measured, after the warm-up; Infinity until the load ends by itself. */
  readonly durationNs: number;
}

const LEVELS = LEVEL_NAMES.length;

/** Slices of the measured time in which served allocations are counted, to judge whether the run was steady. */
export const SLICES = 20;

/** From one upkeep to the next, nanoseconds: as often as the coordinator looks at what is shared. */
const UPKEEP_NS = 5e7;

/** One worker's clock and meters. Times are nanoseconds from the barrier. */
export class Meter {
  readonly pools: readonly PoolMeter[];
  readonly phases: Phases;
  /** Allocations served in each slice of the measured time. */
  readonly slices: Float64Array = new Float64Array(SLICES);
  /** Hits of each level in each slice, over all pools: level 1 of slice 0, level 2 of slice 0, and so on. */
  readonly sliceHits: Float64Array = new Float64Array(SLICES * LEVELS);
  /** Tasks with a time of their own that had their turn. */
  begun = 0;
  /** Allocations of the pass without timing, and how long it took. */
  readonly untimed: { allocs: number; ns: number } = { allocs: 0, ns: 0 };
  /** What else the worker sees to now and then, between two tasks; null where there is nothing. */
  upkeep: (() => void) | null = null;
  /** Where the load gets its slots from; null where it runs from beginning to end. */
  slots: SlotPost | null = null;
  readonly #participant: Participant;
  #startMs = 0;
  #upkeepAtNs = 0;
  #slice = -1;
  readonly #hitsBefore = new Float64Array(LEVELS);

  /** The meter of a worker for its pools. */
  constructor(pools: readonly Mempool[], phases: Phases, participant: Participant) {
    this.pools = pools.map((pool) => new PoolMeter(pool));
    this.phases = phases;
    this.#participant = participant;
  }

  /** Starts the clock. */
  start(): void {
    this.#startMs = performance.now();
  }

  /** Nanoseconds since the start. */
  nowNs(): number {
    return (performance.now() - this.#startMs) * 1e6;
  }

  /** When the measured time ends. */
  get endNs(): number {
    return this.phases.warmupNs + this.phases.durationNs;
  }

  /** Whether the run is over: its time has come, or somebody stopped it. Asked between two tasks, it is where upkeep has its turn. */
  isOver(nowNs: number): boolean {
    if (this.upkeep !== null && nowNs >= this.#upkeepAtNs) {
      this.#upkeepAtNs = nowNs + UPKEEP_NS;
      this.upkeep();
    }
    return nowNs >= this.endNs || this.#participant.stopped();
  }

  /** The meter of a pool. */
  of(pool: Mempool): PoolMeter {
    return this.pools.find((meter) => meter.pool === pool)!;
  }

  /** Begins to receive the latencies of levels 2 to 5; see `Mempool.observe()`. */
  observe(eager: boolean): void {
    for (const meter of this.pools) meter.begin(eager);
  }

  /** Counts served allocations into the slice of the measured time that is over by the share `done`. */
  countServed(done: number, allocs: number): void {
    if (done < 0 || Number.isNaN(done)) return;
    const slice = Math.min(Math.floor(done * SLICES), SLICES - 1);
    if (slice !== this.#slice) this.#enterSlice(slice);
    this.slices[slice]! += allocs;
  }

  /** Ends the last slice, at the end of the run. */
  endSlices(): void {
    this.#enterSlice(-1);
  }

  /** What was counted since the last slice began is that slice's; what was counted before the first, none's. */
  #enterSlice(slice: number): void {
    const hits = this.pools.map(({ pool }) => pool.counts().hits);
    for (let level = 0; level < LEVELS; level++) {
      const now = hits.reduce((sum, each) => sum + each[level]!, 0);
      if (this.#slice >= 0) {
        this.sliceHits[this.#slice * LEVELS + level]! += now - this.#hitsBefore[level]!;
      }
      this.#hitsBefore[level] = now;
    }
    this.#slice = slice;
  }

  /** The share of the measured time that is over; negative in the warm-up, 0 where it has no end. */
  done(nowNs: number): number {
    return (nowNs - this.phases.warmupNs) / this.phases.durationNs;
  }
}
