/**
 * The result of a run, schema `mempool-bench/result@1`: plain data, in base units (nanoseconds, bytes,
 * events per second). Everything that prints, stores or compares takes this and nothing else, and
 * warnings travel inside it.
 *
 * Counts are exact and cover everything from the barrier to the stop. For every pool
 * `hits over the levels = allocs = frees + held + leaked`.
 *
 * @module
 */

/** The schema's name as it stands in every result. */
export const RESULT_SCHEMA = "mempool-bench/result@1";

/** The five levels in order, as they are named in results. */
export const LEVEL_NAMES = [
  "backend-atomic",
  "reserve-half",
  "backend-blocking",
  "reserve",
  "wait",
] as const;

/** The name of a level. */
export type LevelName = typeof LEVEL_NAMES[number];

/** A summary of one latency distribution, nanoseconds. A percentile with fewer than 10 samples beyond it is null. */
export interface LatencySummary {
  /** Samples recorded; not the operations, of which only some may have been timed. */
  readonly count: number;
  /** The smallest sample. */
  readonly min: number | null;
  /** The mean. */
  readonly mean: number | null;
  /** The median. */
  readonly p50: number | null;
  /** Exceeded by 10 %. */
  readonly p90: number | null;
  /** Exceeded by 1 %. */
  readonly p99: number | null;
  /** Exceeded by 0.1 %. */
  readonly "p99.9": number | null;
  /** Exceeded by 0.01 %. */
  readonly "p99.99": number | null;
  /** The largest sample. */
  readonly max: number | null;
}

/** One of the five levels of one pool. */
export interface LevelResult {
  /** Its number, the fast one first. */
  readonly level: 1 | 2 | 3 | 4 | 5;
  /** Its name. */
  readonly name: LevelName;
  /** Allocations that it served. */
  readonly hits: number;
  /** hits / allocs; 0 where nothing was allocated. */
  readonly rate: number;
  /** How long those took. */
  readonly latencyNs: LatencySummary;
}

/** How often a lock was taken, and how often somebody else held it. */
export interface LockResult {
  /** Times it was taken. */
  readonly acquisitions: number;
  /** Times it was not free at once. */
  readonly contended: number;
}

/** For how long at a time level 1 did not serve, as each worker saw it; nanoseconds, bursts that ended. */
export interface FailureResult {
  /** How many. */
  readonly bursts: number;
  /** Allocations that fell into them. */
  readonly allocs: number;
  /** Of all of them together. */
  readonly totalNs: number;
  /** Of the longest. */
  readonly longestNs: number;
  /** What the workers saw, one after the other. */
  readonly seenNs: number;
}

/** What one pool did in one run. */
export interface PoolResult {
  /** Elements handed out. */
  readonly allocs: number;
  /** Elements given back. */
  readonly frees: number;
  /** Elements that the workload (or an outer pool) held at the stop. */
  readonly held: number;
  /** Atomic callers that got nothing. */
  readonly none: number;
  /** Blocking callers that got nothing, under a policy without a wait step. */
  readonly failed: number;
  /** Elements out in the owner table that nobody knew of at the end. */
  readonly leaked: number;
  /** All five, in order. */
  readonly levels: readonly LevelResult[];
  /** Of all levels together, each sample weighted by the operations that it stands for. */
  readonly latencyNs: LatencySummary;
  /** From the scheduled arrival; null in closed workloads. */
  readonly responseNs: LatencySummary | null;
  /** Callers that slept. */
  readonly waits: {
    readonly count: number;
    readonly maxDepth: number;
    readonly maxNs: number;
    /** Callers still waiting at the stop, who got nothing. */
    readonly abandoned: number;
  };
  /** Elements kept back: at least, at the stop, at the lowest, and what they hold. */
  readonly reserve: {
    readonly min: number;
    readonly current: number;
    readonly lowWater: number;
    /** The most that `min` was, under a policy that moves it; left out where it was never more than in the end. */
    readonly peakMin?: number;
    readonly bytes: number;
  };
  /** The pool's own lock. */
  readonly lock: LockResult;
  /** Bursts of failure of what it stands on; left out where not every allocation was timed, or a policy asks the reserve first. */
  readonly failures?: FailureResult;
}

/** What one allocator did in one run. */
export interface AllocatorResult {
  /** Elements handed out. */
  readonly allocs: number;
  /** Elements given back. */
  readonly frees: number;
  /** Atomic calls that got nothing. */
  readonly atomicFailures: number;
  /** Blocking calls that got nothing. */
  readonly blockingFailures: number;
  /** Allocations served by a worker's magazine, without a lock. */
  readonly cacheHits: number;
  /**
   * Rounds of the largest magazine that a worker's working set made, 0 where there are none; results of older versions do
   * not have it.
   */
  readonly magazineRounds?: number;
  /** Elements that direct reclaim brought back (drained magazines and depots, growth). */
  readonly reclaimed: number;
  /** Most elements out of the free lists at once, those in magazines included. */
  readonly peakInUse: number;
  /** peakInUse times the element's size. */
  readonly bytes: number;
  /** The allocator's own lock. */
  readonly lock: LockResult;
}

/** The death of a worker in a run, and what became of what it had. Times from the barrier on. */
export interface DeathResult {
  /** When it was known. */
  readonly atNs: number;
  /** What it threw; null where it ended without a word. */
  readonly message: string | null;
  /** Where it was: with a lock, waiting in a queue, or anywhere else. */
  readonly during: "lock" | "queue" | "load";
  /** From when it was known until the others had all that it had had. */
  readonly recoveryNs: number;
  /** What that was. */
  readonly recovered: {
    /** Locks that it held, by name. */
    readonly locks: readonly string[];
    /** Words that it had begun to change under them, put back. */
    readonly undone: number;
    /** Elements that it held, given back, by pool, or by allocator where it used that without a pool. */
    readonly returned: Readonly<Record<string, number>>;
    /** Elements that it had cached, by allocator. */
    readonly adopted: Readonly<Record<string, number>>;
    /** Elements that it was just moving. */
    readonly inTransit: number;
    /** Places in queues that it left, by pool. */
    readonly queue: Readonly<Record<string, number>>;
    /** Elements that it had handed to others, who keep them. */
    readonly kept: number;
    /** What could not be put right, in sentences; none where all was. */
    readonly unrecovered: readonly string[];
  };
}

/** What one worker did; times from the barrier on, on the coordinator's clock. */
export interface WorkerResult {
  /** From 0 up. */
  readonly id: number;
  /** Elements that it was given. */
  readonly allocs: number;
  /** When it left the barrier. */
  readonly startNs: number;
  /** When it had stopped. */
  readonly endNs: number;
  /** How it ended; "unstopped" where it lives, and did not stop when it was told to. */
  readonly exit: "done" | "interrupted" | "error" | "died" | "unstopped";
  /** How it died; only where it did, in a run that the others went on with. */
  readonly died?: DeathResult;
}

/** Something that the reader must know before believing a number, and what to do about it. */
export interface Warning {
  /** Short and stable, for programs. */
  readonly code: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

/** Whether a run was in a steady state while it was measured. */
export interface SteadyState {
  /** Draining: steady or not, what is left to be had falls, and will be used up. */
  readonly verdict: "steady" | "not-reached" | "draining";
  /** What changed, in words; null where nothing did. */
  readonly reason: string | null;
  /** How long what was left at the end would have lasted; null unless it is draining. */
  readonly exhaustedInNs: number | null;
}

/** Tasks that come by their own clock, whatever became of those before. */
export interface ArrivalResult {
  /** Those that were due before the end. */
  readonly due: number;
  /** Those of them that had their turn; the others still waited for it. */
  readonly begun: number;
}

/** One cell of a grid of measurements, as DPDK's mempool test has them. */
export interface CellResult {
  /** The pool. */
  readonly pool: string;
  /** Elements that each worker may have cached, at most. */
  readonly cache: number;
  /** Workers that took part. */
  readonly cores: number;
  /** Elements that one call got. */
  readonly getBulk: number;
  /** Elements that one call put back. */
  readonly putBulk: number;
  /** Elements that each worker had before it put them back. */
  readonly keep: number;
  /** Pairs a second, all cores together; 0 where the cell did not come to its turn. */
  readonly pairsPerSecond: number;
}

/**
 * The latencies of one pool in full, one text for each worker in order of their ids: `96*12 131*3` is 12 samples of at most
 * 96 ns and 3 of at most 131 ns.
 */
export interface PoolHistograms {
  /** Of levels 1 to 5, in order. */
  readonly levels: readonly (readonly string[])[];
  /** From the scheduled arrival; empty texts in closed workloads. */
  readonly response: readonly string[];
}

/** A cache of pages that fills memory, and that direct reclaim takes pages from. */
export interface PageCacheResult {
  /** Most pages at once. */
  readonly peak: number;
  /** Pages that it took. */
  readonly filled: number;
  /** Dirty pages that were written out, each with an element of the measured pool. */
  readonly written: number;
  /** Clean pages that direct reclaim took. */
  readonly reclaimed: number;
}

/** One pool over time; a number for each moment. Of pools that each worker has for itself, all together. */
export interface PoolTimeline {
  /** Elements that were out, by the counts. */
  readonly live: readonly number[];
  /** What the reserve held. */
  readonly reserve: readonly number[];
  /** The least that the reserve was to hold; left out where that never moved. */
  readonly minReserve?: readonly number[];
}

/** What was seen of a run from time to time. */
export interface Timeline {
  /** When, from the barrier on; ascending, at most 200 moments. */
  readonly atNs: readonly number[];
  /** By name. */
  readonly pools: Readonly<Record<string, PoolTimeline>>;
}

/** One repeat of a scenario. */
export interface Run {
  /** From 0 up. */
  readonly repeat: number;
  /** The seed of this repeat. */
  readonly seed: number;
  /** How long it was measured. */
  readonly measuredNs: number;
  /** Whether it was in a steady state while measured. */
  readonly steady: boolean;
  /** How that was judged; null for replays, which go as their trace goes. */
  readonly steadyState?: SteadyState | null;
  /** The cells of a grid, in order; none where the load has no grid. */
  readonly cells?: readonly CellResult[];
  /** Tasks that come by their own clock; null where the load has none. */
  readonly arrivals?: ArrivalResult | null;
  /** From the pass without timing in closed workloads; served allocations over time elsewhere. */
  readonly allocsPerSecond: number;
  /**
   * Processor time of all threads together from the barrier to the stop, the warm-up and the harness with it; results of older
   * versions do not have it.
   */
  readonly cpuNs?: number;
  /** By name. */
  readonly pools: Readonly<Record<string, PoolResult>>;
  /** By name, for each pool; not there in results of older versions. */
  readonly histograms?: Readonly<Record<string, PoolHistograms>>;
  /** By name. */
  readonly allocators: Readonly<Record<string, AllocatorResult>>;
  /** What competed for the memory; only where the pressure fills it. */
  readonly pageCache?: PageCacheResult;
  /** Those of the load, in order of their ids. */
  readonly workers: readonly WorkerResult[];
  /** Live elements and reserves over time; not there in results of older versions. */
  readonly timeline?: Timeline;
  /** Over all pools. */
  readonly leaked: number;
}

/** A median over repeats, with an interval where there are repeats enough for one. */
export interface Estimate {
  /** The median. */
  readonly median: number;
  /** Lower end of the interval. */
  readonly low: number | null;
  /** Upper end of the interval. */
  readonly high: number | null;
  /** Confidence of [low, high], 0 to 1; null where there is no interval. */
  readonly confidence: number | null;
}

/** Medians over the repeats: of the whole run, and of each pool's levels. */
export interface Summary {
  /** How many runs there were. */
  readonly repeats: number;
  /** Of the whole run. */
  readonly allocsPerSecond: Estimate;
  /** By name; a percentile that some run lacks is null. */
  readonly pools: Readonly<
    Record<string, {
      /** Hit rates of levels 1 to 5, in order. */
      readonly rates: readonly Estimate[];
      readonly p50: Estimate | null;
      readonly p99: Estimate | null;
      readonly "p99.9": Estimate | null;
      readonly max: Estimate | null;
    }>
  >;
}

/** Where a result was measured, and how fine the instrument was. */
export interface Environment {
  /** Version of Deno. */
  readonly deno: string;
  /** Version of V8. */
  readonly v8: string;
  /** Operating system. */
  readonly os: string;
  /** Architecture of the processor. */
  readonly arch: string;
  /** Its model. */
  readonly cpu: string;
  /** Logical processors. */
  readonly cores: number;
  /** Cost of one clock read and its smallest step. */
  readonly clock: { readonly costNs: number; readonly grainNs: number };
  /** What the harness itself costs for one allocate-and-free pair, measured with the null allocator. */
  readonly harness: { readonly floorNs: number };
  /** The commit measured, where there is one. */
  readonly revision: string | null;
}

/** The whole result of one scenario. */
export interface Result {
  /** Says what follows. */
  readonly schema: typeof RESULT_SCHEMA;
  /** Unique in a store. */
  readonly id: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  /** Whether it was stopped before its end. */
  readonly partial: boolean;
  /** Where and with what it was measured. */
  readonly environment: Environment;
  /** The scenario, fully resolved, numbers in base units. */
  readonly scenario: Readonly<Record<string, unknown>> & { readonly name: string };
  /** What to know before believing a number. */
  readonly warnings: readonly Warning[];
  /** One for each repeat. */
  readonly runs: readonly Run[];
  /** All repeats together. */
  readonly summary: Summary;
}
