/**
 * Moves of a session: another reserve, policy, pool or target. Each keeps within what there is.
 *
 * @module
 */
import type { Target } from "../../results/recommendation.ts";
import { InputError } from "../../workloads/input_error.ts";
import { parseTarget } from "../target.ts";
import { chosen, curveOf, type Session, type Setting } from "./session.ts";

/** Where a larger step leads where nothing else is known. */
const LARGE = 10;

/** The session with another setting of the chosen pool. */
function withSetting(session: Session, change: Partial<Setting>): Session {
  const { settings, selected } = session;
  const setting = { ...settings[selected]!, ...change };
  return { ...session, note: null, settings: settings.with(selected, setting) };
}

/** The chosen pool with this reserve, or the nearest that can be had. */
export function withReserve(session: Session, minReserve: number): Session {
  const { most } = chosen(session).pool;
  return withSetting(session, { minReserve: Math.min(most, Math.max(0, minReserve)) });
}

/** So many elements more, or fewer. */
export function moveReserve(session: Session, by: number): Session {
  return withReserve(session, chosen(session).minReserve + by);
}

/** The fewest with which tasks make progress. */
export function toFloor(session: Session): Session {
  return withReserve(session, chosen(session).pool.floor);
}

/** As many as nobody waits with, where that is known. */
export function toNeverWaits(session: Session): Session {
  const neverWaits = curveOf(session)?.neverWaits ?? null;
  if (neverWaits !== null) return withReserve(session, neverWaits);
  return { ...session, note: { mood: "caution", text: notKnown(session) } };
}

function notKnown(session: Session): string {
  const { pool, policy } = chosen(session);
  if (curveOf(session)?.neverWaits === null) {
    return `some wait or get nothing under ${policy.name}, whatever the reserve is`;
  }
  return pool.unpredicted === null
    ? "with how many nobody waits is not known yet"
    : `with how many nobody waits is not known: ${pool.unpredicted}`;
}

/** A larger step: a tenth of the way, as a round number. */
export function largeStep(session: Session): number {
  const neverWaits = curveOf(session)?.neverWaits ?? null;
  if (neverWaits === null) return LARGE;
  const tenth = Math.max(2, neverWaits / 10);
  const unit = 10 ** Math.floor(Math.log10(tenth));
  return unit * [1, 2, 5].findLast((each) => each * unit <= tenth)!;
}

/** The next policy, or the one before; after the last comes the first. */
export function movePolicy(session: Session, by: 1 | -1): Session {
  const { policies } = chosen(session).pool;
  const { policy } = session.settings[session.selected]!;
  return withSetting(session, { policy: (policy + by + policies.length) % policies.length });
}

/** A policy by its name; null where the pool may have none of that name. */
export function withPolicy(session: Session, name: string): Session | null {
  const policy = chosen(session).pool.policies.findIndex((each) => each.name === name);
  return policy < 0 ? null : withSetting(session, { policy });
}

/** The next pool, or the one before. */
export function movePool(session: Session, by: 1 | -1): Session {
  const { length } = session.tuned.pools;
  return { ...session, note: null, selected: (session.selected + by + length) % length };
}

/** A pool by its name; null where there is none. */
export function withPool(session: Session, name: string): Session | null {
  const selected = session.tuned.pools.findIndex((each) => each.name === name);
  return selected < 0 ? null : { ...session, note: null, selected };
}

/**
 * A target as the user writes it.
 *
 * @throws {InputError} where it is none, or is one in nanoseconds for a trace that has no times.
 */
export function withTarget(session: Session, text: string): Session {
  const target: Target = parsed(text);
  if (target.kind === "wait-percentile" && !session.tuned.timed) {
    throw new InputError(
      `${text}: this trace has no times, its waits count operations: give a wait rate`,
    );
  }
  return { ...session, note: null, target };
}

/** Here no option was given that a refusal could name. */
function parsed(text: string): Target {
  try {
    return parseTarget(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.message.replace(/^--slo: /, ""));
  }
}
