/**
 * glibc's mtrace: what `mtrace()` writes to the file named by MALLOC_TRACE. Sizes are hexadecimal; there is
 * neither time nor thread. A realloc is two lines, `<` with the old address and `>` with the new one,
 * between which those of another thread may stand.
 *
 * Addresses are used again and again, so each element gets a number of its own here, and keeps it when a
 * realloc moves it.
 *
 * @module
 */
import { ForeignLines } from "./foreign_lines.ts";
import type { TraceEvent, TraceFormat, TraceLines, TraceNotes } from "./trace.ts";

/** `@ object:(symbol+offset)[address]`, perhaps absent, then an operation, an address and a size. */
const LINE =
  /^(?:@ .* )?([-+<>!]) (0x[0-9a-fA-F]{1,16}|0|\(nil\))(?: (0x[0-9a-fA-F]{1,16}|0))?\s*$/;

/** Marks of a run's start and end. */
const MARK = /^= (?:Start|End)\s*$/;

/** Lines at the head of a file among which the first of this format must be. */
const HEAD_LINES = 20;

/** First halves of reallocs kept, at most: as many threads may be in one at the same time. */
const MOVING_MAX = 65_536;

/** glibc's mtrace. */
export const mtrace: TraceFormat = {
  summary: "glibc mtrace: @ object:(symbol+offset)[address] + 0xaddress 0xsize",
  recognises(head) {
    const lines = head.split(/\r?\n/, HEAD_LINES);
    return lines.some((line) => MARK.test(line) || LINE.test(operationOf(line)));
  },
  read,
};

async function* read(lines: TraceLines, notes: TraceNotes): AsyncGenerator<TraceEvent> {
  notes.timed = false;
  const foreign = new ForeignLines(lines, notes);
  const elements = new Elements();
  let operations = 0;
  let failed = 0;
  for await (const line of lines) {
    if (line === "" || MARK.test(line)) continue;
    const match = LINE.exec(operationOf(line));
    const [, op = "", address = "", size] = match ?? [];
    if (match === null || (size === undefined) !== (op === "-" || op === "<")) {
      foreign.passOver(line);
    } else if (op === "!" || (op === "+" && isNull(address))) {
      failed++;
    } else if (op === "-" && isNull(address)) {
      notes.nullFrees++;
    } else {
      const event = elements.event(op, address, Number(size ?? 0));
      if (event !== null) yield { ...event, timeNs: operations++, worker: "", holdNs: 0, count: 1 };
    }
  }
  if (failed > 0) notes.warnings.push(`${failed} failed allocations were left out`);
  foreign.report();
}

/** What follows the caller, if one is named. */
function operationOf(line: string): string {
  return line.startsWith("@ ") ? line.slice(line.lastIndexOf("] ") + 2) : line;
}

function isNull(address: string): boolean {
  return address === "(nil)" || Number(address) === 0;
}

/** Which element is where. State: one entry for each live element, one for each realloc under way. */
class Elements {
  readonly #idOf = new Map<number | string, string>();
  readonly #moving: string[] = [];
  #named = 0;

  /** What one line does to an element; null where it is the first half of a realloc. */
  event(
    op: string,
    address: string,
    sizeBytes: number,
  ): Pick<TraceEvent, "op" | "id" | "sizeBytes"> | null {
    const key = keyOf(address);
    if (op === "<") {
      this.#moving.push(this.#leave(key));
      if (this.#moving.length > MOVING_MAX) this.#moving.shift();
      return null;
    }
    if (op === "-") return { op: "f", id: this.#leave(key), sizeBytes: 0 };
    const moved = op === ">" ? this.#moving.shift() : undefined;
    const id = moved ?? this.#idOf.get(key) ?? this.#name();
    this.#idOf.set(key, id);
    return { op: moved === undefined ? "a" : "r", id, sizeBytes };
  }

  /** Takes the element away from an address; one that nobody knew gets a name that nobody knows. */
  #leave(key: number | string): string {
    const id = this.#idOf.get(key) ?? this.#name();
    this.#idOf.delete(key);
    return id;
  }

  #name(): string {
    return String(this.#named++);
  }
}

/** An address as a number where that is exact, as all are that a processor of today hands out untagged. */
function keyOf(address: string): number | string {
  const number = Number(address);
  return Number.isSafeInteger(number) ? number : address;
}
