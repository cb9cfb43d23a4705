/**
 * One run of a scenario: makes the region, fills the reserves, starts the workers at a barrier, puts them under
 * pressure, stops them, and collects what they report.
 *
 * @module
 */
import { type Composition, createComposition, joinComposition } from "../pools/composition.ts";
import { attachBarrier, createRegion, createSlots, leadSlots, type Region } from "../sync/mod.ts";
import type { Timeline } from "../results/result.ts";
import { type Burial, Burials } from "./burials.ts";
import { cpuNs } from "./cpu.ts";
import { Crew } from "./crew.ts";
import { reportOfDead } from "./dead_report.ts";
import { type Estate, madeWhenNeeded, NO_ESTATE } from "./estate.ts";
import { InputError } from "./input_error.ts";
import type { LoadKind } from "./kinds/load.ts";
import * as loadRegistry from "./kinds/mod.ts";
import { drivePressure, pressureOf } from "./pressure_driver.ts";
import {
  type Job,
  NOTHING_RECORDED,
  type RecordedColumns,
  type WorkerFailure,
  type WorkerReport,
} from "./report.ts";
import { loadRun, planRun, type RunPlan } from "./run_plan.ts";
import { openSlots, type RunSlots } from "./slots.ts";
import type { Scenario } from "./scenario.ts";
import { type SpareWorkers, startWorker } from "./spare_workers.ts";
import { stockReader } from "./stock.ts";
import type { View } from "./snapshot_reader.ts";
import type { ReplayProgram } from "./traces/program.ts";
import { assemble, type RunEnd, supervise } from "./supervision.ts";
import { TimelineRecorder } from "./timeline.ts";
import { Watch } from "./watch.ts";
import { outlookOf } from "./watchdog.ts";

/** What a run left behind. */
export interface Outcome extends RunEnd {
  readonly plan: RunPlan;
  readonly composition: Composition;
  /** By worker, those of the load first; of one that died what it left behind; undefined where nothing is known. */
  readonly reports: readonly (WorkerReport | undefined)[];
  /** What kept it from beginning, or ended it. */
  readonly failures: readonly WorkerFailure[];
  /** Workers that died while it ran, and how that was put right. */
  readonly burials: readonly (Burial & { readonly message: string | null })[];
  /** Live elements and reserves, look by look. */
  readonly timeline: Timeline;
  /** When the barrier opened, on the clock that all workers share, milliseconds. */
  readonly openedMs: number;
  /** Processor time of the whole process from then to the end, nanoseconds. */
  readonly cpuNs: number;
  /** Whether it ran in slots, so that nothing is known of it from one moment to the next. */
  readonly wasInSlots: boolean;
}

/** What one run needs besides the scenario. */
export interface RunSettings {
  readonly seed: number;
  readonly program: ReplayProgram | null;
  /** What arrivals and holds were read from, if they were. */
  readonly recorded?: RecordedColumns;
  readonly signal: AbortSignal;
  readonly onProgress: (doneNs: number) => void;
  /** The module of the workers, if not the usual one. */
  readonly workerUrl?: URL;
  /** Workers of the usual module that are loaded already. */
  readonly spares?: SpareWorkers | undefined;
  /** Has the run in slots, once it has begun: when this returns, the run is over. It blocks. Null for a run in one piece. */
  readonly inSlots?: ((slots: RunSlots) => void) | null | undefined;
  /** How long workers have to stop once they are told to, milliseconds: ten seconds if not given. */
  readonly graceMs?: number;
}

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

/** The words of each worker's own pools; none where everything is shared. */
function privateViews({ crew, private: own }: RunPlan): View[] {
  if (own === null) return [];
  const { layout, plan } = own;
  return Array.from({ length: crew }, (_, owner) => ({
    plan,
    region: createRegion(layout, plan.memoryBytes),
    owner,
  }));
}

function jobsOf(
  scenario: Scenario,
  { crew }: RunPlan,
  region: Region,
  own: readonly View[],
  { slots, ...settings }: RunSettings & { readonly slots: SharedArrayBuffer | null },
): Job[] {
  const maySpin = crew <= navigator.hardwareConcurrency;
  const { seed, program, recorded = NOTHING_RECORDED } = settings;
  const run = crypto.randomUUID();
  return Array.from({ length: crew }, (_, worker) => ({
    scenario,
    buffer: region.buffer,
    privateBuffer: own[worker]?.region.buffer ?? null,
    worker,
    life: `mempool-bench/${run}/${worker}`,
    seed,
    maySpin,
    program,
    recorded,
    slots,
  }));
}

/** The worker that the pressure brings, if it does. */
function pressedOf({ workload, pressure }: Scenario, { crew }: RunPlan) {
  return crew === workload.workers ? null : { worker: crew - 1, kind: pressure.kind };
}

/** Refuses what only shows once the allocators are loaded. */
async function load(scenario: Scenario, plan: RunPlan): Promise<void> {
  try {
    await loadRun(plan);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${scenario.name}: ${error.message}`);
  }
}

/** Refuses what only shows once the memory is made. */
function create(scenario: Scenario, plan: RunPlan): { region: Region; composition: Composition } {
  try {
    const region = createRegion(plan.layout, plan.shared.memoryBytes);
    const participant = joinComposition(plan.shared, region, plan.crew);
    return { region, composition: createComposition(plan.shared, region, participant) };
  } catch (error) {
    throw new InputError(
      `${scenario.name}: memory: ${error instanceof Error ? error.message : String(error)}: ` +
        `give more pages, or smaller reserves`,
    );
  }
}

/** What the load's workers hand to each other. */
function estateOf(
  { workload }: Scenario,
  { plan, region, composition }: PreparedRun,
  program: ReplayProgram | null,
): Estate {
  const { places } = plan;
  const { pools } = composition;
  const takes = workload.take.flatMap(({ pool, count }) =>
    Array(count).fill(pools.find(({ name }) => name === pool))
  );
  // Elements of pools that each worker has for itself are handed to nobody.
  if (takes.includes(undefined)) return NO_ESTATE;
  const { estate } = LOADS[workload.kind]!;
  if (estate === undefined) return NO_ESTATE;
  return madeWhenNeeded(() => estate({ workload, program, region, places, takes }));
}

/** A run whose allocators are loaded and whose reserves are filled. */
export interface PreparedRun {
  readonly plan: RunPlan;
  readonly region: Region;
  readonly composition: Composition;
}

/**
 * What a run does before it starts its workers.
 *
 * @throws {InputError} where an allocator cannot be loaded, or the memory cannot hold the reserves.
 */
export async function prepareRun(
  scenario: Scenario,
  program: ReplayProgram | null,
): Promise<PreparedRun> {
  const plan = planRun(scenario, program);
  await load(scenario, plan);
  const { region, composition } = create(scenario, plan);
  composition.detach();
  return { plan, region, composition };
}

/** Who said what, or left what behind, and how those died who did. Of one that did not stop only its counts are known. */
function accountOf(
  { crew, burials, unstopped, openedMs, isLayered, shared }: {
    readonly crew: Crew;
    readonly burials: Burials;
    readonly unstopped: readonly number[];
    readonly openedMs: number;
    readonly isLayered: boolean;
    readonly shared: Composition;
  },
  views: readonly View[],
) {
  const reports = crew.reports.map((report, worker) => {
    const burial = burials.all.find((each) => each.worker === worker);
    const goesOn = unstopped.includes(worker);
    if (report !== undefined || burial === undefined && !goesOn) return report;
    const endMs = goesOn
      ? performance.timeOrigin + performance.now()
      : openedMs + burial!.atNs / 1e6;
    return reportOfDead({ worker, startMs: openedMs, endMs, isLayered, shared, goesOn }, views);
  });
  const buried = burials.all.map((burial) => ({
    ...burial,
    message: crew.lastWords(burial.worker),
  }));
  return { reports, buried };
}

/**
 * Runs a scenario once.
 *
 * @throws {InputError} as {@linkcode prepareRun} does.
 */
export async function runOnce(scenario: Scenario, settings: RunSettings): Promise<Outcome> {
  const run = await prepareRun(scenario, settings.program);
  const { plan, region, composition } = run;
  const barrier = attachBarrier(region.words, plan.barrierAt);
  const { warmup, duration, workers, kind } = scenario.workload;
  const own = privateViews(plan);
  const { inSlots = null } = settings;
  const wasInSlots = inSlots !== null;
  const slots = wasInSlots ? createSlots(plan.crew) : null;
  const jobs = jobsOf(scenario, plan, region, own, { ...settings, slots });
  const pressure = pressureOf(scenario);
  const views = [{ plan: plan.shared, region, owner: null }, ...own];
  const outlook = outlookOf(pressure);
  const watch = new Watch(composition, views, outlook, pressedOf(scenario, plan));
  const stock = stockReader(composition, scenario, outlook);
  const recorder = new TimelineRecorder(views, composition.participant.id);
  const estate = estateOf(scenario, run, settings.program);
  const endsAfterMs = kind === "replay" || wasInSlots ? Infinity : (warmup + duration) / 1e6;
  using crew = new Crew(
    jobs,
    workers,
    () => settings.spares?.take() ?? startWorker(settings.workerUrl),
  );
  if (!await assemble(crew, barrier.arrived)) {
    const { reports, failures } = crew;
    const none = { burials: [], left: [], unstopped: [], deadlock: null, complaint: null };
    const nothing = { ...none, openedMs: 0, cpuNs: 0, wasInSlots };
    return {
      plan,
      composition,
      ending: "failed",
      reports,
      failures,
      ...nothing,
      timeline: recorder.timeline,
    };
  }
  using _pressure = drivePressure(pressure, region.words, plan.faultsAt);
  const openedMs = performance.timeOrigin + performance.now();
  const burials = new Burials({ composition, estate, openedMs: performance.now() });
  crew.open((death) => burials.add(death));
  const cpuBeforeNs = cpuNs();
  barrier.open();
  if (inSlots !== null) {
    const lead = leadSlots(slots!);
    inSlots(openSlots(lead, scenario));
    composition.participant.stop();
    lead.end();
  }
  const watching = { crew, composition, watch, burials };
  const end = await supervise({ ...watching, settings, endsAfterMs, stock, recorder });
  const usedNs = cpuNs() - cpuBeforeNs;
  const isLayered = pressure !== null;
  const { unstopped } = end;
  const account = { crew, burials, unstopped, openedMs, isLayered, shared: composition };
  const { reports, buried } = accountOf(account, views);
  const told = { reports, failures: crew.failures, burials: buried };
  return {
    plan,
    composition,
    ...end,
    ...told,
    timeline: recorder.timeline,
    openedMs,
    cpuNs: usedNs,
    wasInSlots,
  };
}
