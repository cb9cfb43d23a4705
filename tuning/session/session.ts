/**
 * The state of an interactive session as plain data: what is tuned, what was chosen, what is known of it. Changes are pure
 * functions (`press.ts`, `hear.ts`, `dialogue.ts`); the effects they ask for are carried out by whoever has a world.
 *
 * @module
 */
import type { PolicySpec } from "../../pools/policy.ts";
import { allowedShare, type Target } from "../../results/recommendation.ts";
import { type Curve, nextLook, pointAt, type Predicted, type Verdict } from "./curve.ts";
import type { Request } from "./simulator.ts";
import { limitOf } from "../target.ts";

/** A policy that a pool may have. */
export interface PolicyChoice {
  readonly name: string;
  readonly spec: PolicySpec;
  readonly summary: string;
  /** What to know before believing what is predicted under it, each without a full stop. */
  readonly cautions: readonly string[];
}

/** A pool that can be set. */
export interface TunedPool {
  readonly name: string;
  readonly bytesPerElement: number;
  /** Progress needs so many. */
  readonly floor: number;
  /** No larger reserve can be had. */
  readonly most: number;
  /** At least one. */
  readonly policies: readonly PolicyChoice[];
  /** Why nothing can be predicted, without a full stop; null where something can. */
  readonly unpredicted: string | null;
}

/** What is tuned, which stays as it is. */
export interface Tuned {
  readonly name: string;
  /** What it is, each in a few words. */
  readonly facts: readonly string[];
  /** At least one. */
  readonly pools: readonly TunedPool[];
  /** Whether times are nanoseconds; else they count operations of an untimed trace. */
  readonly timed: boolean;
}

/** What is chosen of a pool. */
export interface Setting {
  readonly minReserve: number;
  /** Index into the pool's policies. */
  readonly policy: number;
}

/** What real workers showed of a pool. */
export interface Measured {
  /** Share of the allocations by level, 1 to 5. */
  readonly rates: readonly number[];
  /** Share of all callers that waited or got nothing. */
  readonly waitRate: number;
  /** Of whole allocations; null where too few were seen. */
  readonly latencyNs: Readonly<Record<string, number | null>>;
  /** Whether the run was the load that it was meant to be. */
  readonly isTheLoad: boolean;
}

/** What the keys mean at the moment. */
export type Mode =
  | { readonly kind: "browsing" }
  | { readonly kind: "help" }
  /** A text is written; `refusal` says what was wrong with it. */
  | {
    readonly kind: "asking";
    readonly what: "target" | "reserve" | "file";
    readonly text: string;
    readonly refusal: string | null;
  }
  /** May this file be written over? */
  | { readonly kind: "confirming"; readonly file: string };

/** What is said once. */
export interface Note {
  readonly mood: "good" | "caution" | "bad";
  readonly text: string;
}

/** A session. */
export interface Session {
  // Invariant: settings[i] belongs to pools[i]; 0 <= minReserve <= most; policy and selected are indices that exist.
  readonly tuned: Tuned;
  readonly settings: readonly Setting[];
  /** Index of the pool that the keys move. */
  readonly selected: number;
  readonly target: Target;
  /** By {@linkcode curveKey}. */
  readonly curves: ReadonlyMap<string, Curve>;
  /** What was measured, by {@linkcode settingsKey}, then by pool. */
  readonly measured: ReadonlyMap<string, Readonly<Record<string, Measured>>>;
  readonly mode: Mode;
  /** How far a real run is; null where none is under way. */
  readonly running: string | null;
  readonly note: Note | null;
}

/** What is to be done to the world. */
export type Effect =
  | { readonly kind: "run" }
  | { readonly kind: "stop" }
  | { readonly kind: "write"; readonly file: string; readonly force: boolean }
  | { readonly kind: "leave"; readonly interrupted: boolean };

/** A session after a change, and what is to be done. */
export interface Step {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

/** A session at its beginning. */
export function beginSession(
  tuned: Tuned,
  settings: readonly Setting[],
  target: Target,
): Session {
  return {
    ...{ tuned, settings, target, selected: 0, running: null, note: null },
    curves: new Map(),
    measured: new Map(),
    mode: { kind: "browsing" },
  };
}

/** The pool that the keys move, and what is chosen of it. */
export function chosen({ tuned, settings, selected }: Session) {
  const pool = tuned.pools[selected]!;
  const setting = settings[selected]!;
  return { pool, ...setting, policy: pool.policies[setting.policy]! };
}

/** Everything that is chosen, as a key. */
export function settingsKey({ tuned, settings }: Session): string {
  return JSON.stringify(settings.map(({ minReserve, policy }, index) => [
    minReserve,
    tuned.pools[index]!.policies[policy]!.name,
  ]));
}

/** What one curve is of, as a key. */
export function curveKey({ pool, policy, limitNs }: Omit<Request, "look">): string {
  return JSON.stringify([pool, policy, limitNs]);
}

/** What is known of the chosen pool under its policy. */
export function curveOf(session: Session): Curve | undefined {
  const { pool, policy } = chosen(session);
  const limitNs = limitOf(session.target);
  return session.curves.get(curveKey({ pool: pool.name, policy: policy.spec, limitNs }));
}

/** What is predicted of the choice; null where nothing is yet, or can be. */
export function predictionOf(session: Session): Predicted | null {
  return pointAt(curveOf(session), chosen(session).minReserve);
}

/** What was measured of the chosen pool with all that is chosen; null where nothing was. */
export function measuredOf(session: Session): Measured | null {
  const { pool } = chosen(session);
  return session.measured.get(settingsKey(session))?.[pool.name] ?? null;
}

/** What is worth simulating next; null where nothing is, or real workers need the machine. */
export function nextRequest(session: Session): Request | null {
  const { pool, policy, minReserve } = chosen(session);
  if (pool.unpredicted !== null || session.running !== null) return null;
  const { floor, most } = pool;
  const look = nextLook(curveOf(session), { minReserve, floor, most }, session.target);
  if (look === null) return null;
  return { pool: pool.name, policy: policy.spec, limitNs: limitOf(session.target), look };
}

/** Judges a measurement; null where it cannot tell. */
export function judged(measured: Measured, target: Target): Verdict {
  const { waitRate, latencyNs, isTheLoad } = measured;
  if (!isTheLoad) return "unsure";
  if (target.kind === "wait-rate") return waitRate < allowedShare(target) ? "met" : "missed";
  const percentile = latencyNs[`p${target.percentile}`] ?? null;
  if (percentile === null) return "unsure";
  return percentile < target.belowNs ? "met" : "missed";
}
