/**
 * Profiles of FlashNet's replayer: `recorded_ms,latency_us,type,bytes,offset,submitted_ms,done_bytes`, without a header. An I/O is
 * held from its submission (milliseconds with three digits) for its latency; when it was recorded says nothing
 * of the replay.
 *
 * @module
 */
import { mostLines } from "./head_lines.ts";
import { nanoseconds, Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const ROW =
  /^(\d{1,15})(?:\.\d{1,9})?,(\d{1,12})(?:\.(\d{1,9}))?,([01]),(\d{1,15}),(\d{1,20}),(\d{1,15})(?:\.(\d{1,9}))?,(\d{1,15})\s*$/;

/** Profiles of FlashNet's replayer. */
export const flashnet: TraceFormat = {
  summary: "FlashNet: recorded_ms,latency_us,type,bytes,offset,submitted_ms,done_bytes",
  recognises: (head) => mostLines(head, ROW),
  read(reading) {
    const stamps = new Stamps(1e6);
    return { line: (line) => readRow(line, stamps, reading) } satisfies TraceReader;
  },
};

function readRow(line: string, stamps: Stamps, reading: Reading): void {
  const match = ROW.exec(line);
  if (match === null) return reading.passOver(line);
  const [, , latency, fraction, , size, , submitted, submittedFraction] = match;
  const timeNs = stamps.at(submitted!, submittedFraction);
  const holdNs = nanoseconds(latency!, fraction, 1e3);
  reading.notes.resolutionNs = stamps.resolutionNs;
  reading.emit({ timeNs, op: "i", id: "", sizeBytes: Number(size), worker: "", holdNs, count: 1 });
}
