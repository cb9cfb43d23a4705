/**
 * What a session has of the world, and how it ends.
 *
 * @module
 */
import type { Result } from "../results/result.ts";
import type { Session } from "../tuning/session/session.ts";
import type { Io } from "./io.ts";
import type { TunedScenario } from "./tuned_scenario.ts";

/** The world of a session. */
export interface TuneWorld {
  readonly io: Io;
  readonly tuned: TunedScenario;
  /** Aborted where the user wants the process to end. */
  readonly signal: AbortSignal;
  /** Keeps the result of a real run where that is wanted. */
  readonly keep: (result: Result) => void;
  /** What was checked out, for results. */
  readonly revision: string | null;
}

/** How a session ended. */
export interface Sitting {
  readonly session: Session;
  /** Whether by Ctrl-C or a signal. */
  readonly interrupted: boolean;
}
