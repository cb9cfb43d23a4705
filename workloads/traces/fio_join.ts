/**
 * fio's iolog and latency log of one job, joined: the one knows to the microsecond when an I/O was issued, the other to
 * the nanosecond how long it took. They meet by direction and offset, first come first served, so the log must have been
 * written with `log_offset=1`. Both are read side by side: what is in memory is what is in flight.
 *
 * @module
 */
import { type FioIssue, FioIssues } from "./fio_iolog.ts";
import { FioLatencyRows } from "./fio_latency.ts";
import { LineReader } from "./lines.ts";
import { Stamps } from "./stamps.ts";
import { END_UNKNOWN, type Reading, TraceError } from "./trace.ts";

const MICROSECOND_NS = 1e3;

/** I/Os in flight, at most. */
const IN_FLIGHT_MAX = 2 ** 22;

/** How far behind a completion an issue may be written: a batch of the log. */
const SLACK_US = 2_000_000;

const TOO_FEW_MEET = "too few rows of the two logs meet: give those of one job and thread, " +
  "the latency log recorded with log_offset=1";

/** A reading and the file that it is joined with. */
interface Joining extends Reading {
  readonly other: string;
}

/**
 * Reads a trace that is one of the two logs, together with the other.
 *
 * @throws {TraceError} where they are not the two halves of one recording.
 */
export async function joinLatencies(
  format: string,
  lines: LineReader,
  reading: Joining,
): Promise<void> {
  const other = await openOther(reading);
  try {
    const isIolog = { own: format === "fio-iolog", other: /^fio version/m.test(other.head) };
    if (isIolog.own === isIolog.other || !(isIolog.own || format === "fio-latency")) {
      throw new TraceError(
        `it is ${format} and cannot be joined with ${reading.other}: give a fio iolog and the latency log of its job`,
      );
    }
    const [iolog, latencies] = isIolog.own ? [lines, other] : [other, lines];
    await new Join(iolog, latencies, reading).run();
  } finally {
    await other.close();
  }
}

async function openOther({ other, notes }: Joining): Promise<LineReader> {
  try {
    return await LineReader.open(other, notes);
  } catch (error) {
    throw TraceError.of(other, error);
  }
}

class Join {
  readonly #iolog: LineReader;
  readonly #latencies: LineReader;
  readonly #reading: Reading;
  readonly #issues = new FioIssues();
  readonly #rows = new FioLatencyRows();
  readonly #stamps = new Stamps(MICROSECOND_NS);
  readonly #inFlight = new Map<string, FioIssue[]>();
  #inFlightCount = 0;
  #issuedUs = -Infinity;
  #matched = 0;
  #unmatched = 0;

  constructor(iolog: LineReader, latencies: LineReader, reading: Reading) {
    this.#iolog = iolog;
    this.#latencies = latencies;
    this.#reading = reading;
    reading.notes.resolutionNs = MICROSECOND_NS;
  }

  /** Reads both to their ends: of the iolog always as much as the latencies may speak of. */
  async run(): Promise<void> {
    let batch: string[] = [];
    while (await this.#latencies.readSome((line) => batch.push(line))) {
      const last = batch.findLast((line) => /^\s*\d/.test(line)) ?? "0";
      await this.#readIssues(parseInt(last) * 1e3 + SLACK_US);
      for (const line of batch) this.#complete(line);
      batch = [];
    }
    await this.#readIssues(Infinity);
    if (this.#unmatched > this.#matched) throw new TraceError(TOO_FEW_MEET);
    for (const issues of this.#inFlight.values()) {
      for (const issue of issues) this.#emit(issue, END_UNKNOWN);
    }
    if (this.#unmatched === 0) return;
    this.#reading.notes.warnings.push({
      code: "not-joined",
      message:
        `rows of the latency log without an issue in the iolog, left out: ${this.#unmatched}`,
      advice: "give two logs of the same job and thread",
    });
  }

  async #readIssues(untilUs: number): Promise<void> {
    while (this.#issuedUs < untilUs) {
      if (!await this.#iolog.readSome((line) => this.#issue(line))) this.#issuedUs = Infinity;
    }
  }

  #issue(line: string): void {
    const issue = this.#issues.issue(line);
    if (issue === undefined) this.#reading.passOver(line);
    if (issue === null || issue === undefined) return;
    if (issue.time === null) {
      throw new TraceError("the iolog is of version 2, which has no times: record version 3");
    }
    const key = `${issue.direction} ${issue.offset}`;
    const others = this.#inFlight.get(key);
    if (others === undefined) this.#inFlight.set(key, [issue]);
    else others.push(issue);
    this.#issuedUs = Math.max(this.#issuedUs, Number(issue.time));
    if (++this.#inFlightCount > IN_FLIGHT_MAX) {
      throw new TraceError(TOO_FEW_MEET);
    }
  }

  #complete(line: string): void {
    const row = this.#rows.row(line);
    if (row === null) return this.#reading.passOver(line);
    if (row.offset === null) {
      throw new TraceError("the latency log has no offsets: record it with log_offset=1");
    }
    const key = `${row.direction} ${row.offset}`;
    const issues = this.#inFlight.get(key);
    const issue = issues?.shift();
    if (issue === undefined) {
      this.#unmatched++;
      return;
    }
    if (issues!.length === 0) this.#inFlight.delete(key);
    this.#inFlightCount--;
    this.#matched++;
    this.#emit(issue, row.holdNs);
  }

  #emit({ time, sizeBytes }: FioIssue, holdNs: number): void {
    const timeNs = this.#stamps.at(time!);
    this.#reading.emit({ timeNs, op: "i", id: "", sizeBytes, worker: "", holdNs, count: 1 });
  }
}
