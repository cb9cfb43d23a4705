/**
 * A block in slots: both processes warm up at the same time, then sleep and work in turns of a few milliseconds.
 *
 * Slots come by fours, first, second, second, first, as the lot says, each four of one kind. So whatever the machine does for longer
 * than a slot befalls both sides alike.
 *
 * @module
 */
import type { Block, SideName, SlotSample } from "../results/block.ts";
import type { SlotName } from "../workloads/slot_kind.ts";
import type { SlotOrder } from "./paced_process.ts";
import { type Patience, type Sources, stepOf } from "./sides.ts";

/** The slots of a block. */
export interface SlotPlan {
  /** What each four of them is, in order. */
  readonly fours: readonly SlotOrder[];
  /** How long a slot is, milliseconds. */
  readonly slotMs: number;
}

/** Long enough for what waking up costs not to show, and short beside what else a machine does. */
const SLOT_MS = 10;

/** One worker alone tells most. */
const PATTERN: readonly SlotName[] = ["alone", "all", "alone", "timed"];

/**
 * Slots that take about as long as four slices. Workers are alone in turn, as far as the slots go: they differ by the core that they
 * are on.
 */
export function planSlots(sliceMs: number, workers: number): SlotPlan {
  const count = Math.max(PATTERN.length, Math.round(sliceMs / SLOT_MS));
  let alone = 0;
  const fours = Array.from({ length: count }, (_, at): SlotOrder => {
    const name = PATTERN[at % PATTERN.length]!;
    return { name, ms: SLOT_MS, worker: name === "alone" ? alone++ % workers : 0 };
  });
  return { fours, slotMs: SLOT_MS };
}

/**
 * Runs a block.
 *
 * @param turns the lot; its first two are who comes first, and who second.
 * @throws {SideError} where a side fails, or cannot go on in slots.
 */
export async function runSlots(
  turns: readonly SideName[],
  sources: Sources,
  { fours }: SlotPlan,
  { sliceMs }: Patience,
): Promise<Block> {
  const begun = turns.slice(0, 2).map((side) => stepOf(side, sources[side].begin(), sliceMs));
  await Promise.all(begun);
  const slots: Record<SideName, SlotSample[]> = { base: [], head: [] };
  for (const order of fours) {
    for (const side of turns) {
      slots[side].push(await stepOf(side, sources[side].slot(order), sliceMs));
    }
  }
  const end = (side: SideName) => stepOf(side, sources[side].end(), sliceMs);
  const [base, head] = await Promise.all([end("base"), end("head")]);
  return { first: turns[0]!, base: [base], head: [head], slots };
}
