/**
 * Two checkouts in turns on one machine, block by block, until somebody says that it is enough.
 *
 * Each block has a fresh process of either side, since where code and memory lie differs from process to process and stays for
 * its life, so that a block is all that one process can tell. Both processes are started at once, in the order that was
 * drawn by lot from the seed, and sleep until it is their turn: in that order too they take turns. The loads of both sides have the
 * same seeds.
 *
 * Where both sides can, they take turns in slots of a few milliseconds (`slot_turns.ts`); else a block is four slices, base, head,
 * head, base or the other way round, each with fresh workers.
 *
 * @module
 */
import type { Block, SideName } from "../results/block.ts";
import type { Random } from "../workloads/random.ts";
import { SlotsError, type StartPaced } from "./paced_process.ts";
import type { Result } from "../results/result.ts";
import { type Patience, SideError, type Sources, stepOf } from "./sides.ts";
import { runSlots, type SlotPlan } from "./slot_turns.ts";

/** What takes turns. */
export interface TurnsPlan {
  /** The checkouts. */
  readonly folders: Readonly<Record<SideName, string>>;
  /** What follows `bench`, but for the seed. */
  readonly args: readonly string[];
  /** Of the first slice of either side; each has the next one. */
  readonly seed: number;
  /** For the lots. */
  readonly random: Random;
  /** Starts a process. */
  readonly start: StartPaced;
  /** Ends it, in the middle of a block. */
  readonly signal: AbortSignal;
  /** How long a side may take, milliseconds, before it counts as hanging. */
  readonly patience: Patience;
  /** The slots of a block, where both sides can have any. */
  readonly slots: SlotPlan;
  /**
   * Hears of it where one side, which is named, cannot have slots though the other one can, or they could have been: `why` is what
   * it said, null where it is just too old.
   */
  readonly onSlices?: (cannot: SideName, why: string | null) => void;
}

const SLICES_A_SIDE = 2;

/** So many blocks one after the other may end with workers that do not come back: one may be the machine, that stood still. */
const STUCK_MOST = 2;

/** Seeds go round. */
const SEEDS = 2 ** 32;

/** The order of a block, by lot. */
export function drawTurns(random: Random): SideName[] {
  return random.below(2) === 0
    ? ["base", "head", "head", "base"]
    : ["head", "base", "base", "head"];
}

/** How the blocks of a session go: alike from the first to the last. */
interface Mode {
  /** Whether in slots; null as long as nobody knows whether the sides can. */
  inSlots: boolean | null;
  /** Blocks that ended with workers that did not come back, one after the other. */
  stuck: number;
}

/**
 * Blocks without end; an interruption ends it without the block that was begun.
 *
 * @throws {SideError} where a process fails.
 */
export async function* takeTurns(plan: TurnsPlan): AsyncGenerator<Block> {
  const mode: Mode = { inSlots: null, stuck: 0 };
  for (let seed = plan.seed; !plan.signal.aborted; seed = (seed + SLICES_A_SIDE) % SEEDS) {
    const block = await runBlock(plan, seed, mode);
    if (block === "again") continue;
    if (block === null) return;
    yield block;
  }
}

/** @returns null where it was interrupted, "again" where workers did not come back from a slot, whoever's they are. */
async function runBlock(
  plan: TurnsPlan,
  seed: number,
  mode: Mode,
): Promise<Block | null | "again"> {
  const { folders, args, random, start, signal } = plan;
  const turns = drawTurns(random);
  await using processes = new AsyncDisposableStack();
  const started = (side: SideName) =>
    processes.use(start({ folder: folders[side], args: [...args, "--seed", `${seed}`] }));
  const [first, second] = [started(turns[0]!), started(turns[1]!)];
  const sources = turns[0] === "base"
    ? { base: first, head: second }
    : { base: second, head: first };
  const stop = Promise.withResolvers<null>();
  const onAbort = () => stop.resolve(null);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([stop.promise, measured(turns, sources, plan, mode)]);
  } catch (error) {
    if (!(error instanceof SideError && error.cause instanceof SlotsError)) throw error;
    if (++mode.stuck < STUCK_MOST) return "again";
    if (mode.inSlots) throw error;
    mode.inSlots = false;
    plan.onSlices?.(error.side, error.message);
    return "again";
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function measured(
  turns: readonly SideName[],
  sources: Sources,
  { patience, slots, onSlices }: TurnsPlan,
  mode: Mode,
): Promise<Block> {
  const ready = (side: SideName) => stepOf(side, sources[side].ready(), patience.readyMs);
  const [base, head] = await Promise.all([ready("base"), ready("head")]);
  if (mode.inSlots === null && base !== head) onSlices?.(base ? "head" : "base", null);
  if (mode.inSlots === false || !base || !head) {
    mode.inSlots = false;
    return await runSlices(turns, sources, patience);
  }
  const block = await runSlots(turns, sources, slots, patience);
  mode.inSlots = true;
  mode.stuck = 0;
  return block;
}

async function runSlices(
  turns: readonly SideName[],
  sources: Sources,
  { sliceMs }: Patience,
): Promise<Block> {
  const block: Record<SideName, Result[]> = { base: [], head: [] };
  for (const side of turns) {
    block[side].push(await stepOf(side, sources[side].slice(), sliceMs));
  }
  return { first: turns[0]!, ...block };
}
