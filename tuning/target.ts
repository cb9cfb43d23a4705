/**
 * What a pool is to achieve, as the user writes it: `wait rate < 1%` or `wait p99.9 < 1ms`. Both come down to one
 * thing: at most a share of all allocations waits longer than a limit.
 *
 * @module
 */
import type { Target } from "../results/recommendation.ts";
import { found } from "../workloads/clauses.ts";
import { InputError } from "../workloads/input_error.ts";
import { parseDuration, parseProbability, UnitError } from "../workloads/units.ts";

const RATE = /^wait\s+rate\s*<\s*(.+)$/i;
const PERCENTILE = /^wait\s+p(\d+(?:\.\d+)?)\s*<\s*(.+)$/i;
const ALLOWED = 'give "wait rate < 1%" or "wait p99.9 < 1ms"';

/**
 * Parses a target.
 *
 * @throws {InputError} where it is none.
 */
export function parseTarget(text: string): Target {
  const trimmed = text.trim();
  try {
    const rate = RATE.exec(trimmed);
    if (rate !== null) return rateTarget(parseProbability(rate[1]!));
    const percentile = PERCENTILE.exec(trimmed);
    if (percentile !== null) {
      return percentileTarget(Number(percentile[1]), parseDuration(percentile[2]!));
    }
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new InputError(`--slo: ${error.message}`);
  }
  throw new InputError(`--slo: ${found(text)} is no target: ${ALLOWED}`);
}

function rateTarget(below: number): Target {
  if (below > 0 && below < 1) return { kind: "wait-rate", below };
  throw new InputError(
    `--slo: a wait rate below ${below} is not allowed: give a share above 0 and below 1` +
      (below === 0 ? " (that nobody waits takes neverWaits, the peak)" : ""),
  );
}

function percentileTarget(percentile: number, belowNs: number): Target {
  if (percentile > 0 && percentile < 100 && belowNs > 0) {
    return { kind: "wait-percentile", percentile, belowNs };
  }
  throw new InputError(
    `--slo: p${percentile} below ${belowNs} ns is not allowed: give a percentile above 0 and below 100, ` +
      "and a time above 0",
  );
}

/** A wait above this is one too long; waits are whole nanoseconds. */
export function limitOf(target: Target): number {
  return target.kind === "wait-rate" ? 0 : Math.ceil(target.belowNs) - 1;
}

/** Whether a target is met where so many of the tasks waited too long. */
export function isMet(target: Target, exceeded: number, tasks: number): boolean {
  if (target.kind === "wait-rate") return exceeded < target.below * tasks;
  // By nearest rank: the percentile is a wait that was not too long.
  return tasks - exceeded >= Math.ceil(tasks * target.percentile / 100 * (1 - 1e-12));
}
