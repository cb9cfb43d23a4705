/**
 * What a format is: a pure function from a result to text. It reads no environment, knows no terminal
 * and keeps no state, so that the same result prints alike today and from a file next year.
 *
 * @module
 */
import type { Result } from "../result.ts";

/** Where the text will be read. */
export interface PrintOptions {
  /** Whether ANSI colours may be used. */
  readonly color: boolean;
  /** Width of the terminal in columns; 0 where there is none. */
  readonly columns: number;
}

/** A way to print a result. */
export interface ResultFormat {
  /** One line for `list` and `--help`. */
  readonly summary: string;
  /** Loads what it prints with; to be awaited before, where there is such a thing. */
  load?(): Promise<void>;
  /** The result as text, the last line ended. */
  print(result: Result, options: PrintOptions): string;
  /** Results side by side, measure by measure, the last line ended; left out where whoever reads them does that himself. */
  compare?(results: readonly Result[], options: PrintOptions): string;
  /** Several printed results as one document; left out where they may simply follow one another. */
  join?(texts: readonly string[]): string;
}
