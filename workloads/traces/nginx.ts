/**
 * Access logs of nginx with `$request_time` and one of its stamps, wherever the two stand: `$msec` (an epoch in milliseconds),
 * `$time_local` or `$time_iso8601` (whole seconds), all of them of the end of the request. Words may have names (`rt=0.250`,
 * `reqtime:0.250` as in LTSV). Most requests of a fast service take 0.000.
 *
 * @module
 */
import { mostLines } from "./head_lines.ts";
import { nanoseconds, Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

/** Words, each perhaps in quotes or brackets, that do not grow without end. */
const WORD = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\S+/g;
const WORDS_MAX = 64;

/** A name before a value, and the quotes or brackets round it. */
const NAMED = /^(?:([A-Za-z]\w{0,31})[=:])?["[]?(.*?)["\]]?$/;

/** Names of the time that the whole request took; others (`urt`) are those of a part of it. */
const DURATION_NAME = /^(?:rt|t|req(?:uest)?_?time|duration|elapsed|took|latency)$/;
const BYTES_NAME = /^(?:size|bytes|(?:body_)?bytes_sent)$/;

const EPOCH = /^(\d{9,11})\.(\d{3})$/;
const LOCAL = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/;
const SECONDS = /^(\d{1,8})\.(\d{3})$/;
const STATUS = /^[1-5]\d\d$/;
const BYTES = /^\d{1,15}$/;

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** Access logs of nginx with times of requests. */
export const nginx: TraceFormat = {
  summary: "nginx access log: $msec or $time_local, $request_time, bytes (stamped at the end)",
  recognises: (head) => mostLines(head, { test: (line) => columnsOf(wordsOf(line)) !== null }),
  read: (reading) => new NginxReader(reading),
};

/** A word without what stands round it. */
interface Word {
  /** "" where it has none. */
  readonly name: string;
  readonly value: string;
}

/** Where the words that matter stand. */
interface Columns {
  readonly end: number;
  readonly duration: number;
  /** -1 where no word of a line can be a number of bytes. */
  readonly bytes: number;
}

class NginxReader implements TraceReader {
  readonly #reading: Reading;
  readonly #stamps = new Stamps(1e9);
  #columns: Columns | null = null;

  constructor(reading: Reading) {
    this.#reading = reading;
    reading.notes.stamp = "end";
  }

  line(line: string): void {
    const words = wordsOf(line);
    this.#columns ??= columnsOf(words);
    const { end, duration, bytes } = this.#columns ?? { end: -1, duration: -1, bytes: -1 };
    const stamp = stampIn(wordOf(words[end]).value);
    const time = SECONDS.exec(wordOf(words[duration]).value);
    if (stamp === null || time === null) return this.#reading.passOver(line);
    const holdNs = nanoseconds(time[1]!, time[2], 1e9);
    const timeNs = this.#stamps.at(...stamp) - holdNs;
    const size = wordOf(words[bytes]).value;
    const sizeBytes = BYTES.test(size) ? Number(size) : 0;
    this.#reading.notes.resolutionNs = this.#stamps.resolutionNs;
    this.#reading.emit({ timeNs, op: "i", id: "", sizeBytes, worker: "", holdNs, count: 1 });
  }
}

/** Seconds since 1970 and their fraction; null where a value is no stamp. */
function stampIn(value: string): readonly [seconds: string, fraction: string] | null {
  const epoch = EPOCH.exec(value);
  if (epoch !== null) return [epoch[1]!, epoch[2]!];
  const local = LOCAL.exec(value);
  const iso = local === null ? value : isoOf(local);
  const ms = ISO.test(iso) ? Date.parse(iso) : NaN;
  return Number.isNaN(ms) ? null : [String(ms / 1000), ""];
}

function isoOf([, day, month = "", year, time, hours, minutes]: RegExpExecArray): string {
  const number = String(MONTHS.indexOf(month) / 3 + 1).padStart(2, "0");
  return `${year}-${number}-${day}T${time}${hours}:${minutes}`;
}

/** The finest stamp, the time that is named as that of the request or else the first one, and the bytes. */
function columnsOf(texts: readonly string[]): Columns | null {
  const words = texts.map(wordOf);
  const epoch = words.findIndex(({ value }) => EPOCH.test(value));
  const end = epoch >= 0 ? epoch : words.findIndex(({ value }) => stampIn(value) !== null);
  const named = words.findIndex(({ name, value }) =>
    DURATION_NAME.test(name) && SECONDS.test(value)
  );
  const duration = named >= 0
    ? named
    : words.findIndex(({ name, value }) => name === "" && SECONDS.test(value));
  return end < 0 || duration < 0
    ? null
    : { end, duration, bytes: bytesIn(words, { end, duration }) };
}

/** What is named so, or what follows `"request" status`, or what follows the two times. */
function bytesIn(words: readonly Word[], times: Pick<Columns, "end" | "duration">): number {
  const named = words.findIndex(({ name, value }) => BYTES_NAME.test(name) && BYTES.test(value));
  const status = words.findIndex(({ value }, at) =>
    at > 0 && STATUS.test(value) && words[at - 1]!.value.includes(" ") &&
    BYTES.test(words[at + 1]?.value ?? "")
  );
  const next = Math.max(times.end, times.duration) + 1;
  if (named >= 0) return named;
  if (status >= 0) return status + 1;
  return BYTES.test(words[next]?.value ?? "") ? next : -1;
}

function wordOf(text: string = ""): Word {
  const [, name = "", value = ""] = NAMED.exec(text) ?? [];
  return { name, value };
}

/** Words between tabs, where there are any, else between blanks. */
function wordsOf(line: string): string[] {
  return line.includes("\t") ? line.split("\t", WORDS_MAX) : blankSeparated(line);
}

function blankSeparated(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(WORD)) {
    words.push(word);
    if (words.length === WORDS_MAX) break;
  }
  return words;
}
