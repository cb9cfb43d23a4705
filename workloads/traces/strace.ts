/**
 * `strace -f -ttt -T` (or `-tt`, with the time of day): each system call is held from its stamp for its duration. One that another thread's call
 * interrupted has two lines: it began at the first one, `<unfinished ...>`, and its duration stands in the second,
 * `<... resumed>`. Its size is what it returned, where that is a count.
 *
 * Arguments may hold anything, so a line is read from its two ends only. Without `-T` there are no durations, and
 * the trace has arrivals only.
 *
 * @module
 */
import { anyLine } from "./head_lines.ts";
import { nanoseconds, Stamps } from "./stamps.ts";
import { END_UNKNOWN, type Reading, type TraceFormat, type TraceReader } from "./trace.ts";

/**
 * `pid epoch.fraction `, `[pid 123<comm>] hh:mm:ss.fraction ` or only the seconds since the call before (`-r`, which may stand beside
 * a stamp), perhaps a call's number (`-n`) and where it came from (`-i`), then a call, its second half, an exit or a signal.
 */
const START = new RegExp(
  String.raw`^ {0,16}(?:\[pid\s+(\d+)(?:<[^>]{0,64}>)?\]\s+|(\d+)(?:<[^>]{0,64}>)?\s+)?` +
    String.raw`(?:(\d{9,11})|(\d\d):(\d\d):(\d\d)|(?:(\d{1,8})(?=\.)))(?:\.(\d{1,9}))?\s+` +
    String.raw`(?:\(\+\s*[\d.]+\)\s+)?(?:\[[\s0-9a-f?]{1,18}\]\s+){0,2}` +
    String.raw`(?=(?:[a-z_]\w*\(|<\.\.\. |\+\+\+ |--- ))`,
);

/** Stamps of the day that go back by more than this have gone past midnight, those that go on by more have come back. */
const HALF_DAY_S = 43_200;

/** What strace says itself, and the lines of call chains (`-k`). */
const REMARK = /^(?:strace: | > )/;

/** `= ret`, perhaps with more, and the duration. */
const DURATION = /<(\d+)\.(\d+)>\s*$/;
const RETURNED = /= (-?\d{1,19}|0x[0-9a-f]{1,16}|\?)/y;
const UNFINISHED = /<(?:unfinished|detached) \.\.\.>\s*$/;

/** Calls under way, at most: as many threads may be in one. */
const CALLS_MAX = 2 ** 20;

const SECOND_NS = 1e9;

/** strace with stamps and durations. */
export const strace: TraceFormat = {
  summary: "strace -f -ttt -T: pid epoch.us call(args) = ret <seconds>",
  recognises: (head) => anyLine(head, START),
  read(reading) {
    reading.notes.arrivalsOnly = true; // until a duration is seen
    return new StraceReader(reading);
  },
};

class StraceReader implements TraceReader {
  readonly #reading: Reading;
  readonly #stamps = new Stamps(SECOND_NS);
  readonly #begun = new Map<string, number>();
  #ofDay = 0;
  #sinceFirstNs = 0;
  #days = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  line(line: string): void {
    const match = START.exec(line);
    if (match === null) {
      if (!REMARK.test(line)) this.#reading.passOver(line);
      return;
    }
    const [start, bracketed, plain] = match;
    const worker = bracketed ?? plain ?? "";
    const timeNs = this.#timeOf(match);
    this.#reading.notes.resolutionNs = this.#stamps.resolutionNs;
    switch (line[start.length]) {
      case "+":
        return this.#giveUp(worker);
      case "-":
        return;
      case "<":
        return this.#resumed(line, worker, timeNs);
      default:
        return UNFINISHED.test(line.slice(-32))
          ? this.#begin(worker, timeNs)
          : this.#call(line, worker, timeNs);
    }
  }

  #timeOf([, , , epoch, hours, minutes, seconds, since, fraction]: RegExpExecArray): number {
    if (since === undefined) {
      const ofDay = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      return this.#stamps.at(epoch ?? this.#secondsOf(ofDay), fraction);
    }
    this.#stamps.at("0", fraction); // for its grain
    this.#sinceFirstNs += nanoseconds(since, fraction, SECOND_NS);
    return this.#sinceFirstNs;
  }

  /** Seconds of the day, from the beginning of the first one. */
  #secondsOf(ofDay: number): string {
    if (ofDay < this.#ofDay - HALF_DAY_S) this.#days++;
    // One thread's line from before midnight may come after another's from after it.
    else if (ofDay > this.#ofDay + HALF_DAY_S && this.#days > 0) this.#days--;
    this.#ofDay = ofDay;
    return String(this.#days * 86_400 + ofDay);
  }

  /** What was begun and never resumed. */
  end(): void {
    for (const worker of this.#begun.keys()) this.#giveUp(worker);
  }

  #begin(worker: string, timeNs: number): void {
    this.#giveUp(worker);
    this.#begun.set(worker, timeNs);
    if (this.#begun.size > CALLS_MAX) this.#giveUp(this.#begun.keys().next().value!);
  }

  #resumed(line: string, worker: string, timeNs: number): void {
    const begunNs = this.#begun.get(worker);
    if (begunNs === undefined) return this.#reading.passOver(line);
    this.#begun.delete(worker);
    if (UNFINISHED.test(line.slice(-32))) this.#begun.set(worker, begunNs);
    else this.#call(line, worker, begunNs, timeNs);
  }

  /** A call's line; its second half has its own stamp, which ends the call where there is no duration. */
  #call(line: string, worker: string, timeNs: number, resumedNs?: number): void {
    const duration = DURATION.exec(line.slice(-40));
    const returned = returnedBy(line);
    const isTorn = returned === null && duration === null && resumedNs === undefined;
    if (isTorn || (duration === null && this.#reading.unterminated)) {
      return this.#reading.passOver(line);
    }
    const holdNs = duration === null
      ? END_UNKNOWN
      : nanoseconds(duration[1]!, duration[2], SECOND_NS);
    if (duration === null && returned === "?") return; // it never came back, and was not meant to
    if (duration !== null) this.#reading.notes.arrivalsOnly = false;
    this.#emit(worker, timeNs, { holdNs, sizeBytes: sizeOf(returned) });
  }

  #giveUp(worker: string): void {
    const begunNs = this.#begun.get(worker);
    if (begunNs === undefined) return;
    this.#begun.delete(worker);
    this.#emit(worker, begunNs, { holdNs: END_UNKNOWN, sizeBytes: 0 });
  }

  #emit(
    worker: string,
    timeNs: number,
    { holdNs, sizeBytes }: { readonly holdNs: number; readonly sizeBytes: number },
  ): void {
    this.#reading.emit({ timeNs, op: "i", id: "", sizeBytes, worker, holdNs, count: 1 });
  }
}

/** What stands behind the last ` = ` that follows a closing parenthesis, blanks between them; null where none does. */
function returnedBy(line: string): string | null {
  for (let at = line.lastIndexOf("= "); at > 0; at = line.lastIndexOf("= ", at - 1)) {
    let before = at - 1;
    while (line[before] === " ") before--;
    if (line[before] !== ")" || before === at - 1) continue;
    RETURNED.lastIndex = at;
    const match = RETURNED.exec(line);
    if (match !== null) return match[1]!;
  }
  return null;
}

/** Bytes, where a call returned a count; addresses and errors are none. */
function sizeOf(returned: string | null): number {
  const size = returned === null || returned.startsWith("0x") ? 0 : Number(returned);
  return Number.isSafeInteger(size) && size > 0 ? size : 0;
}
