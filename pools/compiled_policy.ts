/**
 * A policy's steps as small integers, for the slow path to walk.
 *
 * @module
 */
import type { Policy, Step } from "./policy.ts";

/** What a compiled step does. */
export const Op = { backendAtomic: 1, reserve: 2, backendBlocking: 3 } as const;

/** One of {@linkcode Op}. */
export type OpCode = typeof Op[keyof typeof Op];

/** One step. */
export interface CompiledStep {
  readonly op: OpCode;
  /** Whether a reserve of N (> 0) of M lets a blocking caller take. */
  readonly admits: (current: number, min: number) => boolean;
}

/** A policy, ready to be walked. */
export interface CompiledPolicy {
  /** The steps without the wait. */
  readonly steps: readonly CompiledStep[];
  /** Whether a blocking caller waits in the end. */
  readonly waits: boolean;
  /** Index of the step from which a waiter that woke by itself goes on. */
  readonly retryFrom: number;
  readonly retryMs: number;
  /** Whether the first step is the atomic back end, so that the fast path may take it. */
  readonly backendFirst: boolean;
}

/** Whether a policy ever takes from a reserve: by a step of its own, or while it waits. */
export function usesReserve({ steps }: Policy): boolean {
  return steps.some((step) => !["backend-atomic", "backend-blocking"].includes(nameOf(step)));
}

const always = () => true;

function compileStep(step: Exclude<Step, "wait">): CompiledStep {
  if (step === "backend-atomic") return { op: Op.backendAtomic, admits: always };
  if (step === "backend-blocking") return { op: Op.backendBlocking, admits: always };
  if (step === "reserve") return { op: Op.reserve, admits: always };
  const rule = step.reserve;
  return {
    op: Op.reserve,
    admits: "atLeast" in rule
      ? (current, min) => current >= rule.atLeast * min
      : (current, min) => current > Math.floor(rule.moreThan * min),
  };
}

function nameOf(step: Step): string {
  return typeof step === "string" ? step : "reserve";
}

/**
 * Compiles a policy.
 *
 * @throws {RangeError} where `wait` is not last or `retryFrom` is not among the steps.
 */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const names = policy.steps.map(nameOf);
  const wait = names.indexOf("wait");
  if (wait >= 0 && wait !== names.length - 1) {
    throw new RangeError("Cannot compile policy as wait must be its last step");
  }
  const retryFrom = names.indexOf(policy.retryFrom);
  if (retryFrom < 0) {
    throw new RangeError(
      `Cannot compile policy as retryFrom must be one of its steps: current value is "${policy.retryFrom}"`,
    );
  }
  return {
    steps: policy.steps.filter((step) => step !== "wait").map(compileStep),
    waits: wait >= 0,
    retryFrom,
    retryMs: policy.retryMs,
    backendFirst: names[0] === "backend-atomic",
  };
}
