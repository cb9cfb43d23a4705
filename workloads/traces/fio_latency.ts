/**
 * fio's latency logs (`write_lat_log`: `_lat`, `_clat`, `_slat`): `time, value, ddir, bs[, offset][, prio]`. The time is that
 * of completion in whole milliseconds, the value nanoseconds, so most intervals are finer than their stamps:
 * spread them, or join the log with the iolog of the same job. With `log_avg_msec` the rows are averages of a
 * window, not I/Os, and nothing about concurrency can be said.
 *
 * @module
 */
import { mostLines } from "./head_lines.ts";
import { Stamps } from "./stamps.ts";
import { type Reading, TraceError, type TraceFormat, type TraceReader } from "./trace.ts";

const ROW = /^\s*(\d{1,15}),\s*(\d{1,15}),\s*([0-3]),\s*(\d{1,15})((?:,\s*\w{1,20}){0,4})\s*$/;

const MILLISECOND_NS = 1e6;

/** fio's latency logs. */
export const fioLatency: TraceFormat = {
  summary: "fio latency log (_lat, _clat, _slat): time_ms, value_ns, ddir, bytes[, offset][, prio]",
  recognises: (head) => mostLines(head, ROW),
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
}

/** Reads rows; a log of averages is refused. */
export class FioLatencyRows {
  #hasSizes = false;
  #columns = 0;

  /** @returns null where the line is no row, one of fewer columns than the first, or one of no bytes. */
  row(line: string): FioLatencyRow | null {
    const match = ROW.exec(line);
    if (match === null) return null;
    const [, time = "", value, direction = "", size, more = ""] = match;
    const sizeBytes = Number(size);
    if (sizeBytes === 0 && !this.#hasSizes) {
      throw new TraceError(
        "it is a fio log of averages, not of single I/Os: record it without log_avg_msec",
      );
    }
    const columns = more.split(",").length;
    if (!this.#hasSizes) this.#columns = columns;
    this.#hasSizes = true;
    if (sizeBytes === 0 || columns < this.#columns) return null;
    return { time, holdNs: Number(value), direction, sizeBytes, offset: offsetIn(more) };
  }
}

/** `, offset, prio` with log_offset, `, offset` of older versions, or `, prio` alone, which looks the same. */
function offsetIn(more: string): string | null {
  const [, first] = more.split(",").map((part) => part.trim());
  return first !== undefined && /^\d+$/.test(first) ? first : null;
}

class FioLatencyReader implements TraceReader {
  readonly #reading: Reading;
  readonly #stamps = new Stamps(MILLISECOND_NS);
  readonly #rows = new FioLatencyRows();

  constructor(reading: Reading) {
    this.#reading = reading;
    reading.notes.stamp = "end";
    reading.notes.resolutionNs = MILLISECOND_NS;
  }

  line(line: string): void {
    const row = this.#rows.row(line);
    if (row === null) return this.#reading.passOver(line);
    const { time, holdNs, sizeBytes } = row;
    const timeNs = this.#stamps.at(time) - holdNs;
    this.#reading.emit({ timeNs, op: "i", id: "", sizeBytes, worker: "", holdNs, count: 1 });
  }
}
