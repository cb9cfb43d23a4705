/**
 * The text of blkparse: `major,minor cpu sequence seconds.nanoseconds pid action rwbs sector + sectors [who]`. Behind
 * the events stands a summary, which is passed over. A remap (`A`) and a queue (`Q`) speak of the same bio,
 * which is counted once.
 *
 * @module
 */
import { BlockLayer } from "./block_layer.ts";
import { anyLine } from "./head_lines.ts";
import { Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const LINE =
  /^\s*(\d{1,5},\d{1,7})\s+(\d{1,6})\s+\d{1,20}\s+(\d{1,15})\.(\d{1,9})\s+\d{1,10}\s+([A-Za-z]{1,4})\s+(.*)$/;
const RANGE = /^(\S+)\s+(\d{1,20}) \+ (\d{1,10})(?:\s+[[(<].*)?\s*$/;

/** Actions that say something of a request or a bio. */
const NEEDED: ReadonlySet<string> = new Set(["Q", "D", "C", "R"]);

/** Where the summary begins. */
const SUMMARY = /^(?:CPU\s*\d+|Total)\s*\(.*\):/;

/** The text of blkparse. */
export const blkparse: TraceFormat = {
  summary: "blkparse: dev cpu seq sec.nsec pid action rwbs sector + sectors (--view request|bio)",
  recognises: (head) => anyLine(head, LINE),
  read: (reading) => new BlkparseReader(reading),
};

class BlkparseReader implements TraceReader {
  readonly #reading: Reading;
  readonly #stamps = new Stamps(1e9);
  readonly #layer: BlockLayer;
  #inSummary = false;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#layer = new BlockLayer(reading);
  }

  line(line: string): void {
    const match = LINE.exec(line);
    if (match === null) return this.#otherLine(line);
    const [, device = "", worker = "", seconds = "", fraction = "", action = "", rest = ""] = match;
    const timeNs = this.#stamps.at(seconds, fraction);
    this.#reading.notes.resolutionNs = this.#stamps.resolutionNs;
    if (!NEEDED.has(action)) {
      if (this.#reading.unterminated && !/\]\s*\d*$|\)$/.test(rest)) this.#reading.passOver(line);
      return;
    }
    const range = RANGE.exec(rest);
    if (range === null || this.#isCut(rest)) return this.#withoutRange(line, rest);
    const [, , sector = "", sectors] = range;
    const event = { timeNs, device, worker, sector, sectors: Number(sectors) };
    if (action === "Q") this.#layer.queued(event);
    else if (action === "D") this.#layer.issued(event);
    else if (action === "C") this.#layer.completed(event);
    else this.#layer.requeued(event);
  }

  end(): void {
    this.#layer.refuseBiosAlone();
    this.#layer.end();
  }

  /** A number of sectors at the very end may have lost digits; what follows it shows that it did not. */
  #isCut(rest: string): boolean {
    return this.#reading.unterminated && !/[\])]\s*$/.test(rest);
  }

  /** Commands without sectors (flushes, those of SCSI) are no elements; a torn line is passed over. */
  #withoutRange(line: string, rest: string): void {
    if (this.#reading.unterminated || !/^\S+\s+(?:\d+ )?[[(]/.test(rest)) {
      this.#reading.passOver(line);
    }
  }

  #otherLine(line: string): void {
    if (SUMMARY.test(line)) this.#inSummary = true;
    if (!this.#inSummary) this.#reading.passOver(line);
  }
}
