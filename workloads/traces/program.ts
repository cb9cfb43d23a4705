/**
 * A recorded trace compiled for replay: columns of plain numbers in shared memory, so that every worker reads
 * the same program and nothing is parsed, looked up or allocated while the clock runs.
 *
 * An event costs 29 bytes. Resizes are no events of the program: they keep their element, and are
 * counted only.
 *
 * @module
 */
import type { Warning } from "../../results/result.ts";
import { followTrace } from "./follow.ts";
import type { LiveEvent } from "./live.ts";
import { type LiveCounts, liveWarnings } from "./live_counts.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
import { ALLOCATE, FREE } from "./program_ops.ts";
import { TraceError, type TraceNotes } from "./trace.ts";
import { NO_HOLDS } from "./traps.ts";

/** A program longer than this is refused: it would take more than 1.9 GB. */
const EVENTS_MAX = 2 ** 26;

/** What to do, event by event, and what was counted while compiling. Column i describes event i. */
export interface ReplayProgram {
  /** The registered name of the trace's format. */
  readonly format: string;
  /** Whether times are nanoseconds; else they count operations. */
  readonly timed: boolean;
  /** How many events there are. */
  readonly events: number;

  /** When, from 0 at the first event; never decreasing. */
  readonly timeNs: Float64Array<SharedArrayBuffer>;
  /** {@linkcode ALLOCATE} or {@linkcode FREE}. */
  readonly op: Uint8Array<SharedArrayBuffer>;
  /** The element's slot, 0 to slots - 1; used again after the element's free. */
  readonly element: Int32Array<SharedArrayBuffer>;
  /** Bytes asked for when the element was allocated. */
  readonly sizeBytes: Float64Array<SharedArrayBuffer>;
  /** The recorded worker that allocated the element, 0 to workers - 1; of its free as well. */
  readonly worker: Int32Array<SharedArrayBuffer>;
  /** The recorded worker that does it: of a free the one that frees, where the trace says who that was. */
  readonly by: Int32Array<SharedArrayBuffer>;

  /** Allocations; `allocs + frees = events`. */
  readonly allocs: number;
  /** Frees, implicit ones among them; `allocs - frees = liveAtEnd`. */
  readonly frees: number;
  /** Most elements live at once. */
  readonly slots: number;
  /** Recorded workers that allocated or freed something. */
  readonly workers: number;
  /** From the first event to the last; operations where the trace is untimed. */
  readonly durationNs: number;
  /** Elements that are never freed. */
  readonly liveAtEnd: number;
  /** Frees of elements that were not live: left out. */
  readonly unknownFrees: number;
  /** free(NULL): left out. */
  readonly nullFrees: number;
  /** Frees that the trace lacks: put in. */
  readonly implicitFrees: number;
  /** Resizes: left out. */
  readonly reallocs: number;
  /** Rows with an earlier time than the row before: put in order. */
  readonly outOfOrder: number;
  /** What the user should hear. */
  readonly warnings: readonly Warning[];
}

/**
 * Compiles a trace.
 *
 * @param path a path or a `file:` URL.
 * @throws {TraceError} where the trace cannot be read, allocates nothing, or has arrivals only and no holds are given.
 */
export async function compileReplay(
  path: string | URL,
  options: TraceOptions = AS_RECORDED,
): Promise<ReplayProgram> {
  try {
    const { counts, notes, format, observer } = await followTrace(
      path,
      options,
      () => new Columns(),
    );
    if (notes.arrivalsOnly && counts.allocs === 0) throw new TraceError(NO_HOLDS);
    if (counts.allocs === 0) throw new TraceError("it allocates nothing");
    return { format, ...observer.shared(), ...summary(counts, notes) };
  } catch (error) {
    throw TraceError.of(path, error);
  }
}

function summary(counts: LiveCounts, notes: TraceNotes) {
  const { allocs, frees, peak, live, workers, unknownFrees, implicitFrees, reallocs, outOfOrder } =
    counts;
  return {
    timed: notes.timed,
    allocs,
    frees,
    slots: peak,
    workers,
    liveAtEnd: live,
    unknownFrees,
    nullFrees: notes.nullFrees,
    implicitFrees,
    reallocs,
    outOfOrder,
    warnings: [...notes.warnings, ...liveWarnings(counts)],
  };
}

/** Columns while they grow: chunks, so that growing copies nothing. */
class Columns {
  readonly #chunks: Chunk[] = [];
  #events = 0;
  #startNs = 0;
  #endNs = 0;

  event({ timeNs, op, element, sizeBytes, worker, by }: LiveEvent): void {
    if (this.#events === EVENTS_MAX) {
      throw new TraceError(`more than ${EVENTS_MAX} events: give a part of the trace`);
    }
    if (this.#events === 0) this.#startNs = timeNs;
    this.#endNs = timeNs;
    const at = this.#events++ % CHUNK_EVENTS;
    if (at === 0) this.#chunks.push(newChunk());
    const chunk = this.#chunks.at(-1)!;
    chunk.timeNs[at] = timeNs - this.#startNs;
    chunk.op[at] = op === "a" ? ALLOCATE : FREE;
    chunk.element[at] = element;
    chunk.sizeBytes[at] = sizeBytes;
    chunk.worker[at] = worker;
    chunk.by[at] = by;
  }

  /** The whole columns in shared memory. */
  shared() {
    const events = this.#events;
    const whole = {
      events,
      durationNs: this.#endNs - this.#startNs,
      timeNs: new Float64Array(new SharedArrayBuffer(8 * events)),
      op: new Uint8Array(new SharedArrayBuffer(events)),
      element: new Int32Array(new SharedArrayBuffer(4 * events)),
      sizeBytes: new Float64Array(new SharedArrayBuffer(8 * events)),
      worker: new Int32Array(new SharedArrayBuffer(4 * events)),
      by: new Int32Array(new SharedArrayBuffer(4 * events)),
    };
    for (const [index, chunk] of this.#chunks.entries()) {
      const from = index * CHUNK_EVENTS;
      const length = Math.min(CHUNK_EVENTS, events - from);
      whole.timeNs.set(chunk.timeNs.subarray(0, length), from);
      whole.op.set(chunk.op.subarray(0, length), from);
      whole.element.set(chunk.element.subarray(0, length), from);
      whole.sizeBytes.set(chunk.sizeBytes.subarray(0, length), from);
      whole.worker.set(chunk.worker.subarray(0, length), from);
      whole.by.set(chunk.by.subarray(0, length), from);
    }
    return whole;
  }
}

const CHUNK_EVENTS = 65_536;

type Chunk = ReturnType<typeof newChunk>;

function newChunk() {
  return {
    timeNs: new Float64Array(CHUNK_EVENTS),
    op: new Uint8Array(CHUNK_EVENTS),
    element: new Int32Array(CHUNK_EVENTS),
    sizeBytes: new Float64Array(CHUNK_EVENTS),
    worker: new Int32Array(CHUNK_EVENTS),
    by: new Int32Array(CHUNK_EVENTS),
  };
}
