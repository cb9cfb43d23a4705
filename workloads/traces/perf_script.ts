/**
 * What `perf script` prints: `comm pid[/tid] [cpu] [flags] seconds.fraction: [period] group:event: text`, of which `-F` may leave out all
 * that stands before the time. A comm is free text (blanks, `#`, `/`, `:`), so a line is recognised by what follows it.
 *
 * @module
 */
import { anyLine } from "./head_lines.ts";
import { KernelEvents } from "./kernel_events.ts";
import { sayLost } from "./lost_events.ts";
import { Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const LINE =
  /^\s*(?:\S.{0,63}?\s+)??(?:(\d{1,10})(?:\/(\d{1,10}))?\s+)?(?:\[(\d{1,6})\]\s+(?:[A-Za-z.][\w.]{0,7}\s+)?)?(\d{1,12})\.(\d{1,9}):\s+(?:\d{1,19}\s+)?[\w-]{1,64}:([\w-]{1,64}):\s*(.*)$/;

/** perf's own remarks, the lines of call chains, and what became of processes and maps. */
const REMARK = /^(?:#|\s+[0-9a-f]{1,16} )|: PERF_RECORD_/;
const RECORD = /\d:\s+PERF_RECORD_[A-Z]/;
const LOST = /: PERF_RECORD_LOST/;

/** What perf script prints. */
export const perfScript: TraceFormat = {
  summary: "perf script of kmem:* and block:* events (--view request|bio)",
  recognises: (head) => anyLine(head, LINE) || anyLine(head, RECORD),
  read: (reading) => new PerfScriptReader(reading),
};

class PerfScriptReader implements TraceReader {
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
    if (match === null) {
      if (LOST.test(line)) this.#lost++;
      else if (!REMARK.test(line)) this.#reading.passOver(line);
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
    sayLost(this.#lost, this.#reading.notes);
  }
}
