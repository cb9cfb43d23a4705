/**
 * `.rep`, the traces of the malloc lab (Bryant and O'Hallaron, CS:APP): `a id bytes`, `r id bytes`, `f id`.
 * Neither time nor thread. Three headers are about, told apart only by how many lines of one number
 * they have: four (suggested heap size, ids, operations, weight), four again (weight, ids, operations, most live
 * bytes), two (ids, operations). They are known to lie about the body, and the body is what counts.
 *
 * @module
 */
import { headLines } from "./head_lines.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const NUMBER = /^\s*\d+\s*$/;
const OPERATION = /^\s*(?:([ar])\s+(\d{1,16})\s+(\d{1,16})|f\s+(-1|\d{1,16}))\s*$/;

/** More lines of one number than any header has. */
const HEADER_LINES_MAX = 8;

/** The traces of the malloc lab. */
export const rep: TraceFormat = {
  summary: "CS:APP malloc lab .rep: header, then a id bytes | r id bytes | f id",
  recognises(head) {
    const lines = headLines(head).filter((line) => !line.startsWith("#"));
    const first = lines.findIndex((line) => !NUMBER.test(line));
    return first > 0 && first <= HEADER_LINES_MAX && OPERATION.test(lines[first]!);
  },
  read(reading) {
    reading.notes.timed = false;
    return new RepReader(reading);
  },
};

class RepReader implements TraceReader {
  readonly #reading: Reading;
  readonly #header: number[] = [];
  #lines = 0;
  #operations = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  line(line: string): void {
    const match = OPERATION.exec(line);
    if (match !== null) return this.#operation(match);
    if (this.#lines === 0 && NUMBER.test(line)) this.#header.push(Number(line));
    else if (!line.startsWith("#")) this.#reading.passOver(line);
  }

  /** Says where the header promised something else; it stands second of four or first of two. */
  end(): void {
    const promised = this.#header[this.#header.length === 2 ? 1 : 2];
    if (promised === undefined || promised === this.#lines) return;
    this.#reading.notes.warnings.push({
      code: "header-count",
      message: `the header promises ${promised} operations, the trace has ${this.#lines}`,
      advice: "copy the trace again if it should be whole; what is there was used",
    });
  }

  #operation([, op, id, size, freed]: RegExpExecArray): void {
    this.#lines++;
    if (freed === "-1") {
      this.#reading.notes.nullFrees++;
      return;
    }
    this.#reading.emit({
      timeNs: this.#operations++,
      op: op === "a" || op === "r" ? op : "f",
      id: id ?? freed!,
      sizeBytes: Number(size ?? 0),
      worker: "",
      holdNs: 0,
      count: 1,
    });
  }
}
