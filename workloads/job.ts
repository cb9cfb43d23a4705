/**
 * What a worker does with its job: attaches to the region, arrives at the barrier, runs its share of the load, or what
 * the pressure has it do, gives everything back, reports.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import type { Mempool } from "../pools/mempool.ts";
import { attachBarrier, attachRegion, attachSlots, live, type Region } from "../sync/mod.ts";
import { InputError } from "./input_error.ts";
import type { Load, LoadKind } from "./kinds/load.ts";
import { Meter } from "./meter.ts";
import { startPressure } from "./pressure_driver.ts";
import type { Job, PoolReport, WorkerAlive, WorkerFailure, WorkerReport } from "./report.ts";
import { loadRun, planRun, type RunPlan, scopeOf } from "./run_plan.ts";
import type { TakeSpec } from "./scenario.ts";
import { WorkerPools } from "./worker_pools.ts";

function meterOf(job: Job, pools: WorkerPools): Meter {
  const { kind, warmup, duration } = job.scenario.workload;
  const phases = kind === "replay" || job.slots !== null
    ? { warmupNs: 0, durationNs: Infinity }
    : { warmupNs: warmup, durationNs: duration };
  const meter = new Meter(pools.all, phases, pools.participant);
  meter.upkeep = pools.upkeep();
  if (job.slots !== null) meter.slots = attachSlots(job.slots, job.worker, pools.participant);
  return meter;
}

/** What a worker stands on. */
interface Footing {
  readonly plan: RunPlan;
  readonly region: Region;
  readonly pools: WorkerPools;
  readonly meter: Meter;
}

function startLoad(job: Job, kind: LoadKind, { plan, region, pools, meter }: Footing): Load {
  const { workload } = job.scenario;
  const context = {
    workload,
    seed: job.seed,
    worker: job.worker,
    workers: workload.workers,
    takes: workload.take.flatMap((spec) => poolsOf(spec, pools)),
    takesOneOf: workload.takeOneOf.map((spec) => poolsOf(spec, pools)),
    under: (pool: Mempool) => pools.under(pool),
    participant: pools.participant,
    meter,
    maySpin: job.maySpin,
    program: job.program,
    recorded: job.recorded,
    region,
    places: plan.places,
    sharesPools: workload.take.every(({ pool }) => scopeOf(job.scenario, pool) === "shared"),
  };
  if (job.worker < workload.workers) return kind.start(context);
  const { arena, pageCache } = pools;
  return startPressure(job.scenario, { ...context, arena, cache: pageCache! });
}

/** The pool of each element. */
function poolsOf({ pool, count }: TakeSpec, pools: WorkerPools): Mempool[] {
  return Array.from({ length: count }, () => pools.pool(pool));
}

/** Milliseconds on the clock that all workers share, to 0.3 us. */
function sharedNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** What each pool counted at the stop, before the load gave back what it held. */
function poolReports(pools: WorkerPools, meter: Meter, load: Load): Record<string, PoolReport> {
  const held = load.held();
  const report = (pool: Mempool): PoolReport => ({
    counts: pool.counts(),
    held: held.get(pool) ?? 0,
    afterStop: { allocs: 0, frees: 0 },
    leaked: 0,
    latencies: meter.of(pool).toData(),
    marks: null,
  });
  return Object.fromEntries(pools.all.map((pool) => [pool.name, report(pool)]));
}

async function runJob(job: Job, kind: LoadKind): Promise<WorkerReport> {
  const plan = planRun(job.scenario, job.program);
  await loadRun(plan);
  const region = attachRegion(plan.layout, job.buffer);
  const pools = new WorkerPools(job, plan, region);
  const meter = meterOf(job, pools);
  const load = startLoad(job, kind, { plan, region, pools, meter });
  pools.participant.listen();
  const barrier = attachBarrier(region.words, plan.barrierAt);
  pools.participant.park(() => barrier.arriveAndWait());
  const startMs = sharedNowMs();
  meter.start();
  await load.run();
  const endMs = sharedNowMs();
  meter.endSlices();
  const reports = poolReports(pools, meter, load);
  const allocators = pools.allocatorReports();
  load.release();
  const { untimed, slices, sliceHits, begun } = meter;
  const arrivals = { due: begun + (load.overdue?.() ?? 0), begun };
  const { worker } = job;
  const released = pools.afterStop(reports);
  pools.detach();
  const measured = { untimed, slices, sliceHits, arrivals, cells: load.cells?.() ?? [] };
  return { type: "done", worker, startMs, endMs, ...measured, pools: released, allocators };
}

async function answer(
  job: Job,
  kindOf: (job: Job) => LoadKind,
): Promise<WorkerReport | WorkerFailure> {
  try {
    return await runJob(job, kindOf(job));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { type: "failed", worker: job.worker, message, input: error instanceof InputError };
  }
}

/** Makes this thread a worker of runs, for loads by `kindOf`. */
export function serveJobs(kindOf: (job: Job) => LoadKind): void {
  self.onmessage = async ({ data: job }: MessageEvent<Job>) => {
    await live(job.life);
    const alive: WorkerAlive = { type: "alive" };
    self.postMessage(alive);
    const said = await answer(job, kindOf);
    self.postMessage(said);
    // Whatever it was in the middle of stays as it is: somebody else puts that right once this worker is dead.
    if (said.type === "failed") self.close();
  };
}
