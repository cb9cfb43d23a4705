/**
 * The workers of a run as the coordinator sees them: what they say, and which of them are dead. A worker that throws says so and
 * ends; one that ends without a word is known by the lock that the runtime takes from it (`sync/life.ts`), and so is
 * any other: only then is it dead, and only then may somebody touch what it had.
 *
 * Not covered: a worker that stays in an endless loop is not dead, and one that runs out of memory ends the process.
 *
 * @module
 */
import { whenDead } from "../sync/mod.ts";
import type { Job, WorkerAlive, WorkerFailure, WorkerLoaded, WorkerReport } from "./report.ts";

/** What is known of a death. */
export interface Death {
  readonly worker: number;
  /** When it was known, on the coordinator's own clock, milliseconds. */
  readonly atMs: number;
}

/** How long what a worker has said may be on its way after the news of its death, milliseconds. */
const LAST_WORDS_MS = 20;

type Message = WorkerLoaded | WorkerAlive | WorkerReport | WorkerFailure;

/** The workers of a run and what they said. */
export class Crew implements Disposable {
  readonly reports: (WorkerReport | undefined)[];
  /** What ended the run before it began, or ends it now. */
  readonly failures: WorkerFailure[] = [];
  readonly #workers: readonly Worker[];
  readonly #dead = new Set<number>();
  readonly #said = new Map<number, string>();
  readonly #end = new AbortController();
  /** Of these, the workers of the load. */
  readonly #load: number;
  #bury: ((death: Death) => void) | null = null;

  /** Gives each job a worker, by `start`. */
  constructor(jobs: readonly Job[], load: number, start: () => Worker) {
    this.#load = load;
    this.reports = jobs.map(() => undefined);
    this.#workers = jobs.map((job) => this.#give(job, start()));
  }

  #give(job: Job, worker: Worker): Worker {
    worker.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.type === "loaded") return;
      if (data.type === "alive") void this.#awaitDeath(job);
      else if (data.type === "done") this.reports[job.worker] = data;
      else this.#fail(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const { message } = event;
      this.#fail({ type: "failed", worker: job.worker, message, input: false });
    };
    worker.postMessage(job);
    return worker;
  }

  /** Somebody said that it cannot go on. In the run that is a death to come, and said then. */
  #fail(failure: WorkerFailure): void {
    if (this.#bury !== null && !failure.input) this.#said.set(failure.worker, failure.message);
    else this.failures.push(failure);
  }

  async #awaitDeath({ worker, life }: Job): Promise<void> {
    const isDead = await whenDead(life, this.#end.signal);
    if (!isDead || this.#end.signal.aborted || this.reports[worker] !== undefined) return;
    this.#dead.add(worker);
    if (this.#bury === null) this.#failBefore(worker);
    else this.#bury({ worker, atMs: performance.now() });
  }

  /** What it said may come after the news of its death. */
  #failBefore(worker: number): void {
    const timer = setTimeout(() => {
      if (this.failures.some((failure) => failure.worker === worker)) return;
      const message = "it ended before the run began";
      this.failures.push({ type: "failed", worker, message, input: false });
    }, LAST_WORDS_MS);
    this.#end.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  /** What a worker threw; null where it said nothing. */
  lastWords(worker: number): string | null {
    return this.#said.get(worker) ?? null;
  }

  /** From here on a death is a part of the run, and `bury` is told of it. */
  open(bury: (death: Death) => void): void {
    this.#bury = bury;
  }

  /** Whether every worker has reported or is dead. */
  get isFinished(): boolean {
    return this.unfinished.length === 0;
  }

  /** Whether only the pressure is left, which would go on. */
  get isLoadFinished(): boolean {
    return this.unfinished.every((worker) => worker >= this.#load);
  }

  /** Workers that live and have not reported. */
  get unfinished(): number[] {
    return this.reports.flatMap((report, worker) =>
      report === undefined && !this.#dead.has(worker) ? [worker] : []
    );
  }

  /** Ends all that is left. */
  [Symbol.dispose](): void {
    this.#end.abort();
    for (const worker of this.#workers) worker.terminate();
  }
}
