/**
 * Two versions that took turns on one machine, block by block: the same rows, margins and verdicts as of two results, from
 * differences within blocks.
 *
 * Each block has four slices, base, head, head, base or the other way round as it was drawn by lot, with a fresh process of either
 * side. Its difference is of the mean logarithms of the two sides, so that what the machine does steadily cancels, and what it
 * does otherwise is on neither side. The interval may be looked at after each block (see `symmetric_evidence.ts`); over the rows
 * it is corrected as in `comparison.ts`. The control is each side's first slice against its second, by the same rule: code against
 * itself.
 *
 * @module
 */
import {
  type ComparedRow,
  type Comparison,
  COMPARISON_SCHEMA,
  type ComparisonOptions,
  MARGINS,
  type Margins,
  type Pair,
  pairsOf,
  rowsOf,
  sideOf,
  verdictOf,
  worstOf,
} from "./comparison.ts";
import { comparisonWarnings, isComparable } from "./comparison_warnings.ts";
import type { Result, Warning } from "./result.ts";
import type { Control, Session } from "./session.ts";
import {
  blocksLeast,
  type Contrast,
  detectableShift,
  shiftInterval,
} from "./symmetric_evidence.ts";

/** One block, by side, each with its slices in their order. */
export interface Block {
  /** Which side came first and last, by lot. */
  readonly first: "base" | "head";
  readonly base: readonly [Result, Result];
  readonly head: readonly [Result, Result];
}

/** How to judge blocks. */
export interface BlockOptions extends Omit<ComparisonOptions, "tQuantile"> {
  /** With which probability all intervals hold at once: {@linkcode BLOCK_CONFIDENCE} if not given. */
  readonly confidence?: number;
}

/** How a session went. */
export type SessionFacts = Pick<
  Session,
  "blocksMost" | "ended" | "budgetNs" | "spentNs" | "sliceNs" | "seed"
>;

/** Where none is given: at most one session of a hundred with identical code says slower. */
export const BLOCK_CONFIDENCE = 0.98;

/**
 * In which share of sessions a change is seen that is called detectable; in which share of those that are played to find it, which
 * is more, as a machine is not the next time what it was; and how many are played.
 */
const POWER = 0.9;
const PLAYED_POWER = 0.95;
const PLAYED = 200;

/** A machine on which not even this is seen in any row is not fit. */
const FIT_SEES = 0.5;

/** What one slice takes besides its load, and the start of the processes of a block, on a machine with nothing else to do. */
const START_NS = 100e6;
const BLOCK_START_NS = 0.9e9;

/** Warnings of results that were measured one after the other, which blocks are not. */
const OF_RUNS: readonly string[] = ["few-repeats", "apart"];

const ROW_MEASURES: readonly string[] = ["throughput", "cpu"];
const ROW_PERCENTILE = "p99";

/** The rows of a session as far as it has come: without the control, and without what it could have seen. */
export function judgeBlocks(blocks: readonly Block[], options: BlockOptions = {}): ComparedRow[] {
  const { margins = MARGINS } = options;
  const alpha = alphaOf(blocks, options);
  return pairsIn(blocks, margins).map((pair) => judgedRow(pair, margins, alpha));
}

/**
 * The comparison of a session at its end.
 *
 * @param random uniform in [0, 1), for the sessions that are played to find what it could have seen.
 */
export function compareBlocks(
  blocks: readonly Block[],
  facts: SessionFacts,
  { random, ...options }: BlockOptions & { readonly random: () => number },
): Comparison {
  const { margins = MARGINS, confidence = BLOCK_CONFIDENCE } = options;
  const [base, head] = [resultsOf(blocks, "base"), resultsOf(blocks, "head")];
  const alpha = alphaOf(blocks, options);
  const playing = {
    alpha,
    blocks: facts.blocksMost,
    power: PLAYED_POWER,
    sessions: PLAYED,
    random,
  };
  const rows = pairsIn(blocks, margins).map((pair): ComparedRow => {
    const row = judgedRow(pair, margins, alpha);
    const control = changeOf(controlsOf(pair, blocks), alpha);
    const contrasts = contrastsOf(pair).map(toWorse(pair));
    const margin = Math.log1p(row.margin);
    const shift = detectableShift(contrasts, { ...playing, margin });
    const change = shift === null ? null : Math.abs(Math.expm1(worseSign(pair) * shift));
    return { ...row, detectable: change, control };
  });
  const session: Session = {
    blocks: blocks.length,
    blocksLeast: blocksLeast(alpha),
    ...facts,
    // Without the last digits of a difference.
    falseAlarms: Number(((1 - confidence) / 2).toPrecision(12)),
    power: POWER,
    unfit: null,
  };
  const unfit = unfitness(rows, session);
  const warnings = [
    ...comparisonWarnings(base, head).filter(({ code }) => !OF_RUNS.includes(code)),
    ...sessionWarnings({ ...session, unfit }),
  ];
  return {
    schema: COMPARISON_SCHEMA,
    scenario: head[0]!.scenario.name,
    base: sideOf(base),
    head: sideOf(head),
    confidence,
    rows,
    verdict: worstOf(rows),
    comparable: isComparable(warnings),
    warnings,
    session: { ...session, unfit },
  };
}

function resultsOf(blocks: readonly Block[], side: "base" | "head"): Result[] {
  return blocks.flatMap((block) => block[side]);
}

/**
 * The chance of error of one limit of one row. The rows are those that the scenario has, not those that turned out to have
 * values, so that it is known before anything is measured.
 */
function alphaOf(blocks: readonly Block[], options: BlockOptions): number {
  const { confidence = BLOCK_CONFIDENCE } = options;
  const pools = Object.keys(blocks[0]?.base[0].runs[0]?.pools ?? {}).length;
  return (1 - confidence) / 2 / (ROW_MEASURES.length + pools);
}

function pairsIn(blocks: readonly Block[], margins: Margins): Pair[] {
  const [base, head] = [resultsOf(blocks, "base"), resultsOf(blocks, "head")];
  return pairsOf(rowsOf(base), rowsOf(head)).filter(({ pool, part, measure: { name } }) =>
    margins[name] !== undefined &&
    (pool === null ? ROW_MEASURES.includes(name) : part === "total" && name === ROW_PERCENTILE)
  );
}

/** Two values of each side a block, in logarithms. */
function contrastsOf({ base, head }: Pair): Contrast[] {
  return Array.from({ length: base.length / 2 }, (_, block) => {
    const at = (values: readonly number[], slice: 0 | 1) => Math.log(values[2 * block + slice]!);
    const [b1, b2, h1, h2] = [at(base, 0), at(base, 1), at(head, 0), at(head, 1)];
    return { difference: (h1 + h2 - b1 - b2) / 2, noise: [b1 - b2, h1 - h2] };
  });
}

/**
 * The same of what should be nothing: the first slices of both sides against the second ones. In which direction follows from the
 * lot, so that what a first slice is slower by cancels, as it does between the sides.
 */
function controlsOf(pair: Pair, blocks: readonly Block[]): Contrast[] {
  return contrastsOf(pair).map(({ noise }, block) => {
    const sign = blocks[block]!.first === "base" ? 1 : -1;
    return { difference: sign * (noise[0]! + noise[1]!) / 2, noise };
  });
}

function worseSign({ measure }: Pair): 1 | -1 {
  return measure.better === "lower" ? 1 : -1;
}

function toWorse(pair: Pair): (contrast: Contrast) => Contrast {
  return ({ difference, noise }) => ({ difference: worseSign(pair) * difference, noise });
}

function judgedRow(pair: Pair, margins: Margins, alpha: number): ComparedRow {
  const { pool, part, measure, base } = pair;
  const margin = margins[measure.name]!;
  const { change, low, high } = changeOf(contrastsOf(pair), alpha);
  const before = middleOf(base);
  return {
    ...{ pool, part, measure: measure.name, unit: measure.unit },
    base: before,
    head: before * (1 + change),
    ...{ change, low, high, margin },
    verdict: verdictOf({ change, low, high, margin, toWorse: worseSign(pair) }),
    detectable: null,
  };
}

function changeOf(contrasts: readonly Contrast[], alpha: number): Control {
  const { estimate, low, high } = shiftInterval(contrasts, alpha);
  const isKnown = Number.isFinite(low) && Number.isFinite(high);
  return {
    change: Math.expm1(estimate),
    low: isKnown ? Math.expm1(low) : null,
    high: isKnown ? Math.expm1(high) : null,
  };
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Why nothing should be judged here: identical code differs, or next to nothing would be seen in a time that should do. */
function unfitness(rows: readonly ComparedRow[], session: Session): string | null {
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

/** The least that a session takes which can tell anything, warm-ups as long as slices at most, on a machine that is fit. */
function needsNs({ blocksLeast, sliceNs }: Session): number {
  return blocksLeast * (4 * (2 * sliceNs + START_NS) + BLOCK_START_NS);
}

function sessionWarnings(session: Session): Warning[] {
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

function counted(blocks: number): string {
  return blocks === 1 ? "1 block" : `${blocks} blocks`;
}
