/**
 * glibc's mtrace: what `mtrace()` writes to the file named by MALLOC_TRACE. Sizes are hexadecimal; there is
 * neither time nor thread. A realloc is two lines, `<` with the old address and `>` with the new one,
 * between which those of another thread may stand.
 *
 * @module
 */
import { Addresses, isNull } from "./addresses.ts";
import { sayFailed } from "./failed_allocations.ts";
import { headLines } from "./head_lines.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

/** `@ object:(symbol+offset)[address]`, perhaps absent, then an operation, an address and a size. */
const LINE =
  /^(?:@ .* )?([-+<>!]) (0x[0-9a-fA-F]{1,16}|0|\(nil\))(?: (0x[0-9a-fA-F]{1,16}|0))?\s*$/;

/** Marks of a run's start and end. */
const MARK = /^= (?:Start|End)\s*$/;

/** First halves of reallocs kept, at most: as many threads may be in one at the same time. */
const MOVING_MAX = 65_536;

/** glibc's mtrace. */
export const mtrace: TraceFormat = {
  summary: "glibc mtrace: @ object:(symbol+offset)[address] + 0xaddress 0xsize",
  recognises: (head) =>
    headLines(head).some((line) => MARK.test(line) || LINE.test(operationOf(line))),
  read(reading) {
    reading.notes.timed = false;
    return new MtraceReader(reading);
  },
};

class MtraceReader implements TraceReader {
  readonly #reading: Reading;
  readonly #addresses = new Addresses();
  readonly #moving: string[] = [];
  #operations = 0;
  #failed = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  line(line: string): void {
    if (MARK.test(line)) return;
    const match = LINE.exec(operationOf(line));
    const [, op = "", address = "", size] = match ?? [];
    if (match === null || (size === undefined) !== (op === "-" || op === "<")) {
      this.#reading.passOver(line);
    } else if (op === "!" || (op === "+" && isNull(address))) {
      this.#failed++;
    } else if (op === "-" && isNull(address)) {
      this.#reading.notes.nullFrees++;
    } else {
      this.#operation(op, address, Number(size ?? 0));
    }
  }

  end(): void {
    sayFailed(this.#failed, this.#reading.notes);
  }

  #operation(op: string, address: string, sizeBytes: number): void {
    switch (op) {
      case "<":
        this.#moving.push(this.#addresses.leave(address));
        if (this.#moving.length > MOVING_MAX) this.#moving.shift();
        return;
      case "-":
        return this.#emit("f", this.#addresses.leave(address), 0);
      case ">": {
        const moved = this.#moving.shift();
        if (moved === undefined) return this.#emit("a", this.#addresses.at(address), sizeBytes);
        this.#addresses.move(address, moved);
        return this.#emit("r", moved, sizeBytes);
      }
      default:
        return this.#emit("a", this.#addresses.at(address), sizeBytes);
    }
  }

  #emit(op: "a" | "r" | "f", id: string, sizeBytes: number): void {
    const timeNs = this.#operations++;
    this.#reading.emit({ timeNs, op, id, sizeBytes, worker: "", holdNs: 0, count: 1 });
  }
}

/** What follows the caller, if one is named. */
function operationOf(line: string): string {
  return line.startsWith("@ ") ? line.slice(line.lastIndexOf("] ") + 2) : line;
}
