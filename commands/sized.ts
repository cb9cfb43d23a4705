/**
 * What `recommend` is asked, and what that comes to: something to be sized, and to be run.
 *
 * @module
 */
import type { Target } from "../results/recommendation.ts";
import type { Warning } from "../results/result.ts";
import type { JointSubject } from "../tuning/joint.ts";
import type { Subject } from "../tuning/recommend.ts";
import type { Scenario } from "../workloads/scenario.ts";
import type { RunningOptions } from "./options.ts";

/** The options of `recommend`. */
export type RecommendOptions = RunningOptions & {
  /** Arrivals in the notation of the command line. */
  arrival?: string | undefined;
  /** A result document whose scenario is to be sized. */
  result?: string | undefined;
  slo: string;
  backend?: string | undefined;
  confidence: string;
  maxReserve: string;
  elementBytes?: string | undefined;
  /** False where only the measured pool is to be sized. */
  joint?: boolean;
  verify?: true | undefined;
};

/** What is to be sized, and what could be run to verify it. */
export interface Sizing {
  readonly subject: Subject;
  /** What shows it alive with a reserve. @throws {InputError} where nothing does. */
  readonly live: (minReserve: number) => Scenario;
  /** Share of the allocations that wait in that, as simulated; null where the recommendation itself says. */
  readonly simulated: ((scenario: Scenario) => number) | null;
  /** All pools of a scenario together; null where there is only one. */
  readonly joint: JointSizing | null;
}

/** All pools of a scenario, to be sized together. */
interface JointSizing {
  /** What is to be sized; `onLook` hears of each simulation. */
  readonly subject: (
    options: { readonly target: Target; readonly onLook: () => void },
  ) => JointSubject;
  /** What shows it alive with these reserves, by pool. */
  readonly live: (minReserves: Readonly<Record<string, number>>) => Scenario;
}

/** The same, with what was noticed besides. */
export function warned(sizing: Sizing, noticed: readonly Warning[]): Sizing {
  const { subject } = sizing;
  return { ...sizing, subject: { ...subject, warnings: [...noticed, ...subject.warnings] } };
}
