/**
 * What a trace says about the pool that would serve it: how many elements live at once, for how long, and how
 * large a reserve would have been exceeded how often.
 *
 * Concurrency is weighted by time: its p99 is the smallest number of elements that is not exceeded for 99 % of
 * the time. A reserve is weighted by allocations: `reserve["0.01"]` is the smallest that at most 1 % of
 * the allocations exceed, counting the new element.
 *
 * @module
 */
import { followLive } from "./live.ts";
import { type LiveCounts, liveWarnings, newLiveCounts } from "./live_counts.ts";
import { Levels } from "./levels.ts";
import { readTrace } from "./open.ts";
import { Percentiles } from "./percentiles.ts";
import type { TraceNotes } from "./trace.ts";

/** Nearest-rank percentiles of some quantity. */
export interface Distribution {
  /** How many values. */
  readonly count: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly "p99.9": number | null;
  readonly max: number | null;
}

/** The statistics of a trace; where it is untimed, times and durations count operations. */
export interface TraceStatistics {
  readonly format: string;
  readonly timed: boolean;
  readonly allocs: number;
  readonly frees: number;
  /** From the first event to the last. */
  readonly duration: number;
  /** Most elements live at once. */
  readonly peak: number;
  /** Elements live, weighted by time; null where no time passes. */
  readonly concurrency: {
    readonly mean: number | null;
    readonly p50: number | null;
    readonly p99: number | null;
    readonly "p99.9": number | null;
  };
  /** The smallest reserve that at most this share of the allocations exceed. */
  readonly reserve: { readonly "0": number; readonly "0.001": number; readonly "0.01": number };
  /** How long elements were held that were freed. */
  readonly hold: Distribution;
  /** Bytes asked for. */
  readonly sizeBytes: Distribution;
  readonly workers: number;
  readonly liveAtEnd: number;
  readonly unknownFrees: number;
  readonly unknownReallocs: number;
  readonly nullFrees: number;
  readonly implicitFrees: number;
  readonly outOfOrder: number;
  readonly reallocs: number;
  readonly resolutionNs: number | null;
  readonly warnings: readonly string[];
}

/**
 * Reads a trace once and sums it up. Memory is that of the live elements and a million holds.
 *
 * @throws {TraceError} where the trace cannot be read.
 */
export function traceStatistics(path: string | URL): Promise<TraceStatistics> {
  return readTrace(path, async ({ events, format, notes }) => {
    const counts = newLiveCounts();
    const levels = new Levels();
    const holds = new Percentiles();
    const sizes = new Percentiles();
    await followLive(events, counts, notes, (event) => {
      levels.add(event);
      if (event.op === "a") sizes.add(event.sizeBytes);
      else holds.add(event.timeNs - event.bornNs);
    });
    levels.extend(counts.startNs, counts.endNs);
    return {
      format,
      timed: notes.timed,
      ...counted(counts, notes),
      ...levelled(levels),
      hold: distribution(holds),
      sizeBytes: distribution(sizes),
    };
  });
}

function counted(counts: LiveCounts, notes: TraceNotes) {
  return {
    allocs: counts.allocs,
    frees: counts.frees,
    reallocs: counts.reallocs,
    workers: counts.workers,
    liveAtEnd: counts.live,
    unknownFrees: counts.unknownFrees,
    unknownReallocs: counts.unknownReallocs,
    implicitFrees: counts.implicitFrees,
    nullFrees: notes.nullFrees,
    outOfOrder: counts.outOfOrder,
    resolutionNs: notes.resolutionNs,
    warnings: [...notes.warnings, ...liveWarnings(counts)],
  };
}

function levelled(levels: Levels) {
  return {
    duration: levels.duration,
    peak: levels.reserve(0),
    reserve: {
      "0": levels.reserve(0),
      "0.001": levels.reserve(0.001),
      "0.01": levels.reserve(0.01),
    },
    concurrency: {
      mean: levels.mean,
      p50: levels.quantile(0.5),
      p99: levels.quantile(0.99),
      "p99.9": levels.quantile(0.999),
    },
  };
}

function distribution(values: Percentiles): Distribution {
  const [p50 = null, p90 = null, p99 = null, p999 = null] = values.at([0.5, 0.9, 0.99, 0.999]);
  const { count, min, mean, max } = values;
  return { count, min, mean, p50, p90, p99, "p99.9": p999, max };
}
