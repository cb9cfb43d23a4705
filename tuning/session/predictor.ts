/**
 * Predicts one pool under one policy, reserve by reserve, on the same tasks each time (common random numbers), so
 * that what differs between two reserves is due to them alone. Each reserve is looked at once and kept.
 *
 * @module
 */
import { compilePolicy } from "../../pools/compiled_policy.ts";
import { resolvePolicy } from "../../pools/composition_plan.ts";
import type { PolicySpec } from "../../pools/policy.ts";
import { streamOf } from "../../workloads/kinds/streams.ts";
import type { Caller } from "../callers.ts";
import { Evidence } from "../evidence.ts";
import { type Experiment, skippedOf } from "../experiment.ts";
import { type PolicyCounts, runPolicyPool } from "../policy_pool.ts";
import { type Backend, scriptOf } from "../scripted_backend.ts";
import { WaitTally } from "../wait_tally.ts";
import { CONFIDENCE, type Curve, type Look, type Predicted } from "./curve.ts";

/** What is simulated, whatever the reserve is. */
export interface Simulated {
  readonly policy: PolicySpec;
  readonly backend: Backend;
  readonly seed: number;
  /** Who calls, from the beginning each time. */
  readonly callers: () => Caller[];
  /** How many tasks are recorded; null where they are drawn. */
  readonly recorded: number | null;
  /** A wait above this misses the target, nanoseconds. */
  readonly limitNs: number;
}

/**
 * Tasks that are drawn for a look, and for a longer one: some hundredths of a second, and two tenths at most, since
 * whoever presses a key meanwhile waits for it.
 */
const TASKS = 2 ** 17;
const LONGER = 2 ** 19;

/** Numbers of blocks by which clumps are looked for, as when a reserve is recommended. */
const SCALES_DRAWN = [64, 16];
const SCALES_RECORDED = [32, 16, 8];

/** With a reserve of this size nobody waits who could be simulated. */
const BEYOND_ANY = 2 ** 20;

/**
 * What is looked at for longer, as shares of a reserve: itself, then, one at a look, smaller ones, which are asked how waits
 * clump where it has too few of its own.
 */
const SHARES = [1, 0.95, 0.85, 0.7];

/** One evidence and the levels beside it. */
interface Seen {
  readonly evidence: Evidence;
  readonly counts: ReadonlyMap<number, PolicyCounts>;
}

/** Predicts. */
export class Predictor {
  readonly #simulated: Simulated;
  readonly #usual: Seen;
  readonly #points = new Set<number>();
  /** How many of the shares were looked at for longer, by reserve. */
  readonly #shares = new Map<number, number>();
  #longer: Seen | null = null;
  #neverWaits: number | null | undefined;

  /** @param simulated what stays the same. */
  constructor(simulated: Simulated) {
    this.#simulated = simulated;
    this.#usual = this.#begin(TASKS);
  }

  /** Takes a look at a reserve. Blocks for as long as the simulation takes. */
  look({ minReserve, longer }: Look): void {
    this.#points.add(minReserve);
    this.#usual.evidence.see([minReserve]);
    if (this.#neverWaits === undefined) this.#neverWaits = this.#enough();
    const done = this.#shares.get(minReserve) ?? 0;
    if (!longer || this.#isLongest(minReserve)) return;
    const { evidence } = this.#longer ??= this.#begin(LONGER);
    evidence.see([minReserve, Math.floor(minReserve * SHARES[done]!)]);
    this.#shares.set(minReserve, done + 1);
  }

  /** Whether nothing is to be learnt of a reserve by looking at it for longer. */
  #isLongest(minReserve: number): boolean {
    if (this.#simulated.recorded !== null) return true;
    const done = this.#shares.get(minReserve) ?? 0;
    if (done === 0) return false;
    return done === SHARES.length ||
      this.#longer!.evidence.interval(minReserve, CONFIDENCE) !== null;
  }

  /** All that is known. To be asked after a look. */
  get curve(): Curve {
    const reserves = [...this.#points].sort((a, b) => a - b);
    return {
      neverWaits: this.#neverWaits ?? null,
      points: reserves.map((minReserve) => ({
        ...pointOf(this.#shares.has(minReserve) ? this.#longer! : this.#usual, minReserve),
        isLongest: this.#isLongest(minReserve),
      })),
    };
  }

  /** As many as were ever in use at once where nobody waited; null where some do whatever the reserve is. */
  #enough(): number | null {
    const { recorded } = this.#simulated;
    const { waited, peak } = this.#run(BEYOND_ANY, recorded ?? TASKS, () => {});
    return waited > 0 ? null : peak;
  }

  #begin(tasks: number): Seen {
    const { recorded } = this.#simulated;
    const counts = new Map<number, PolicyCounts>();
    const experiment: Experiment = {
      recorded,
      together: 1,
      skipped: recorded === null ? skippedOf : () => 0,
      run: ({ minReserves, tasks }) =>
        minReserves.map((min) =>
          this.#run(min, recorded ?? tasks, (each) => counts.set(min, each))
        ),
    };
    const scales = recorded === null ? SCALES_DRAWN : SCALES_RECORDED;
    return { evidence: new Evidence(experiment, tasks, scales), counts };
  }

  #run(minReserve: number, tasks: number, keep: (counts: PolicyCounts) => void): WaitTally {
    const { policy, backend, seed, callers, recorded, limitNs } = this.#simulated;
    const skipped = recorded === null ? skippedOf(tasks) : 0;
    const tally = new WaitTally({ tasks, limitNs, skipped });
    keep(runPolicyPool({
      policy: compilePolicy(resolvePolicy(policy)),
      minReserve,
      serves: scriptOf(backend, streamOf({ seed, worker: 0 }, "fault")),
      callers: callers(),
      ...{ tasks, skipped, tally },
    }));
    return tally;
  }
}

function pointOf(
  { evidence, counts }: Seen,
  minReserve: number,
): Omit<Predicted, "isLongest"> {
  const tally = evidence.tally(minReserve);
  const interval = evidence.interval(minReserve, CONFIDENCE);
  const { hits, turnedAway } = counts.get(minReserve)!;
  const served = hits.reduce((sum, count) => sum + count, 0);
  return {
    minReserve,
    rates: hits.map((count) => served === 0 ? 0 : count / served),
    turnedAway: turnedAway / Math.max(1, tally.tasks),
    waitRate: tally.waitRate,
    missRate: tally.exceeded / Math.max(1, tally.tasks),
    missLow: interval?.low ?? null,
    missHigh: interval?.high ?? null,
    waitNs: tally.tail,
    tasks: tally.tasks,
  };
}
