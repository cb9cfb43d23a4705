/**
 * The pools of one worker: those it shares with the others, and its own where an allocator cannot be shared.
 *
 * @module
 */
import { faulty, type FaultyAllocator } from "../allocators/faulty.ts";
import type { Arena } from "../allocators/arena.ts";
import { NO_COUNTS } from "../allocators/kind.ts";
import type { PageCache } from "../allocators/page_cache.ts";
import {
  attachComposition,
  type BottomAllocator,
  type Composition,
  createComposition,
  joinComposition,
  type Layer,
} from "../pools/composition.ts";
import type { Mempool } from "../pools/mempool.ts";
import { alone, attachRegion, type Participant, type Region } from "../sync/mod.ts";
import { streamOf } from "./kinds/streams.ts";
import { pressureOf } from "./pressure_driver.ts";
import type { AllocatorReport, Job, PoolReport } from "./report.ts";
import type { RunPlan } from "./run_plan.ts";

/** A worker's pools. */
export class WorkerPools {
  readonly participant: Participant;
  readonly #shared: Composition;
  readonly #private: Composition | null;
  readonly #faulty: Map<string, FaultyAllocator> = new Map();

  /** Attaches a worker to the pools of its job. */
  constructor(job: Job, plan: RunPlan, region: Region) {
    const layer = this.#layer(job, plan, region);
    this.participant = joinComposition(plan.shared, region, job.worker);
    this.#shared = attachComposition(plan.shared, region, this.participant, layer);
    this.#private = plan.private === null ? null : createComposition(
      plan.private.plan,
      attachRegion(plan.private.layout, job.privateBuffer!),
      alone(this.participant),
      layer,
    );
  }

  /** The scenario's pressure as a layer round each allocator, if there is one. */
  #layer(job: Job, plan: RunPlan, region: Region): Layer | null {
    const pressure = pressureOf(job.scenario);
    if (pressure === null) return null;
    const faults = {
      state: { words: region.words, at: plan.faultsAt },
      probability: pressure.failure,
      uniform: streamOf(job, "fault").uniform,
    };
    return (inner, name) => {
      const layered = faulty(inner, faults);
      this.#faulty.set(name, layered);
      return layered;
    };
  }

  get #compositions(): Composition[] {
    return this.#private === null ? [this.#shared] : [this.#shared, this.#private];
  }

  /** Every pool. */
  get all(): Mempool[] {
    return this.#compositions.flatMap(({ pools }) => pools);
  }

  /**
   * Has those of this worker's own pools whose policy adapts give back what lay unused, which nobody else can: an allocator that
   * is not shared can be called by its worker alone. Between two tasks. Null where there are none.
   */
  upkeep(): (() => void) | null {
    const adaptive = this.#private?.adaptive ?? [];
    return adaptive.length === 0 ? null : () => adaptive.forEach((pool) => void pool.adapt());
  }

  /** The page memory that workers share. */
  get arena(): Arena {
    return this.#shared.arena;
  }

  /** The cache of pages that competes for it; null where there is none. */
  get pageCache(): PageCache | null {
    return this.#shared.pageCache;
  }

  /** A pool by name. @throws {RangeError} where there is none. */
  pool(name: string): Mempool {
    const found = this.all.find((pool) => pool.name === name);
    if (found === undefined) throw new RangeError(`there is no pool "${name}"`);
    return found;
  }

  /** The allocator at the bottom of one of these pools. */
  under(pool: Mempool): BottomAllocator {
    return this.#compositions.find(({ pools }) => pools.includes(pool))!.under(pool.name);
  }

  /** What this worker had of each allocator. */
  allocatorReports(): Record<string, AllocatorReport> {
    const reports: Record<string, AllocatorReport> = {};
    for (const composition of this.#compositions) {
      for (const { name, backend } of composition.allocators) {
        const refused = this.#faulty.get(name)?.counts() ?? NO_COUNTS;
        const own = composition === this.#private ? backend.counts() : NO_COUNTS;
        reports[name] = {
          ...composition.served(name),
          atomicFailures: refused.atomicFailures + own.atomicFailures,
          blockingFailures: refused.blockingFailures + own.blockingFailures,
          peakInUse: own.peakInUse,
        };
      }
    }
    return reports;
  }

  /** Adds what there is to say once everything was given back, and what only this worker can see of its own pools. */
  afterStop(reports: Record<string, PoolReport>): Record<string, PoolReport> {
    return Object.fromEntries(this.all.map((pool) => {
      const report = reports[pool.name]!;
      const counts = pool.counts();
      const afterStop = {
        allocs: counts.allocs - report.counts.allocs,
        frees: counts.frees - report.counts.frees,
      };
      if (!this.#private?.pools.includes(pool)) return [pool.name, { ...report, afterStop }];
      const leaked = this.#private.outstanding(pool.name);
      return [pool.name, { ...report, afterStop, leaked, marks: pool.marks() }];
    }));
  }

  /** Leaves: gives back what is cached. */
  detach(): void {
    for (const composition of this.#compositions) composition.drain();
    this.participant.detach();
  }
}
