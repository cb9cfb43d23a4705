/**
 * Block traces of MSR Cambridge (SNIA IOTTA): `timestamp,hostname,disk,type,offset,size,response time`. Both times are ticks of
 * 100 ns; the stamp, a Windows filetime, is that of the issue and has more digits than a number holds.
 *
 * @module
 */
import { mostLines } from "./head_lines.ts";
import { Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const ROW =
  /^(\d{15,20}),([^,]{1,100}),(\d{1,9}),(?:read|write),(\d{1,20}),(\d{1,15}),(\d{1,15})\s*$/i;

const TICK_NS = 100;

/** Block traces of MSR Cambridge. */
export const msrCambridge: TraceFormat = {
  summary: "MSR Cambridge: filetime,host,disk,Read|Write,offset,bytes,response_ticks",
  recognises: (head) => mostLines(head.replace(/^\ufeff?timestamp,.*\n/i, ""), ROW),
  read(reading) {
    reading.notes.resolutionNs = TICK_NS;
    const stamps = new Stamps(TICK_NS);
    return { line: (line) => readRow(line, stamps, reading) } satisfies TraceReader;
  },
};

function readRow(line: string, stamps: Stamps, reading: Reading): void {
  const match = ROW.exec(line);
  if (match === null) {
    if (!/^timestamp,/i.test(line)) reading.passOver(line);
    return;
  }
  const [, ticks, host, disk, , size, response] = match;
  const timeNs = stamps.at(ticks!);
  const holdNs = Number(response) * TICK_NS;
  const worker = `${host}.${disk}`;
  reading.emit({ timeNs, op: "i", id: "", sizeBytes: Number(size), worker, holdNs, count: 1 });
}
