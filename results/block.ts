/**
 * One block of a session: what two processes measured in turns, and the rows that can be compared in it.
 *
 * @module
 */
import type { Margins } from "./comparison.ts";
import {
  CPU,
  CPU_ALONE,
  type Measure,
  type MeasureRow,
  measureRows,
  THROUGHPUT,
} from "./measures.ts";
import type { Result } from "./result.ts";

/** A side of a block. */
export type SideName = "base" | "head";

/** What was measured in one slot. */
export interface SlotSample {
  /** What it measured: all workers, the first of them alone, or all with latencies. */
  readonly name: "all" | "alone" | "timed";
  /** Of all workers that it is of, each by its own clock. */
  readonly allocsPerSecond: number;
  /** Processor time of the whole process for each allocation, nanoseconds. */
  readonly cpuNs: number;
}

/** One block. */
export interface Block {
  /** Which side came first, by lot. */
  readonly first: SideName;
  /** Of its slices, in their order, or of all its slots together. */
  readonly base: readonly Result[];
  readonly head: readonly Result[];
  /** In slots: each in the order in which they were measured, as many of either side. */
  readonly slots?: Readonly<Record<SideName, readonly SlotSample[]>>;
}

/** A row of all blocks: for each the values of either side, in the order in which they were measured. */
export interface BlockRow extends Omit<MeasureRow, "values"> {
  readonly base: readonly (readonly number[])[];
  readonly head: readonly (readonly number[])[];
}

const OF_RUN: readonly Measure[] = [THROUGHPUT, CPU];
const PERCENTILE = "p99";

/** The rows that every block has on both sides, and that have a margin. */
export function blockRows(blocks: readonly Block[], margins: Margins): BlockRow[] {
  const sides = (block: Block) => [rowsOf(block, "base"), rowsOf(block, "head")] as const;
  const all = blocks.map(sides);
  const [first] = all;
  return [...first?.[0] ?? []].flatMap(([key, { values: _, ...row }]) => {
    if (margins[row.measure.name] === undefined) return [];
    const of = (side: 0 | 1) => all.map((rows) => rows[side].get(key)?.values ?? []);
    const [base, head] = [of(0), of(1)];
    const isWhole = [...base, ...head].every((values) =>
      values.length > 0 && values.every((value) => value > 0)
    );
    return isWhole ? [{ ...row, base, head }] : [];
  });
}

/** The rows that a session of these blocks is to have, known before anything is measured. */
export function rowCount(block: Block): number {
  const pools = Object.keys(block.base[0]?.runs[0]?.pools ?? {}).length;
  return OF_RUN.length + pools + (hasAlone(block) ? 1 : 0);
}

/** Whether it has slots of one worker alone. */
export function hasAlone({ slots }: Block): boolean {
  return slots !== undefined && slots.base.some(({ name }) => name === "alone");
}

function rowsOf(block: Block, side: SideName): Map<string, MeasureRow> {
  const ofResults = block[side].map(measureRows);
  const rows = new Map<string, MeasureRow>();
  for (const { pool, part, measure } of ofResults[0] ?? []) {
    const isWanted = pool === null
      ? OF_RUN.includes(measure)
      : part === "total" && measure.name === PERCENTILE;
    if (!isWanted) continue;
    const same = (row: MeasureRow) =>
      row.pool === pool && row.part === part && row.measure.name === measure.name;
    const values = ofResults.flatMap((each) => each.find(same)?.values ?? []);
    rows.set(JSON.stringify([pool, part, measure.name]), { pool, part, measure, values });
  }
  if (block.slots === undefined) return rows;
  const ofSlots = slotRows(block.slots[side]);
  return new Map([...ofSlots, ...[...rows].filter(([, { pool }]) => pool !== null)]);
}

function slotRows(slots: readonly SlotSample[]): [string, MeasureRow][] {
  const row = (measure: Measure, values: number[]): [string, MeasureRow] => [
    JSON.stringify([null, null, measure.name]),
    { pool: null, part: null, measure, values },
  ];
  const of = (name: SlotSample["name"]) => slots.filter((slot) => slot.name === name);
  const alone = of("alone").map(({ cpuNs }) => cpuNs);
  return [
    row(THROUGHPUT, of("all").map(({ allocsPerSecond }) => allocsPerSecond)),
    row(CPU, of("all").map(({ cpuNs }) => cpuNs)),
    ...alone.length > 0 ? [row(CPU_ALONE, alone)] : [],
  ];
}
