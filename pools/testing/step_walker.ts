/**
 * What a policy's steps mean, told as plainly as possible: which calls the back end sees, what serves, what
 * is left in the reserve. The pool is compared with it; it shares no code with the pool.
 *
 * @module
 */
import type { Step } from "../policy.ts";
import type { Kind } from "./scripted_backend.ts";

/** Before an allocation. */
export interface Situation {
  readonly minReserve: number;
  readonly current: number;
  /** Asks the back end: whether a call of the kind is served. */
  readonly asks: (kind: Kind) => boolean;
  /** Whether the caller may sleep. */
  readonly maySleep: boolean;
}

/** After it. */
export interface Walked {
  readonly calls: readonly Kind[];
  /** The level that served: 1 to 4; 5 where the caller waits; 0 where it gets nothing. */
  readonly level: number;
  /** N afterwards, before anything was freed. */
  readonly current: number;
}

function admits(step: Step, { minReserve, current, maySleep }: Situation): boolean {
  if (current === 0) return false;
  if (!maySleep || typeof step === "string") return true;
  if ("atLeast" in step.reserve) return current / minReserve >= step.reserve.atLeast;
  return current > Math.floor(step.reserve.moreThan * minReserve);
}

/** Walks steps. The wait begins with a last look into the reserve and one at the back end. */
export function walk(steps: readonly Step[], situation: Situation): Walked {
  const { minReserve, current, maySleep } = situation;
  const calls: Kind[] = [];
  const ends = (level: number): Walked => ({
    calls,
    level,
    current: level === 2 || level === 4 ? current - 1 : current,
  });
  const reserveLevel = 2 * current >= minReserve ? 2 : 4;
  const asks = (kind: Kind): boolean => {
    calls.push(kind);
    return situation.asks(kind);
  };
  for (const step of steps) {
    if (step === "backend-atomic") {
      if (asks("atomic")) return ends(1);
    } else if (step === "backend-blocking") {
      if (maySleep && asks("blocking")) return ends(3);
    } else if (step === "wait") {
      if (!maySleep) return ends(0);
      if (current > 0) return ends(reserveLevel);
      return ends(asks("atomic") ? 1 : 5);
    } else if (admits(step, situation)) return ends(reserveLevel);
  }
  return ends(0);
}
