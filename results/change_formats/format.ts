/**
 * What a format of changes over histories is: a pure function to text, as a format of results is one from a result.
 *
 * @module
 */
import type { HistoryChanges } from "../changes.ts";
import type { PrintOptions } from "../formats/format.ts";

/** A way to print what changed over histories, of one scenario on one machine each. */
export interface ChangeFormat {
  /** One line for `list` and `--help`. */
  readonly summary: string;
  /** All of them as text, the last line ended. */
  print(histories: readonly HistoryChanges[], options: PrintOptions): string;
}
