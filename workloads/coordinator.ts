/**
 * One run of a scenario: makes the region, fills the reserves, starts the workers at a barrier, puts them under
 * pressure, stops them, and collects what they report.
 *
 * @module
 */
import process from "node:process";
import { type Composition, createComposition, joinComposition } from "../pools/composition.ts";
import { attachBarrier, createRegion, type Region } from "../sync/mod.ts";
import type { Timeline } from "../results/result.ts";
import type { Deadlock } from "./deadlock.ts";
import { InputError } from "./input_error.ts";
import { drivePressure, pressureOf } from "./pressure_driver.ts";
import {
  type Job,
  NOTHING_RECORDED,
  type RecordedColumns,
  type WorkerFailure,
  type WorkerReport,
} from "./report.ts";
import { loadRun, planRun, type RunPlan } from "./run_plan.ts";
import type { Scenario } from "./scenario.ts";
import { type Stock, stockReader } from "./stock.ts";
import type { View } from "./snapshot_reader.ts";
import type { ReplayProgram } from "./traces/program.ts";
import { TimelineRecorder } from "./timeline.ts";
import { Watch } from "./watch.ts";
import { outlookOf } from "./watchdog.ts";

/** How a run ended. */
export type Ending = "done" | "interrupted" | "deadlock" | "failed";

/** What a run left behind. */
export interface Outcome {
  readonly plan: RunPlan;
  readonly composition: Composition;
  readonly ending: Ending;
  /** Why nobody could go on; null where that is not how it ended. */
  readonly deadlock: Deadlock | null;
  /** By worker, those of the load first; undefined where a worker never reported. */
  readonly reports: readonly (WorkerReport | undefined)[];
  readonly failures: readonly WorkerFailure[];
  /** What was left to be had, look by look. */
  readonly left: readonly Stock[];
  /** Live elements and reserves, look by look. */
  readonly timeline: Timeline;
  /** When the barrier opened, on the clock that all workers share, milliseconds. */
  readonly openedMs: number;
  /** Processor time of the whole process from then to the end, nanoseconds. */
  readonly cpuNs: number;
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
}

const WORKER_URL = new URL("./worker.ts", import.meta.url);

/** How often the coordinator looks at its workers, milliseconds. */
const LOOK_MS = 50;

/** After the measured time, or after a stop, workers have this long to report, milliseconds. */
const GRACE_MS = 10_000;

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The workers of a run and what they said. */
class Crew {
  readonly reports: (WorkerReport | undefined)[];
  readonly failures: WorkerFailure[] = [];
  readonly #workers: Worker[];
  /** Of these, the workers of the load. */
  readonly #load: number;

  constructor(jobs: readonly Job[], load: number, workerUrl: URL) {
    this.#load = load;
    this.reports = jobs.map(() => undefined);
    this.#workers = jobs.map((job) => this.#start(job, workerUrl));
  }

  #start(job: Job, workerUrl: URL): Worker {
    const worker = new Worker(workerUrl, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<WorkerReport | WorkerFailure>) => {
      if (data.type === "done") this.reports[job.worker] = data;
      else this.failures.push(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const { message } = event;
      this.failures.push({ type: "failed", worker: job.worker, message, input: false });
    };
    worker.postMessage(job);
    return worker;
  }

  /** Whether every worker has reported or failed. */
  get isFinished(): boolean {
    const failed = new Set(this.failures.map(({ worker }) => worker));
    return this.reports.every((report, worker) => report !== undefined || failed.has(worker));
  }

  /** Whether only the pressure is left, which would go on. */
  get isLoadFinished(): boolean {
    return this.unfinished.every((worker) => worker >= this.#load);
  }

  /** Workers that have not reported. */
  get unfinished(): number[] {
    return this.reports.flatMap((report, worker) => report === undefined ? [worker] : []);
  }

  terminate(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

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
  settings: RunSettings,
): Job[] {
  const maySpin = crew <= navigator.hardwareConcurrency;
  const { seed, program, recorded = NOTHING_RECORDED } = settings;
  return Array.from({ length: crew }, (_, worker) => ({
    scenario,
    buffer: region.buffer,
    privateBuffer: own[worker]?.region.buffer ?? null,
    worker,
    seed,
    maySpin,
    program,
    recorded,
  }));
}

/** The worker that the pressure brings, if it does. */
function pressedOf({ workload, pressure }: Scenario, { crew }: RunPlan) {
  return crew === workload.workers ? null : { worker: crew - 1, kind: pressure.kind };
}

/** Waits until everybody has arrived at the barrier, or somebody failed before. */
async function assemble(crew: Crew, arrived: () => number): Promise<boolean> {
  while (arrived() < crew.reports.length) {
    if (crew.failures.length > 0) return false;
    await later(1);
  }
  return true;
}

/** What a run is supervised by. */
interface Supervision {
  readonly crew: Crew;
  readonly composition: Composition;
  readonly watch: Watch;
  readonly settings: RunSettings;
  readonly endsAfterMs: number;
  /** Reads what is left to be had; null where nothing limits that. */
  readonly stock: (() => number) | null;
  readonly recorder: TimelineRecorder;
}

/** Processor time of this process so far, all threads together, nanoseconds. */
function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Watches a run until its end. */
async function supervise(
  { crew, composition, watch, settings, endsAfterMs, stock, recorder }: Supervision,
): Promise<Pick<Outcome, "ending" | "deadlock" | "left">> {
  const { participant } = composition;
  const openedMs = performance.now();
  let ending: Ending = "done";
  let deadlock: Deadlock | null = null;
  const left: Stock[] = [];
  recorder.look(0);
  let stopBy = openedMs + endsAfterMs;
  while (!crew.isFinished) {
    const leftMs = stopBy - performance.now();
    if (participant.stopped()) await later(1);
    else await later(leftMs > 0 ? Math.min(LOOK_MS, leftMs) : LOOK_MS);
    const overMs = performance.now() - stopBy;
    const atNs = (performance.now() - openedMs) * 1e6;
    settings.onProgress(atNs);
    if (participant.stopped()) {
      if (overMs > GRACE_MS) return { ending: "failed", deadlock, left };
      continue;
    }
    // Of those who take part the coordinator alone has time, whatever the load is.
    composition.adapt();
    // After the end there is only what is given back.
    if (overMs < 0) recorder.look(atNs);
    if (stock !== null && overMs < 0) left.push({ atNs, elements: stock() });
    deadlock = watch.look(crew.unfinished);
    if (settings.signal.aborted) ending = "interrupted";
    else if (crew.failures.length > 0) ending = "failed";
    else if (deadlock !== null) ending = "deadlock";
    else if (!crew.isLoadFinished && (overMs < 0 || watch.keepsFromEnding(overMs))) continue;
    stopBy = performance.now();
    participant.stop();
  }
  return { ending: crew.failures.length > 0 ? "failed" : ending, deadlock, left };
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

/**
 * Runs a scenario once.
 *
 * @throws {InputError} as {@linkcode prepareRun} does.
 */
export async function runOnce(scenario: Scenario, settings: RunSettings): Promise<Outcome> {
  const { plan, region, composition } = await prepareRun(scenario, settings.program);
  const barrier = attachBarrier(region.words, plan.barrierAt);
  const { warmup, duration, workers, kind } = scenario.workload;
  const own = privateViews(plan);
  const jobs = jobsOf(scenario, plan, region, own, settings);
  const pressure = pressureOf(scenario);
  const views = [{ plan: plan.shared, region, owner: null }, ...own];
  const outlook = outlookOf(pressure);
  const watch = new Watch(composition, views, outlook, pressedOf(scenario, plan));
  const stock = stockReader(composition, scenario, outlook);
  const recorder = new TimelineRecorder(views, composition.participant.id);
  const crew = new Crew(jobs, workers, settings.workerUrl ?? WORKER_URL);
  const endsAfterMs = kind === "replay" ? Infinity : (warmup + duration) / 1e6;
  try {
    if (!await assemble(crew, barrier.arrived)) {
      const { reports, failures } = crew;
      const ending = "failed";
      const nothing = { deadlock: null, left: [], openedMs: 0, cpuNs: 0 };
      const { timeline } = recorder;
      return { plan, composition, ending, reports, failures, timeline, ...nothing };
    }
    using _pressure = drivePressure(pressure, region.words, plan.faultsAt);
    const openedMs = performance.timeOrigin + performance.now();
    const cpuBeforeNs = cpuNs();
    barrier.open();
    const end = await supervise({
      crew,
      composition,
      watch,
      settings,
      endsAfterMs,
      stock,
      recorder,
    });
    const { reports, failures } = crew;
    const usedNs = cpuNs() - cpuBeforeNs;
    const { timeline } = recorder;
    return { plan, composition, ...end, reports, failures, timeline, openedMs, cpuNs: usedNs };
  } finally {
    crew.terminate();
  }
}
