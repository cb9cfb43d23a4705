/**
 * fio's iologs (`write_iolog`), version 2 and 3: what was issued, file by file. Version 3 stamps the issue in microseconds,
 * version 2 has no time. When an I/O completed is nowhere said, so a log by itself is arrivals only; the latency log
 * of the same job has the other half (see `joinLatencies`).
 *
 * @module
 */
import { headLines } from "./head_lines.ts";
import { Stamps } from "./stamps.ts";
import { END_UNKNOWN, type Reading, type TraceFormat, type TraceReader } from "./trace.ts";

const HEADER = /^fio version ([23]) iolog\s*$/;

/** A file's name may hold blanks, so a line is read from its end; the stamp of version 3 stands first. */
const ISSUED = /^(\d{1,19})? ?(\S.*) (read|write|trim) (\d{1,20}) (\d{1,16})\s*$/;
const OTHER =
  /^.+ (?:add|open|close|(?:sync|datasync|sync_file_range|wait)(?: \d{1,20} \d{1,20})?)\s*$/;

const MICROSECOND_NS = 1e3;

/** fio's iologs. */
export const fioIolog: TraceFormat = {
  summary: "fio iolog v2, v3: [time_us] file read|write|trim offset bytes (arrivals only)",
  recognises: (head) => headLines(head).some((line) => HEADER.test(line)),
  read: (reading) => new FioIologReader(reading),
};

/** One I/O of an iolog. */
export interface FioIssue {
  /** When, microseconds; null in version 2. */
  readonly time: string | null;
  /** As latency logs have it: 0 read, 1 write, 2 trim. */
  readonly direction: string;
  /** Where. */
  readonly offset: string;
  /** How much. */
  readonly sizeBytes: number;
}

/** Reads the lines of an iolog. */
export class FioIssues {
  /** The version that the header says; "" before it. */
  version = "";

  /** @returns null for what is no I/O, undefined for what is no line of an iolog. */
  issue(line: string): FioIssue | null | undefined {
    const header = HEADER.exec(line);
    if (header !== null) this.version = header[1]!;
    if (header !== null) return null;
    const match = ISSUED.exec(line);
    if (match === null) return OTHER.test(line) ? null : undefined;
    const [, stamp, , action, offset = "", size] = match;
    const time = this.version === "3" ? stamp : null;
    if (time === undefined) return undefined;
    const direction = String(["read", "write", "trim"].indexOf(action!));
    return { time, direction, offset, sizeBytes: Number(size) };
  }
}

class FioIologReader implements TraceReader {
  readonly #reading: Reading;
  readonly #stamps = new Stamps(MICROSECOND_NS);
  readonly #issues = new FioIssues();
  #operations = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    reading.notes.arrivalsOnly = true;
    reading.notes.resolutionNs = MICROSECOND_NS;
  }

  line(line: string): void {
    const issue = this.#issues.issue(line);
    if (issue === undefined) return this.#reading.passOver(line);
    if (issue === null) return;
    const { time, sizeBytes } = issue;
    if (time === null) {
      this.#reading.notes.timed = false;
      this.#reading.notes.resolutionNs = null;
    }
    this.#reading.emit({
      timeNs: time === null ? this.#operations++ : this.#stamps.at(time),
      op: "i",
      id: "",
      sizeBytes,
      worker: "",
      holdNs: END_UNKNOWN,
      count: 1,
    });
  }
}
