/**
 * What a command may do to the world, handed in so that a test can hand in something else. `cli.ts` has
 * the real one; no other file prints, listens to signals or opens a file to write.
 *
 * @module
 */

import type { Store, StoreOptions } from "../results/store.ts";

/** Where text goes. */
export interface TextSink {
  /** Whether ANSI colours are wanted there. */
  readonly color: boolean;
  /** Whether somebody watches, so that a line may be drawn again and again. */
  readonly isTerminal: boolean;
  /** Width in columns; 0 where there is none. */
  readonly columns: number;
  /** Writes all of it before it returns. */
  write(text: string): void;
}

/** Where an answer goes, until it is disposed of. */
export interface OutputSink extends TextSink, Disposable {
  /** Writes bytes as they are: what is packed is no text. */
  writeBytes(bytes: Uint8Array): void;
}

/** The wish of the user to stop, for as long as somebody listens to it. */
export interface Interruption extends Disposable {
  /** Aborted at the first Ctrl-C. A second one ends the process at once. */
  readonly signal: AbortSignal;
}

/** The world of a command. */
export interface Io {
  /** What was asked for. */
  readonly out: TextSink;
  /** Progress, notes and refusals. */
  readonly err: TextSink;
  /**
   * Where the answer goes: the file named, opened now so that a bad name is refused before anything runs, or
   * {@linkcode Io.out} where none is named. From then on no other file can be written.
   */
  output(path: string | undefined): OutputSink;
  /**
   * Opens the store of results: the file named, else the one in the user's data folder, which is made where there is none and
   * something is to be written. To be called before {@linkcode Io.output}.
   */
  store(path: string | undefined, options: StoreOptions): Promise<Store>;
  /** Listens to Ctrl-C until it is disposed of. */
  interruption(): Interruption;
  /** Sleeps until a line comes on stdin, whatever it says; false at the end of it. Blocks the thread. */
  nextLine(): boolean;
  /** Milliseconds that never run backwards. */
  now(): number;
}
