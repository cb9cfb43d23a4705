/**
 * Two versions that took turns on one machine, block by block: the same rows, margins and verdicts as of two results, from
 * differences within blocks.
 *
 * Each block has a fresh process of either side. They take turns, base, head, head, base or the other way round as it was drawn
 * by lot: in four slices, or in many short slots. A block's difference is of the logarithms of neighbours, their mean or, of many,
 * the mean of the middle half, so that what the machine does steadily cancels, and what it does for a moment has no weight. Of
 * one worker alone it is of the means of the lowest fifth: whatever else a machine does, such as work on a core's other half,
 * makes the same code slower, never faster. However many slots a block has, it is one difference: what one process of a side has
 * that another one has not stays for its life. The interval may be looked at after each block (see `symmetric_evidence.ts`); over
 * the rows it is corrected by shares that are known beforehand: most goes to the row that can tell most.
 *
 * The control is what each side measured first, third and so on against the rest, by the same rule: code against itself, in one
 * process. It shows what follows the order of turns, not what differs steadily from process to process, which is in the intervals.
 *
 * @module
 */
import {
  type Block,
  type BlockRow,
  blockRows,
  hasAlone,
  rowCount,
  type SideName,
} from "./block.ts";
import {
  type ComparedRow,
  type Comparison,
  COMPARISON_SCHEMA,
  type ComparisonOptions,
  MARGINS,
  sideOf,
  verdictOf,
  worstOf,
} from "./comparison.ts";
import { comparisonWarnings, isComparable } from "./comparison_warnings.ts";
import { CPU, CPU_ALONE } from "./measures.ts";
import type { Result } from "./result.ts";
import { lowestFifth, medianOf, middleHalf } from "./robust_means.ts";
import type { Control, Session } from "./session.ts";
import { OF_RUNS, sessionWarnings, unfitness } from "./session_fitness.ts";
import {
  blocksLeast,
  type Contrast,
  detectableShift,
  shiftInterval,
} from "./symmetric_evidence.ts";

/** How to judge blocks. */
export interface BlockOptions extends Omit<ComparisonOptions, "tQuantile"> {
  /** With which probability all intervals hold at once: {@linkcode BLOCK_CONFIDENCE} if not given. */
  readonly confidence?: number;
}

/** How a session went. */
export type SessionFacts = Pick<
  Session,
  "blocksMost" | "ended" | "budgetNs" | "spentNs" | "sliceNs" | "seed" | "slots" | "slotNs"
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

/** Of the chance of error, the share that goes to the row that can tell most; the others have equal parts of the rest. */
const TELLING_SHARE = 0.6;

/** The rows of a session as far as it has come: without the control, and without what it could have seen. */
export function judgeBlocks(blocks: readonly Block[], options: BlockOptions = {}): ComparedRow[] {
  const { margins = MARGINS } = options;
  return blockRows(blocks, margins).map((row) =>
    judgedRow(row, margins[row.measure.name]!, alphaOf(row, blocks, options))
  );
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
  const playing = { blocks: facts.blocksMost, power: PLAYED_POWER, sessions: PLAYED, random };
  const compared = blockRows(blocks, margins);
  const rows = compared.map((row): ComparedRow => {
    const alpha = alphaOf(row, blocks, options);
    const judged = judgedRow(row, margins[row.measure.name]!, alpha);
    const controls = controlsOf(row, blocks);
    const margin = Math.log1p(judged.margin);
    const contrasts = contrastsOf(row).map(toWorse(row));
    const shift = detectableShift(contrasts, { ...playing, alpha, margin });
    const change = shift === null ? null : Math.abs(Math.expm1(worseSign(row) * shift));
    return {
      ...judged,
      detectable: change,
      ...controls.length === 0 ? {} : { control: changeOf(controls, alpha) },
    };
  });
  const session: Session = {
    blocks: blocks.length,
    blocksLeast: blocksLeast((1 - confidence) / 2 * TELLING_SHARE),
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

function resultsOf(blocks: readonly Block[], side: SideName): Result[] {
  return blocks.flatMap((block) => block[side]);
}

/**
 * The chance of error of one limit of one row. The rows are those that the scenario has, not those that turned out to have
 * values, so that it is known before anything is measured.
 */
function alphaOf(
  { measure }: BlockRow,
  [first]: readonly Block[],
  { confidence = BLOCK_CONFIDENCE }: BlockOptions,
): number {
  const telling = hasAlone(first!) ? CPU_ALONE : CPU;
  const share = measure === telling ? TELLING_SHARE : (1 - TELLING_SHARE) / (rowCount(first!) - 1);
  return (1 - confidence) / 2 * share;
}

/** The differences of all blocks in one row, as logarithms; none where there is no such row. */
export function blockDifferences(blocks: readonly Block[], measure: string): number[] {
  const row = blockRows(blocks, { [measure]: 1 }).find((each) => each.measure.name === measure);
  return row === undefined ? [] : contrastsOf(row).map(({ difference }) => difference);
}

/** Of each block, in logarithms. */
function contrastsOf({ measure, base, head }: BlockRow): Contrast[] {
  return base.map((values, block) => {
    const [b, h] = [values.map(Math.log), head[block]!.map(Math.log)];
    return { difference: difference(b, h), noise: [...itself(b), ...itself(h)] };
  });
  /** The difference of what was measured first, third and so on from what was measured second, fourth and so on; none of one value. */
  function itself(values: readonly number[]): number[] {
    if (values.length < 2) return [];
    const [first, second] = [0, 1].map((rest) => values.filter((_, at) => at % 2 === rest));
    return [difference(second!, first!)];
  }
  function difference(from: readonly number[], to: readonly number[]): number {
    if (measure === CPU_ALONE) return lowestFifth(to) - lowestFifth(from);
    return middleHalf(from.map((value, at) => to[at]! - value));
  }
}

/**
 * The same of what should be nothing: every second one of either side against the others. In which direction follows from the
 * lot, so that what a first slice is slower by cancels, as it does between the sides. None where a block has one value of a side.
 */
function controlsOf(row: BlockRow, blocks: readonly Block[]): Contrast[] {
  return contrastsOf(row).flatMap(({ noise }, block) => {
    if (noise.length === 0) return [];
    const sign = blocks[block]!.first === "base" ? 1 : -1;
    return [{ difference: sign * (noise[0]! + noise[1]!) / 2, noise }];
  });
}

function worseSign({ measure }: BlockRow): 1 | -1 {
  return measure.better === "lower" ? 1 : -1;
}

function toWorse(row: BlockRow): (contrast: Contrast) => Contrast {
  return ({ difference, noise }) => ({ difference: worseSign(row) * difference, noise });
}

function judgedRow(row: BlockRow, margin: number, alpha: number): ComparedRow {
  const { pool, part, measure, base } = row;
  const { change, low, high } = changeOf(contrastsOf(row), alpha);
  const before = medianOf(base.flat());
  return {
    ...{ pool, part, measure: measure.name, unit: measure.unit },
    base: before,
    head: before * (1 + change),
    ...{ change, low, high, margin },
    verdict: verdictOf({ change, low, high, margin, toWorse: worseSign(row) }),
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
