/**
 * Whether a session could tell anything: what it says where the machine is not fit, or the time was short.
 *
 * @module
 */
import type { ComparedRow } from "./comparison.ts";
import type { Warning } from "./result.ts";
import type { Session } from "./session.ts";

/** A machine on which not even this is seen in any row is not fit. */
const FIT_SEES = 0.5;

/** What one slice takes besides its load, and the start of the processes of a block, on a machine with nothing else to do. */
const START_NS = 100e6;
const BLOCK_START_NS = 0.9e9;

/** Warnings of results that were measured one after the other, which blocks are not. */
export const OF_RUNS: readonly string[] = ["few-repeats", "apart"];

/** Why nothing should be judged here: identical code differs, or next to nothing would be seen in a time that should do. */
export function unfitness(rows: readonly ComparedRow[], session: Session): string | null {
  const differing = rows.find(({ control, margin }) =>
    control !== undefined && control.low !== null && control.high !== null &&
    (control.low > 0 || control.high < 0) && Math.abs(control.change) > margin
  );
  if (differing !== undefined) return `identical code differs in ${differing.measure}`;
  const isShort = session.ended !== "budget" || session.budgetNs < needsNs(session);
  if (isShort || rows.some(({ verdict }) => verdict === "slower")) return null;
  const isSeen = rows.some(({ detectable }) => detectable !== null && detectable <= FIT_SEES);
  if (isSeen || rows.every(({ verdict }) => verdict === "same")) return null;
  return session.blocks < session.blocksLeast
    ? `it made ${counted(session.blocks)} in the time of ${session.blocksLeast} and more`
    : `not even a change of ${100 * FIT_SEES}% would have been seen`;
}

/**
 * The least that a session takes which can tell anything, warm-ups as long as slices at most, on a machine that is fit. In slots it
 * takes two thirds of it, so that there is leeway.
 */
function needsNs({ blocksLeast, sliceNs }: Session): number {
  return blocksLeast * (4 * (2 * sliceNs + START_NS) + BLOCK_START_NS);
}

/** What to know of a session before believing it. */
export function sessionWarnings(session: Session): Warning[] {
  const { unfit, blocks, blocksLeast, ended } = session;
  if (unfit !== null) {
    return [{
      code: "machine-unfit",
      message: `the machine is not fit to judge on: ${unfit}`,
      advice: "stop what else it does, give a larger --budget, or take another machine",
    }];
  }
  if (blocks >= blocksLeast || ended === "interrupted") return [];
  return [{
    code: "short-budget",
    message: `there was time for ${counted(blocks)}, ` +
      `and nothing can be told from fewer than ${blocksLeast}, whatever the difference`,
    advice: `give --budget ${Math.ceil(1.2 * session.spentNs / blocks * blocksLeast / 1e9)}s`,
  }];
}

/** "1 block", "2 blocks". */
export function counted(blocks: number): string {
  return blocks === 1 ? "1 block" : `${blocks} blocks`;
}
