/**
 * A recorded trace as tasks: when each element was taken and how long it was held. What is live at the end is held for ever.
 *
 * Only the two numbers of each allocation are kept, 16 bytes, in chunks that are never copied.
 *
 * @module
 */
import type { Warning } from "../results/result.ts";
import { followTrace } from "../workloads/traces/follow.ts";
import type { LiveEvent, LiveObserver } from "../workloads/traces/live.ts";
import { liveWarnings } from "../workloads/traces/live_counts.ts";
import { AS_RECORDED, type TraceOptions } from "../workloads/traces/options.ts";
import { NO_HOLDS } from "../workloads/traces/traps.ts";
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
  /** What the user should hear. */
  readonly warnings: readonly Warning[];
  /** The tasks from one number up to another. */
  stream(from: number, to: number): TaskStream;
}

/**
 * Reads a trace.
 *
 * @param path a path or a `file:` URL.
 * @throws {TraceError} where the trace cannot be read, allocates nothing, or has arrivals only and no holds are given.
 */
export async function readTasks(
  path: string | URL,
  options: TraceOptions = AS_RECORDED,
): Promise<TraceTasks> {
  try {
    const { counts, notes, format, observer } = await followTrace(
      path,
      options,
      () => new Columns(),
    );
    if (notes.arrivalsOnly && counts.allocs === 0) throw new TraceError(NO_HOLDS);
    if (counts.allocs === 0) throw new TraceError("it allocates nothing");
    return {
      format,
      timed: notes.timed,
      count: counts.allocs,
      peak: counts.peak,
      liveAtEnd: counts.live,
      largestBytes: observer.largestBytes,
      warnings: [...notes.warnings, ...liveWarnings(counts)],
      stream: (from, to) => observer.stream(from, to),
    };
  } catch (error) {
    throw TraceError.of(path, error);
  }
}

/** Tasks while they are read. */
class Columns implements LiveObserver {
  readonly #chunks: Tasks[] = [];
  /** The task that has an element, by the element's slot. */
  readonly #taskOf: number[] = [];
  #count = 0;
  #originNs = 0;
  largestBytes = 0;

  event({ op, timeNs, element, bornNs, sizeBytes }: LiveEvent): void {
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
