/**
 * Workers that are started before anybody needs them, so that a run can begin at once: what a worker takes to load, some
 * 100 ms of one core, falls before the run's turn. Each serves one run and no more.
 *
 * @module
 */
import type { WorkerLoaded } from "./report.ts";

/** The module of the workers of a run. */
export const WORKER_URL: URL = new URL("./worker.ts", import.meta.url);

/** Starts a worker of a run. */
export function startWorker(url: URL = WORKER_URL): Worker {
  return new Worker(url, { type: "module" });
}

/** Workers in stock. */
export class SpareWorkers implements Disposable {
  readonly #workers: Worker[];
  readonly #loaded: readonly Promise<void>[];

  /** Starts so many. */
  constructor(count: number) {
    this.#workers = Array.from({ length: count }, () => startWorker());
    this.#loaded = this.#workers.map(loadedOf);
  }

  /** Resolves when all of them are loaded and asleep. Whoever takes one before need not wait: a job is kept until then. */
  async loaded(): Promise<void> {
    await Promise.all(this.#loaded);
  }

  /** One of them, or one that is started now where there are none left. It is the caller's to end. */
  take(): Worker {
    return this.#workers.shift() ?? startWorker();
  }

  /** Ends those that nobody took. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function loadedOf(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerLoaded>) => {
      if (data.type === "loaded") resolve();
    });
  });
}
