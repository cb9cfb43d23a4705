/**
 * fio's latency logs (`write_lat_log`: `_lat`, `_clat`, `_slat`): `time, value, ddir, bs[, offset][, prio][, issued]`. The time is that
 * of completion in whole milliseconds, the value nanoseconds, so most intervals are finer than their stamps:
 * spread them, or join the log with the iolog of the same job. Where a log says when each I/O was issued (`log_issue_time`, in
 * nanoseconds), that is the stamp. With `log_avg_msec` the rows are averages of a window, not I/Os, and nothing about
 * concurrency can be said; with `log_window_value=both` they have the maximum besides.
 *
 * @module
 */
import { mostLines } from "./head_lines.ts";
import { Stamps } from "./stamps.ts";
import { type Reading, TraceError, type TraceFormat, type TraceReader } from "./trace.ts";

const ROW = /^\s*(\d{1,15}),\s*(\d{1,15}),\s*([0-3]),\s*(\d{1,15})((?:,\s*\w{1,20}){0,4})\s*$/;

const AVERAGE_AND_MAXIMUM = /^\s*\d{1,15},\s*\d{1,15},\s*\d{1,15},\s*[0-3],\s*0(?:,.{0,80})?$/;

const MILLISECOND_NS = 1e6;

/** Columns of a log with offsets, priorities and issues. */
const COLUMNS_WITH_ISSUE = 7;

/** An issue and a completion of which a log tells at the same time are not further apart from each other than this. */
const ISSUE_SLACK_NS = 1e9;

/** fio's latency logs. */
export const fioLatency: TraceFormat = {
  summary: "fio latency log (_lat, _clat, _slat): time_ms, value_ns, ddir, bytes[, offset][, prio]",
  recognises: (head) => mostLines(head, ROW) || mostLines(head, AVERAGE_AND_MAXIMUM),
  read: (reading) => new FioLatencyReader(reading),
};

/** One I/O of a latency log. */
export interface FioLatencyRow {
  /** When it completed, whole milliseconds. */
  readonly time: string;
  /** How long it took. */
  readonly holdNs: number;
  /** 0 read, 1 write, 2 trim. */
  readonly direction: string;
  /** Its size. */
  readonly sizeBytes: number;
  /** Where it was; null where the log has no offsets. */
  readonly offset: string | null;
  /** When it was issued, nanoseconds; null where the log does not say it. */
  readonly issued: string | null;
}

/** Reads rows; a log of averages is refused. */
export class FioLatencyRows {
  #hasSizes = false;
  #columns = 0;

  /** @returns null where the line is no row, one of fewer columns than the first, or one of no bytes. */
  row(line: string): FioLatencyRow | null {
    const match = ROW.exec(line);
    if (match === null && !this.#hasSizes && AVERAGE_AND_MAXIMUM.test(line)) throw ofAverages();
    if (match === null) return null;
    const [, time = "", value, direction = "", size, more = ""] = match;
    const sizeBytes = Number(size);
    if (sizeBytes === 0 && !this.#hasSizes) throw ofAverages();
    const cells = more.split(",").map((part) => part.trim());
    const columns = 3 + cells.length;
    if (!this.#hasSizes) this.#columns = columns;
    this.#hasSizes = true;
    if (sizeBytes === 0 || columns < this.#columns) return null;
    const row = { time, holdNs: Number(value), direction, sizeBytes, offset: wholeIn(cells[1]) };
    return { ...row, issued: columns === COLUMNS_WITH_ISSUE ? wholeIn(cells[3]) : null };
  }
}

/** Offsets stand before priorities (`offset, prio`), or in older versions alone, as priorities do without log_offset. */
function wholeIn(cell: string | undefined): string | null {
  return cell !== undefined && /^\d+$/.test(cell) ? cell : null;
}

function ofAverages(): TraceError {
  return new TraceError(
    "it is a fio log of averages, not of single I/Os: record it without log_avg_msec",
  );
}

class FioLatencyReader implements TraceReader {
  readonly #reading: Reading;
  readonly #stamps = new Stamps(MILLISECOND_NS);
  readonly #issues = new Stamps(1);
  readonly #rows = new FioLatencyRows();
  #hasIssues: boolean | null = null;

  constructor(reading: Reading) {
    this.#reading = reading;
    reading.notes.stamp = "end";
    reading.notes.resolutionNs = MILLISECOND_NS;
  }

  line(line: string): void {
    const row = this.#rows.row(line);
    if (row === null) return this.#reading.passOver(line);
    const { time, holdNs, sizeBytes, issued } = row;
    this.#hasIssues ??= this.#stampedByIssue(row);
    if (this.#hasIssues && issued === null) return this.#reading.passOver(line);
    const timeNs = this.#hasIssues ? this.#issues.at(issued!) : this.#stamps.at(time) - holdNs;
    this.#reading.emit({ timeNs, op: "i", id: "", sizeBytes, worker: "", holdNs, count: 1 });
  }

  /** Whether the first row says when it was issued, in nanoseconds of the clock of its completion. */
  #stampedByIssue({ time, holdNs, issued }: FioLatencyRow): boolean {
    const completedNs = Number(time) * MILLISECOND_NS;
    const apartNs = issued === null ? Infinity : Number(issued) + holdNs - completedNs;
    if (!(Math.abs(apartNs) < ISSUE_SLACK_NS)) return false;
    this.#reading.notes.stamp = "start";
    this.#reading.notes.resolutionNs = 1;
    return true;
  }
}
