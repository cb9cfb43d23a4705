/**
 * The text of ftrace, as `trace` and `trace_pipe` give it and trace-cmd and systrace write it: `comm-pid [(tgid)] [cpu] [flags]
 * seconds.fraction: event: text`, or with the option latency-format `comm-pid cpu+flags microseconds: event: text`. A comm is free text (blanks, `#`, `-`), so a line is recognised by what follows it.
 *
 * @module
 */
import { anyLine } from "./head_lines.ts";
import { type KernelEvent, KernelEvents } from "./kernel_events.ts";
import { sayLost } from "./lost_events.ts";
import { Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const LINE =
  /^\s*\S.{0,63}?-(\d{1,10})\s+(?:\(\s*[\d-]{1,12}\)\s+)?(?:\[(\d{1,6})\]\s+)?(?:[^\s:]{3,8}\s+)?(\d{1,12})\.(\d{1,9}):\s+(\w{1,64}):(?:\s+(.*))?$/;

/** `2d..1.  142us+: kfree: ...`: a mark such as `+` says that it took long until the next. */
const LATENCY_LINE =
  /^\s*\S.{0,63}?-(\d{1,10})\s+(\d{1,4})[^\s\d]\S{2,8}\s+(\d{1,18})us[^\s:]?\s*:\s+(\w{1,64}):(?:\s+(.*))?$/;

/** Headers, call chains, and what the tools say themselves. */
const REMARK = /^(?:#|\s*=> |cpus=|version = |CPU\s*\d+ is empty|CPU:\d+ \[(?:LOST|SUBBUF))/;
const LOST = /LOST\s*(\d+)?\s*EVENTS/i;

/** The text of ftrace. */
export const ftrace: TraceFormat = {
  summary: "ftrace, trace-cmd, systrace text of kmem and block events (--view request|bio)",
  recognises: (head) => anyLine(head, LINE) || anyLine(head, LATENCY_LINE),
  read: (reading) => new FtraceReader(reading),
};

/** An event whose time is still text. */
type StampedEvent = Omit<KernelEvent, "timeNs"> & {
  readonly seconds: string;
  readonly fraction: string;
};

class FtraceReader implements TraceReader {
  readonly #reading: Reading;
  readonly #stamps = new Stamps(1e9);
  readonly #events: KernelEvents;
  #lost = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#events = new KernelEvents(reading);
  }

  line(line: string): void {
    const match = LINE.exec(line);
    if (match === null) return this.#latencyLine(line);
    const [, pid, cpu, seconds, fraction, name, text = ""] = match;
    this.#event(line, {
      seconds: seconds!,
      fraction: fraction!,
      worker: cpu ?? pid!,
      name: name!,
      text,
    });
  }

  #latencyLine(line: string): void {
    const match = LATENCY_LINE.exec(line);
    if (match === null) return this.#otherLine(line);
    const [, , cpu, microseconds, name, text = ""] = match;
    const digits = microseconds!.padStart(7, "0");
    const at = { seconds: digits.slice(0, -6), fraction: digits.slice(-6) };
    this.#event(line, { ...at, worker: cpu!, name: name!, text });
  }

  #event(line: string, { seconds, fraction, ...event }: StampedEvent): void {
    const timeNs = this.#stamps.at(seconds, fraction);
    this.#reading.notes.resolutionNs = this.#stamps.resolutionNs;
    const isWhole = this.#events.take({ ...event, timeNs });
    if (!isWhole) this.#reading.passOver(line);
  }

  end(): void {
    this.#events.end();
    sayLost(this.#lost, this.#reading.notes);
  }

  #otherLine(line: string): void {
    if (LOST.test(line)) this.#lost++;
    else if (!REMARK.test(line)) this.#reading.passOver(line);
  }
}
