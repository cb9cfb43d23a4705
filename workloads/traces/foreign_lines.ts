/**
 * Lines that an importer could make nothing of. Real logs have some (a message in the middle, a line that two
 * writers tore), so they are passed over rather than refused; but they are counted, and the first is
 * shown, since a file full of them is another format or a damaged one.
 *
 * @module
 */
import type { LineReader } from "./lines.ts";
import type { TraceNotes } from "./trace.ts";

const SHOWN_CHARACTERS = 60;

/** Counts the foreign lines of one reading. */
export class ForeignLines {
  readonly #lines: Pick<LineReader, "number" | "unterminated">;
  readonly #notes: TraceNotes;
  #first = "";
  #cut = false;

  /** Of lines that are being read. */
  constructor(lines: Pick<LineReader, "number" | "unterminated">, notes: TraceNotes) {
    this.#lines = lines;
    this.#notes = notes;
  }

  /** Passes over the line that was given last; one without its end is taken for cut. */
  passOver(line: string): void {
    if (this.#lines.unterminated) {
      this.#cut = true;
      return;
    }
    if (this.#notes.foreignLines++ > 0) return;
    const shown = line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}...` : line;
    this.#first = `line ${this.#lines.number}, ${JSON.stringify(shown)}`;
  }

  /** Says what was passed over, at the end of the reading. */
  report(): void {
    const { foreignLines, warnings } = this.#notes;
    if (this.#cut) {
      this.#notes.truncated = true;
      warnings.push({
        code: "cut-line",
        message: "the last line is cut and was left out",
        advice: "record to the end if what is missing matters",
      });
    }
    if (foreignLines === 0) return;
    const were = foreignLines === 1 ? "1 line was" : `${foreignLines} lines were`;
    warnings.push({
      code: "foreign-lines",
      message: `${were} passed over as no event could be read; the first is ${this.#first}`,
      advice: "look at it: a few are noise, many are a damaged file or another format",
    });
  }
}
