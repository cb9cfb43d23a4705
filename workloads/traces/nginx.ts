/**
 * Access logs of nginx that begin with `$msec $request_time` (or have the two in another place): both are seconds with three
 * digits, and the stamp is that of the end of the request. Most requests of a fast service take 0.000.
 *
 * @module
 */
import { mostLines } from "./head_lines.ts";
import { nanoseconds, Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

/** Words, each perhaps in quotes or brackets, that do not grow without end. */
const WORD = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\S+/g;
const WORDS_MAX = 64;

/** Seconds since 1970, to the millisecond. */
const EPOCH = /^(?:msec=)?"?(\d{9,11})\.(\d{3})"?$/;
const SECONDS = /^(?:rt=|request_time=)?"?(\d{1,8})\.(\d{3})"?$/;
const BYTES = /^(?:bytes=|bytes_sent=|body_bytes_sent=)?(\d{1,15})$/;

/** Access logs of nginx with times in milliseconds. */
export const nginx: TraceFormat = {
  summary: "nginx access log: $msec $request_time $bytes_sent ... (stamped at the end)",
  recognises: (head) => mostLines(head, { test: (line) => columnsOf(wordsOf(line)) !== null }),
  read: (reading) => new NginxReader(reading),
};

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
    reading.notes.resolutionNs = 1e6;
  }

  line(line: string): void {
    const words = wordsOf(line);
    this.#columns ??= columnsOf(words);
    const { end, duration, bytes } = this.#columns ?? { end: -1, duration: -1, bytes: -1 };
    const stamp = EPOCH.exec(words[end] ?? "");
    const time = SECONDS.exec(words[duration] ?? "");
    if (stamp === null || time === null) return this.#reading.passOver(line);
    const holdNs = nanoseconds(time[1]!, time[2], 1e9);
    const timeNs = this.#stamps.at(stamp[1]!, stamp[2]) - holdNs;
    const sizeBytes = Number(BYTES.exec(words[bytes] ?? "")?.[1] ?? 0);
    this.#reading.emit({ timeNs, op: "i", id: "", sizeBytes, worker: "", holdNs, count: 1 });
  }
}

/** The first word that is an epoch, the first one that is seconds, and what stands next to that. */
function columnsOf(words: readonly string[]): Columns | null {
  const end = words.findIndex((word) => EPOCH.test(word));
  const duration = words.findIndex((word) => SECONDS.test(word));
  if (end < 0 || duration < 0) return null;
  const named = words.findIndex((word) => /^(?:body_)?bytes/.test(word) && BYTES.test(word));
  const next = Math.max(end, duration) + 1;
  return { end, duration, bytes: named >= 0 ? named : BYTES.test(words[next] ?? "") ? next : -1 };
}

function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(WORD)) {
    words.push(word);
    if (words.length === WORDS_MAX) break;
  }
  return words;
}
