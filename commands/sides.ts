/**
 * The two sides of a session: who they are, how long one waits for them, and which of them failed.
 *
 * @module
 */
import type { SideName } from "../results/block.ts";
import type { PacedSource } from "./paced_process.ts";

/** Milliseconds. */
export interface Patience {
  /** To start. */
  readonly readyMs: number;
  /** For one slice. */
  readonly sliceMs: number;
}

/** The processes of a block. */
export type Sources = Readonly<Record<SideName, PacedSource>>;

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

/** What a side does, which fails where it takes longer than it may: who waits for it would wait for ever. */
export async function stepOf<T>(side: SideName, doing: Promise<T>, mostMs: number): Promise<T> {
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
