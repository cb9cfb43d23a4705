/**
 * A recorded trace as tasks: when each element was taken and how long it was held. What is live at the end is held for ever.
 *
 * Only the two numbers of each allocation are kept, 16 bytes, in chunks that are never copied.
 *
 * @module
 */
import { followLive, type LiveEvent } from "../workloads/traces/live.ts";
import { liveWarnings, newLiveCounts } from "../workloads/traces/live_counts.ts";
import { readTrace } from "../workloads/traces/open.ts";
import { TraceError } from "../workloads/traces/trace.ts";
import { CHUNK, type Tasks, type TaskStream } from "./tasks.ts";

/** A trace as tasks. */
export interface TraceTasks {
  /** The registered name of its format. */
  readonly format: string;
  /** Whether times are nanoseconds; else they count operations. */
  readonly timed: boolean;
  readonly count: number;
  /** Most elements live at once. */
  readonly peak: number;
  /** Elements that are never freed. */
  readonly liveAtEnd: number;
  /** The largest block asked for; 0 where the format has no sizes. */
  readonly largestBytes: number;
  /** Grain of the recorded stamps, nanoseconds; null where unknown. */
  readonly resolutionNs: number | null;
  /** Sentences for the user. */
  readonly warnings: readonly string[];
  /** The tasks from one number up to another. */
  stream(from: number, to: number): TaskStream;
}

/**
 * Reads a trace.
 *
 * @param path a path or a `file:` URL.
 * @throws {TraceError} where the trace cannot be read, or allocates nothing.
 */
export function readTasks(path: string | URL): Promise<TraceTasks> {
  return readTrace(path, async ({ events, format, notes }) => {
    const counts = newLiveCounts();
    const columns = new Columns();
    await followLive(events, counts, notes, (event) => columns.add(event));
    if (counts.allocs === 0) throw new TraceError("it allocates nothing");
    return {
      format,
      timed: notes.timed,
      count: counts.allocs,
      peak: counts.peak,
      liveAtEnd: counts.live,
      largestBytes: columns.largestBytes,
      resolutionNs: notes.resolutionNs,
      warnings: [...notes.warnings, ...liveWarnings(counts)],
      stream: (from, to) => columns.stream(from, to),
    };
  });
}

/** Tasks while they are read. */
class Columns {
  readonly #chunks: Tasks[] = [];
  /** The task that has an element, by the element's slot. */
  readonly #taskOf: number[] = [];
  #count = 0;
  #originNs = 0;
  largestBytes = 0;

  add({ op, timeNs, element, bornNs, sizeBytes }: LiveEvent): void {
    if (op === "f") {
      const task = this.#taskOf[element]!;
      this.#chunks[Math.floor(task / CHUNK)]!.holdNs[task % CHUNK] = timeNs - bornNs;
      return;
    }
    if (this.#count === 0) this.#originNs = timeNs;
    if (sizeBytes > this.largestBytes) this.largestBytes = sizeBytes;
    const task = this.#count++;
    this.#taskOf[element] = task;
    if (task % CHUNK === 0) {
      const startNs = new Float64Array(CHUNK);
      this.#chunks.push({ count: CHUNK, startNs, holdNs: new Float64Array(CHUNK).fill(Infinity) });
    }
    this.#chunks.at(-1)!.startNs[task % CHUNK] = timeNs - this.#originNs;
  }

  stream(from: number, to: number): TaskStream {
    let task = from;
    return {
      next: (most) => {
        const at = task % CHUNK;
        const count = Math.max(0, Math.min(most, CHUNK - at, to - task));
        const { startNs, holdNs } = this.#chunks[Math.floor(task / CHUNK)] ?? this.#chunks[0]!;
        task += count;
        return {
          count,
          startNs: startNs.subarray(at, at + count),
          holdNs: holdNs.subarray(at, at + count),
        };
      },
    };
  }
}
