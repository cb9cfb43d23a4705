/**
 * What a command may do to the world, handed in so that a test can hand in something else. `cli.ts` has
 * the real one; no other file prints, listens to signals or opens a file to write.
 *
 * @module
 */

import type { Store, StoreOptions } from "../results/store.ts";
import type { Key } from "../tuning/session/press.ts";

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

/** Who watches a screen's keys. */
export interface ScreenListener {
  /** A key was pressed. */
  pressed(key: Key): void;
  /** The size is another one: all is to be drawn again. */
  resized(): void;
  /** No key will come any more. */
  ended(): void;
}

/** A whole terminal, taken over until it is disposed of, and then as it was before. */
export interface Screen extends Disposable {
  /** As wide as it is now. */
  readonly columns: number;
  /** As high as it is now. */
  readonly rows: number;
  /** Shows these lines, from the first row on, and nothing else. */
  draw(lines: readonly string[]): void;
  /** Tells of keys from now on. Once. */
  listen(listener: ScreenListener): void;
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
  /** The next line of stdin, without its end; null after the last one. Blocks the thread, which sleeps until it comes. */
  nextLine(): string | null;
  /** Takes the terminal over; null where nobody watches, or it cannot be steered. */
  screen(): Promise<Screen | null>;
  /** What is written on stdin, line by line, and whether somebody is there who can be asked. */
  readonly input: { readonly isTerminal: boolean; lines(): AsyncIterable<string> };
  /**
   * Writes a file whole. Only for those who ask for its name while they run: {@linkcode Io.output} takes the right to it away.
   *
   * @returns false, and nothing is done, where there is a file of that name and `force` is not set.
   */
  writeFile(path: string, text: string, options: { readonly force: boolean }): boolean;
  /** Milliseconds that never run backwards. */
  now(): number;
}
