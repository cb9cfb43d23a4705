/**
 * The other end of a simulator in a worker.
 *
 * @module
 */
import type { Curve } from "./curve.ts";
import type { Request, Simulable, Simulating } from "./simulator.ts";
import type { Answer, Asked } from "./simulator_worker.ts";

/** Simulates in a worker; this thread goes on. */
export class RemoteSimulator implements Simulating {
  readonly #worker: Worker;

  /** Starts the worker. To be disposed of. */
  constructor(of: Simulable) {
    this.#worker = new Worker(new URL("./simulator_worker.ts", import.meta.url), {
      type: "module",
    });
    this.#post({ of });
  }

  /** Looks. @throws {Error} where the simulation failed. One request at a time. */
  look(request: Request): Promise<Curve> {
    const { promise, resolve, reject } = Promise.withResolvers<Curve>();
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) =>
      "curve" in data ? resolve(data.curve) : reject(new Error(data.failure));
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    this.#post({ request });
    return promise;
  }

  /** Ends the worker, whatever it is at. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #post(asked: Asked): void {
    this.#worker.postMessage(asked);
  }
}
