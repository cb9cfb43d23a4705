/**
 * A session of `ab`: turns are taken until everything is told, something is slower, or the budget is spent. How often that is
 * looked at does not matter, as the intervals hold at all times together.
 *
 * @module
 */
import type { Block, SideName } from "../results/block.ts";
import { compareBlocks, judgeBlocks } from "../results/block_comparison.ts";
import type { ComparedRow, Comparison } from "../results/comparison.ts";
import type { Warning } from "../results/result.ts";
import type { Session } from "../results/session.ts";
import { createRandom } from "../workloads/random.ts";
import type { AbPlan } from "./ab_plan.ts";
import { Exit } from "./exit.ts";
import type { TextSink } from "./io.ts";
import { PacedError, type StartPaced, startPaced } from "./paced_process.ts";
import { SideError } from "./sides.ts";
import { takeTurns } from "./turns.ts";

/** Streams of random numbers, for each purpose its own. */
const LOTS = 0;
const PLAY = 1;

/** The world of a session. */
export interface SessionWorld {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
  readonly quiet: boolean;
  readonly err: TextSink;
  /** Starts a slice's process, if not the usual one. */
  readonly start?: StartPaced;
}

/**
 * Runs a session.
 *
 * @returns null where it was interrupted before there was a block.
 * @throws {Exit} 2 where a side refuses what it was given, 3 where its run failed.
 */
export async function runSession(plan: AbPlan, world: SessionWorld): Promise<Comparison | null> {
  const { folders, args, seed, patience, slots, judging, budgetMs, sliceMs } = plan;
  const { signal, now, start = startPaced } = world;
  const random = createRandom(seed, LOTS);
  const startMs = now();
  const blocks: Block[] = [];
  const warnings: Warning[] = [...plan.warnings];
  let ended: Session["ended"] = "interrupted";
  try {
    const turns = takeTurns({
      ...{ folders, args, seed, patience, slots, random, start, signal },
      onSlices: (cannot, why) => warnings.push(slicesWarning(cannot, why)),
    });
    for await (const block of turns) {
      blocks.push(block);
      const rows = judgeBlocks(blocks, judging);
      const spentMs = now() - startMs;
      report(rows, { blocks: blocks.length, spentMs, budgetMs }, world);
      if (isTold(rows)) ended = "told";
      else if (spentMs + spentMs / blocks.length > budgetMs) ended = "budget";
      else continue;
      break;
    }
  } catch (error) {
    throw failureOf(error);
  }
  if (blocks.length === 0) return null;
  const spentMs = now() - startMs;
  const blocksMost = Math.max(blocks.length, Math.floor(budgetMs / (spentMs / blocks.length)));
  const play = createRandom(seed, PLAY);
  const comparison = compareBlocks(blocks, {
    ...{ blocksMost, ended, seed },
    budgetNs: budgetMs * 1e6,
    spentNs: Math.round(spentMs * 1e6),
    sliceNs: sliceMs * 1e6,
    ...blocks[0]!.slots === undefined
      ? {}
      : { slots: blocks[0]!.slots.base.length, slotNs: slots.slotMs * 1e6 },
  }, { ...judging, random: () => play.uniform() });
  return { ...comparison, warnings: [...comparison.warnings, ...warnings] };
}

/** Where one side cannot have slots: both run as it can, or they would be measured in different ways. */
function slicesWarning(cannot: SideName, why: string | null): Warning {
  return {
    code: "no-slots",
    message: `--${cannot}: ${why ?? "this checkout is too old to run in slots"}, ` +
      "so that both sides ran in slices, which show less in the same time",
    advice: why === null
      ? "give a newer checkout, or a larger --budget"
      : "give a load whose workers need nobody else to go on, or a larger --budget",
  };
}

/** Whether more blocks would change nothing that matters. */
function isTold(rows: readonly ComparedRow[]): boolean {
  return rows.some(({ verdict }) => verdict === "slower") ||
    rows.length > 0 && rows.every(({ verdict }) => verdict !== "cannot tell");
}

const CLEAR_LINE = "\r\x1b[K";

/** One line that is drawn again after each block, where somebody watches. */
function report(
  rows: readonly ComparedRow[],
  { blocks, spentMs, budgetMs }: {
    readonly blocks: number;
    readonly spentMs: number;
    readonly budgetMs: number;
  },
  { quiet, err }: SessionWorld,
): void {
  if (quiet || !err.isTerminal) return;
  const verdicts = rows.map(({ measure, verdict }) => `${measure} ${verdict}`).join(", ");
  const time = `${(spentMs / 1000).toFixed(0)} of ${(budgetMs / 1000).toFixed(0)}s`;
  const line = `block ${blocks}, ${time}: ${verdicts}`.slice(0, Math.max(20, err.columns - 1));
  err.write(`${CLEAR_LINE}${line}`);
}

/** What a side refuses is bad input, in its own words; what fails by itself is a failed run. */
function failureOf(error: unknown): unknown {
  if (!(error instanceof SideError)) return error;
  const { side, message, cause } = error;
  if (!(cause instanceof PacedError)) return new Exit(3, `--${side}: ${message}`);
  if (message.includes("'--paced'")) {
    return new Exit(
      2,
      `--${side}: this checkout is too old, its bench has no --paced: give a newer one`,
    );
  }
  return new Exit(cause.status === 2 ? 2 : 3, `--${side}: ${message || "it ended without a word"}`);
}
