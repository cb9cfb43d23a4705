/**
 * Two checkouts in turns on one machine, block by block, until somebody says that it is enough.
 *
 * A block is four slices, base, head, head, base or the other way round. Each block has a fresh process of either side, since
 * where code and memory lie differs from process to process and stays for its life, so that a block is all that one process can
 * tell; and each slice has fresh workers. Both processes are started at once and sleep until it is their turn. Which side comes
 * first is drawn by lot from the seed; the loads of both sides have the same seeds.
 *
 * @module
 */
import type { Block } from "../results/block_comparison.ts";
import type { Random } from "../workloads/random.ts";
import type { PacedSource, StartPaced } from "./paced_process.ts";
import type { Result } from "../results/result.ts";

/** A side of a block. */
export type SideName = "base" | "head";

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
}

/** Milliseconds. */
export interface Patience {
  /** To start. */
  readonly readyMs: number;
  /** For one slice. */
  readonly sliceMs: number;
}

const SLICES_A_SIDE = 2;

/** Seeds go round. */
const SEEDS = 2 ** 32;

/** Where one side failed: which, and why. */
export class SideError extends Error {
  /** The class by name. */
  override readonly name = "SideError";
  /** The side. */
  readonly side: SideName;

  /** @param cause what its process said. */
  constructor(side: SideName, cause: Error) {
    super(cause.message, { cause });
    this.side = side;
  }
}

/** The order of a block, by lot. */
export function drawTurns(random: Random): SideName[] {
  return random.below(2) === 0
    ? ["base", "head", "head", "base"]
    : ["head", "base", "base", "head"];
}

/**
 * Blocks without end; an interruption ends it without the block that was begun.
 *
 * @throws {SideError} where a process fails.
 */
export async function* takeTurns(plan: TurnsPlan): AsyncGenerator<Block> {
  for (let seed = plan.seed; !plan.signal.aborted; seed = (seed + SLICES_A_SIDE) % SEEDS) {
    const block = await runBlock(plan, seed);
    if (block === null) return;
    yield block;
  }
}

async function runBlock(plan: TurnsPlan, seed: number): Promise<Block | null> {
  const { folders, args, random, start, signal, patience } = plan;
  const turns = drawTurns(random);
  await using processes = new AsyncDisposableStack();
  const started = (side: SideName) =>
    processes.use(start({ folder: folders[side], args: [...args, "--seed", `${seed}`] }));
  const sources = { base: started("base"), head: started("head") };
  const stop = Promise.withResolvers<null>();
  const onAbort = () => stop.resolve(null);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([stop.promise, slices(turns, sources, patience)]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function slices(
  turns: readonly SideName[],
  sources: Readonly<Record<SideName, PacedSource>>,
  { readyMs, sliceMs }: Patience,
): Promise<Block> {
  const ready = (side: SideName) => stepOf(side, sources[side].ready(), readyMs);
  await Promise.all([ready("base"), ready("head")]);
  const block: Record<SideName, Result[]> = { base: [], head: [] };
  for (const side of turns) {
    block[side].push(await stepOf(side, sources[side].slice(), sliceMs));
  }
  const { base, head } = block;
  return { first: turns[0]!, base: [base[0]!, base[1]!], head: [head[0]!, head[1]!] };
}

/** What a side does, which fails where it takes longer than it may: who waits for it would wait for ever. */
async function stepOf<T>(side: SideName, doing: Promise<T>, mostMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`it did not answer within ${(mostMs / 1000).toFixed(0)}s`)),
    mostMs,
  );
  try {
    return await Promise.race([doing, late]);
  } catch (error) {
    throw new SideError(side, error as Error);
  } finally {
    clearTimeout(timer);
  }
}
