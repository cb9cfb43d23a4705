/**
 * Simulates the pools of one scenario on request and keeps what it saw. It blocks for as long as a look takes, so a
 * screen has it in a worker of its own (`simulator_worker.ts`).
 *
 * @module
 */
import type { PolicySpec } from "../../pools/policy.ts";
import type { Scenario } from "../../workloads/scenario.ts";
import type { ReplayProgram } from "../../workloads/traces/program.ts";
import type { Curve, Look } from "./curve.ts";
import { Predictor } from "./predictor.ts";
import { callersAt, simulatedAt } from "./subject.ts";

/** What is to be looked at. */
export interface Request {
  readonly pool: string;
  readonly policy: PolicySpec;
  /** A wait above this misses the target, nanoseconds. */
  readonly limitNs: number;
  readonly look: Look;
}

/** Somebody who simulates. */
export interface Simulating extends Disposable {
  /** Looks, and says all that is known of the pool under that policy. One request at a time. */
  look(request: Request): Promise<Curve>;
}

/** What a simulator is made of: plain data and shared memory, so that it may travel to a worker. */
export interface Simulable {
  readonly scenario: Scenario;
  /** What the scenario replays; null where it replays nothing. */
  readonly program: ReplayProgram | null;
}

/** Simulates in this thread. */
export class Simulator implements Simulating {
  readonly #of: Simulable;
  readonly #callers = new Map<string, ReturnType<typeof callersAt>>();
  readonly #predictors = new Map<string, Predictor>();

  /** @param of the scenario; its reserves and policies are those of each request. */
  constructor(of: Simulable) {
    this.#of = of;
  }

  /** Looks. Blocks meanwhile. */
  look({ pool, policy, limitNs, look }: Request): Promise<Curve> {
    const key = JSON.stringify([pool, policy, limitNs]);
    let predictor = this.#predictors.get(key);
    if (predictor === undefined) {
      const { scenario } = this.#of;
      predictor = new Predictor(simulatedAt({ scenario, policy, limitNs }, this.#callersOf(pool)));
      this.#predictors.set(key, predictor);
    }
    predictor.look(look);
    return Promise.resolve(predictor.curve);
  }

  /** Nothing to give back. */
  [Symbol.dispose](): void {}

  #callersOf(pool: string): ReturnType<typeof callersAt> {
    const { scenario, program } = this.#of;
    const known = this.#callers.get(pool) ?? callersAt({ scenario, pool }, program);
    this.#callers.set(pool, known);
    return known;
  }
}
