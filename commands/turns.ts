/**
 * Two checkouts in turns on one machine, block by block, until somebody says that it is enough.
 *
 * A block is four slices, base, head, head, base or the other way round, each in a process of its own, since where code and memory
 * lie differs from process to process and stays for its life. All four are started at once and sleep until it is their turn.
 * Which side comes first, and which process of a side, is drawn by lot from the seed; the load has the same seed on both sides.
 *
 * @module
 */
import type { Block } from "../results/block_comparison.ts";
import type { Random } from "../workloads/random.ts";
import type { PacedOrder, PacedSource, StartPaced } from "./paced_process.ts";
import type { Result } from "../results/result.ts";

/** A side of a block. */
export type SideName = "base" | "head";

/** What takes turns. */
export interface TurnsPlan {
  /** The checkouts. */
  readonly folders: Readonly<Record<SideName, string>>;
  /** What follows `bench`, but for the seed. */
  readonly args: readonly string[];
  /** Of the first block; each has the next one. */
  readonly seed: number;
  /** For the lots. */
  readonly random: Random;
  /** Starts a process. */
  readonly start: StartPaced;
  /** Ends it, in the middle of a block. */
  readonly signal: AbortSignal;
}

/** A slice of a block: whose, and whether it is the first one or the second of its side by lot. */
interface Turn {
  readonly side: SideName;
  readonly which: 0 | 1;
}

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
export function drawTurns(random: Random): Turn[] {
  const lot = (): 0 | 1 => random.below(2) as 0 | 1;
  const sides: readonly SideName[] = lot() === 0 ? ["base", "head"] : ["head", "base"];
  const [outer, inner] = [lot(), lot()];
  const turn = (at: 0 | 1, which: number): Turn => ({ side: sides[at]!, which: which as 0 | 1 });
  return [turn(0, outer), turn(1, inner), turn(1, 1 - inner), turn(0, 1 - outer)];
}

/**
 * Blocks without end; an interruption ends it without the block that was begun.
 *
 * @throws {SideError} where a process fails.
 */
export async function* takeTurns(plan: TurnsPlan): AsyncGenerator<Block> {
  for (let seed = plan.seed; !plan.signal.aborted; seed++) {
    const block = await runBlock(plan, seed);
    if (block === null) return;
    yield block;
  }
}

async function runBlock(plan: TurnsPlan, seed: number): Promise<Block | null> {
  const { folders, args, random, start, signal } = plan;
  const turns = drawTurns(random);
  await using processes = new AsyncDisposableStack();
  const sources = turns.map((turn) => {
    const order: PacedOrder = {
      folder: folders[turn.side],
      args: [...args, "--seed", `${seed}`],
    };
    return { ...turn, source: processes.use(start(order)) };
  });
  const stop = Promise.withResolvers<null>();
  const onAbort = () => stop.resolve(null);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([stop.promise, slices(sources)]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function slices(
  sources: readonly (Turn & { readonly source: PacedSource })[],
): Promise<Block> {
  const of = async <T>(side: SideName, doing: Promise<T>): Promise<T> => {
    try {
      return await doing;
    } catch (error) {
      throw new SideError(side, error as Error);
    }
  };
  await Promise.all(sources.map(({ side, source }) => of(side, source.ready())));
  const block: Record<SideName, Result[]> = { base: [], head: [] };
  for (const { side, which, source } of sources) {
    block[side][which] = await of(side, source.slice());
  }
  const { base, head } = block;
  return { base: [base[0]!, base[1]!], head: [head[0]!, head[1]!] };
}
