/**
 * Back ends for the simulator: when they serve and when they don't, as the pressures of scenarios have it, above any
 * cache and with memory in plenty.
 *
 * @module
 */
import { ATOMIC, type Context } from "../allocators/allocator.ts";
import { exactCount } from "../results/formats/numbers.ts";
import { InputError } from "../workloads/input_error.ts";
import type { Pressure } from "../workloads/pressures/pressure.ts";
import type { Random } from "../workloads/random.ts";

/** What a pool stands on. */
export type Backend =
  | { readonly kind: "dead" }
  /** So many elements besides the reserve. */
  | { readonly kind: "budget"; readonly elements: number }
  /** What a scenario's pressure does. */
  | { readonly kind: "pressure"; readonly name: string; readonly pressure: Pressure };

/** Says whether one call of the back end serves; `taken` elements of it are in use. */
export type Serves = (context: Context, nowNs: number, taken: number) => boolean;

/** The script of a back end. */
export function scriptOf(backend: Backend, random: Random): Serves {
  if (backend.kind === "dead") return () => false;
  if (backend.kind === "budget") return (_context, _nowNs, taken) => taken < backend.elements;
  return pressed(backend.pressure, random);
}

function pressed({ failure, upNs, downNs }: Pressure, random: Random): Serves {
  const [atomic, blocking] = failure;
  const period = upNs + downNs;
  return (context, nowNs) => {
    if (upNs !== Infinity && nowNs % period >= upNs) return false;
    const p = context === ATOMIC ? atomic : blocking;
    return !(p > 0 && random.uniform() < p);
  };
}

/** Whether a back end never serves anything, however long one waits. */
export function isDead(backend: Backend): boolean {
  if (backend.kind !== "pressure") return backend.kind === "dead";
  const { upNs, failure } = backend.pressure;
  return upNs === 0 || failure.every((each) => each >= 1);
}

/** Nanoseconds from one outage of a back end to the next; 0 where it has none. */
export function outageCycleNs(backend: Backend): number {
  if (backend.kind !== "pressure" || isDead(backend)) return 0;
  const { upNs, downNs } = backend.pressure;
  return upNs === Infinity || downNs === 0 ? 0 : upNs + downNs;
}

/**
 * So many outages a simulation must hold to tell what they do: it begins between two of them, and what it shows of their share is
 * off by a part of one at its end.
 */
const OUTAGES_LEAST = 32;

/** What a simulation may be, and what else there is to ask for where that is too short. */
export interface Reach {
  /** What is counted. */
  readonly of: "allocations" | "tasks";
  /** The most that may be simulated. */
  readonly longest: number;
  readonly instead: string;
}

/**
 * How long a simulation must be to show what outages do: a power of two, or 0 where there are none.
 *
 * @param cycle from one outage to the next.
 * @throws {InputError} where no simulation may be so long.
 */
export function tasksForOutages(cycle: number, { of, longest, instead }: Reach): number {
  const least = cycle === 0 ? 0 : 2 ** Math.ceil(Math.log2(OUTAGES_LEAST * cycle));
  if (least <= longest) return least;
  const [apart, most] = [exactCount(Math.round(cycle)), exactCount(longest)];
  throw new InputError(
    `outages: there is one in ${apart} ${of}, and the longest simulation, of ${most}, must hold ` +
      `${OUTAGES_LEAST} of them: give shorter ones, or ${instead}`,
  );
}

/** Whether all that counts is how many elements there are in all, so that a queue with so many servers is the same. */
export function budgetOf(backend: Backend): number | null {
  if (backend.kind === "budget") return backend.elements;
  return isDead(backend) ? 0 : null;
}

/** The probabilities with which a back end fails, where that is all it does. */
export function failureOf(backend: Backend): readonly [number, number] | null {
  if (backend.kind !== "pressure" || backend.pressure.upNs !== Infinity) return null;
  return backend.pressure.failure;
}
