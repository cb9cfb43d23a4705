/**
 * What was seen of each combination of reserves on one set of tasks, run when asked for and kept, with the limits of the
 * share of tasks that misses.
 *
 * @module
 */
import { allowedShare, type Target } from "../results/recommendation.ts";
import {
  type Dispersion,
  dispersion,
  type Interval,
  intervalOf,
  showsDispersion,
} from "./confidence.ts";
import type { NetworkExperiment, NetworkLook } from "./network_experiment.ts";

/** Numbers of blocks by which clumps are looked for, as for one pool. */
const SCALES = [64, 16];

/** How many combinations are kept at most; those looked at first are forgotten first. */
const KEPT_MAX = 5000;

/** What is seen of combinations of reserves. */
export class JointEvidence {
  readonly tasks: number;
  readonly #experiment: NetworkExperiment;
  readonly #target: Target;
  readonly #confidence: number;
  readonly #looks = new Map<string, Look>();
  readonly #onLook: () => void;

  /** @param confidence of each limit by itself. */
  constructor(
    experiment: NetworkExperiment,
    { tasks, target, confidence, onLook = () => {} }: {
      readonly tasks: number;
      readonly target: Target;
      readonly confidence: number;
      /** Hears of each simulation. */
      readonly onLook?: () => void;
    },
  ) {
    this.#experiment = experiment;
    this.tasks = tasks;
    this.#target = target;
    this.#confidence = confidence;
    this.#onLook = onLook;
  }

  /** What was counted with these reserves. */
  look(minReserves: readonly number[]): NetworkLook {
    return this.#seen(minReserves).look;
  }

  /** Every combination tried so far. */
  get seen(): readonly { readonly minReserves: readonly number[]; readonly share: number }[] {
    return [...this.#looks.values()].map(({ minReserves, look }) => ({
      minReserves,
      share: shareOf(look),
    }));
  }

  /** Share of the tasks that misses with these reserves. */
  share(minReserves: readonly number[]): number {
    return shareOf(this.look(minReserves));
  }

  /** Limits of that share; null where nothing tells yet in what clumps waits come. */
  interval(minReserves: readonly number[], confidence: number = this.#confidence): Interval | null {
    const { tally } = this.look(minReserves);
    const clumps = this.#clumps(minReserves);
    return clumps === null ? null : intervalOf(tally, clumps, confidence);
  }

  /** Whether the upper limit is below a share of what the target allows; all of it unless said otherwise. */
  meets(minReserves: readonly number[], ofAllowed = 1): boolean {
    const interval = this.interval(minReserves);
    return interval !== null && interval.high < ofAllowed * allowedShare(this.#target);
  }

  /** Whether even the lower limit misses. */
  misses(minReserves: readonly number[], confidence: number): boolean {
    const interval = this.interval(minReserves, confidence);
    return interval !== null && interval.low >= allowedShare(this.#target);
  }

  /** The clumps seen with these reserves; or of those combinations that show any, with the one in which fewest miss but no fewer. */
  #clumps(minReserves: readonly number[]): Dispersion | null {
    const own = this.#seen(minReserves);
    if (own.clumps !== null) return own.clumps;
    const { exceeded } = own.look.tally;
    let nearest: Look | null = null;
    for (const each of this.#looks.values()) {
      if (each.clumps === null || each.look.tally.exceeded < exceeded) continue;
      if (nearest === null || each.look.tally.exceeded < nearest.look.tally.exceeded) {
        nearest = each;
      }
    }
    return nearest?.clumps ?? null;
  }

  #seen(minReserves: readonly number[]): Look {
    const key = minReserves.join();
    const known = this.#looks.get(key);
    if (known !== undefined) return known;
    this.#onLook();
    const look = this.#experiment.run(minReserves, this.tasks);
    const clumps = showsDispersion(look.tally) ? dispersion(look.tally, SCALES) : null;
    const seen = { minReserves: [...minReserves], look, clumps };
    if (this.#looks.size >= KEPT_MAX) this.#looks.delete(this.#looks.keys().next().value!);
    this.#looks.set(key, seen);
    return seen;
  }
}

interface Look {
  readonly minReserves: readonly number[];
  readonly look: NetworkLook;
  readonly clumps: Dispersion | null;
}

function shareOf({ tally }: NetworkLook): number {
  return tally.tasks === 0 ? 0 : tally.exceeded / tally.tasks;
}
