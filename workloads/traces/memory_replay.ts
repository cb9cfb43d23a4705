/**
 * Android's memory_replay: what libc's malloc_debug records with `record_allocs`. The result of an operation comes
 * before its arguments, so a realloc names the new address first. A calloc takes the product of its two
 * numbers. Newer recordings end each line with two stamps in nanoseconds; then the trace is timed.
 *
 * @module
 */
import { Addresses, isNull } from "./addresses.ts";
import { sayFailed } from "./failed_allocations.ts";
import { anyLine } from "./head_lines.ts";
import { Stamps } from "./stamps.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const ADDRESS = "(0x[0-9a-fA-F]{1,16})";
const LINE = new RegExp(
  `^\\s*(\\d+): (?:(malloc) ${ADDRESS} (\\d{1,16})|(calloc) ${ADDRESS} (\\d{1,16}) (\\d{1,16})|` +
    `(memalign|aligned_alloc) ${ADDRESS} \\d+ (\\d{1,16})|(realloc) ${ADDRESS} ${ADDRESS} (\\d{1,16})|` +
    `(free) ${ADDRESS}|(thread_done) 0x0(?: \\d{1,20})?)(?: (\\d{1,20}) \\d{1,20})?\\s*$`,
);

/** Android's memory_replay. */
export const memoryReplay: TraceFormat = {
  summary: "AOSP memory_replay: tid: malloc address size | realloc new old size | free address",
  recognises: (head) => anyLine(head, LINE),
  read: (reading) => new MemoryReplayReader(reading),
};

class MemoryReplayReader implements TraceReader {
  readonly #reading: Reading;
  readonly #addresses = new Addresses();
  readonly #stamps = new Stamps(1);
  #operations = 0;
  #lines = 0;
  #failed = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  line(line: string): void {
    const match = LINE.exec(line);
    if (match === null) return this.#reading.passOver(line);
    const { notes } = this.#reading;
    const stamp = match[19];
    if (match[18]) return; // a thread's end, with one stamp or none
    if (this.#lines++ === 0) notes.timed = stamp !== undefined;
    if (notes.timed && stamp === undefined) return this.#reading.passOver(line);
    if (notes.timed) notes.resolutionNs = 1;
    const timeNs = notes.timed ? this.#stamps.at(stamp!) : this.#operations;
    if (match[2]) this.#allocate(match, timeNs, match[3]!, Number(match[4]));
    else if (match[5]) {
      this.#allocate(match, timeNs, match[6]!, Number(match[7]) * Number(match[8]));
    } else if (match[9]) this.#allocate(match, timeNs, match[10]!, Number(match[11]));
    else if (match[12]) this.#reallocate(match, timeNs);
    else if (match[16]) this.#free(match, timeNs, match[17]!);
  }

  end(): void {
    sayFailed(this.#failed, this.#reading.notes);
  }

  #allocate(match: RegExpExecArray, timeNs: number, address: string, sizeBytes: number): void {
    if (isNull(address)) this.#failed++;
    else this.#emit(match, timeNs, { op: "a", id: this.#addresses.at(address), sizeBytes });
  }

  #free(match: RegExpExecArray, timeNs: number, address: string): void {
    if (isNull(address)) this.#reading.notes.nullFrees++;
    else this.#emit(match, timeNs, { op: "f", id: this.#addresses.leave(address), sizeBytes: 0 });
  }

  /** A realloc of nothing allocates; one to nothing frees, or failed and left everything as it was. */
  #reallocate(match: RegExpExecArray, timeNs: number): void {
    const [to, from, sizeBytes] = [match[13]!, match[14]!, Number(match[15])];
    if (isNull(from)) return this.#allocate(match, timeNs, to, sizeBytes);
    if (isNull(to) && sizeBytes > 0) return void this.#failed++;
    if (isNull(to)) return this.#free(match, timeNs, from);
    const id = this.#addresses.leave(from);
    this.#addresses.move(to, id);
    this.#emit(match, timeNs, { op: "r", id, sizeBytes });
  }

  #emit(
    [, worker]: RegExpExecArray,
    timeNs: number,
    what: { readonly op: "a" | "f" | "r"; readonly id: string; readonly sizeBytes: number },
  ): void {
    this.#operations++;
    this.#reading.emit({ timeNs, ...what, worker: worker!, holdNs: 0, count: 1 });
  }
}
