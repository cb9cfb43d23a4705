/**
 * What `perf script` prints: `comm pid[/tid] [cpu] seconds.fraction: [period] group:event: text`, of which `-F` may leave out all
 * that stands before the time. A comm is free text (blanks, `#`, `/`, `:`), so a line is recognised by what follows it.
 *
 * @module
 */
import { anyLine } from "./head_lines.ts";
import { KernelEvents } from "./kernel_events.ts";
import { Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const LINE =
  /^\s*(?:\S.{0,63}?\s+)??(?:(\d{1,10})(?:\/(\d{1,10}))?\s+)?(?:\[(\d{1,6})\]\s+)?(\d{1,12})\.(\d{1,9}):\s+(?:\d{1,19}\s+)?[\w-]{1,64}:([\w-]{1,64}):\s*(.*)$/;

/** perf's own remarks, and the lines of call chains. */
const REMARK = /^(?:#|\s+[0-9a-f]{4,16} )/;

/** What perf script prints. */
export const perfScript: TraceFormat = {
  summary: "perf script of kmem:* and block:* events (--view request|bio)",
  recognises: (head) => anyLine(head, LINE),
  read: (reading) => new PerfScriptReader(reading),
};

class PerfScriptReader implements TraceReader {
  readonly #reading: Reading;
  readonly #stamps = new Stamps(1e9);
  readonly #events: KernelEvents;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#events = new KernelEvents(reading);
  }

  line(line: string): void {
    const match = LINE.exec(line);
    if (match === null) {
      if (!REMARK.test(line)) this.#reading.passOver(line);
      return;
    }
    const [, pid, tid, cpu, seconds, fraction, name, text] = match;
    const timeNs = this.#stamps.at(seconds!, fraction);
    this.#reading.notes.resolutionNs = this.#stamps.resolutionNs;
    const worker = cpu ?? tid ?? pid ?? "";
    const isWhole = this.#events.take({ timeNs, worker, name: name!, text: text! });
    if (!isWhole) this.#reading.passOver(line);
  }

  end(): void {
    this.#events.end();
  }
}
