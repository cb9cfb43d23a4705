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

/** Nearest-rank percentiles of some quantity; null where there is no value. */
export interface Distribution {
  /** How many values. */
  readonly count: number;
  /** The smallest. */
  readonly min: number | null;
  /** The arithmetic mean. */
  readonly mean: number | null;
  /** Half of the values are not above it. */
  readonly p50: number | null;
  /** 90 % are not above it. */
  readonly p90: number | null;
  /** 99 % are not above it. */
  readonly p99: number | null;
  /** 99.9 % are not above it. */
  readonly "p99.9": number | null;
  /** The largest. */
  readonly max: number | null;
}

/** Elements live at once, weighted by time; null where no time passes. */
export interface Concurrency {
  /** The mean. */
  readonly mean: number | null;
  /** Not exceeded for half of the time. */
  readonly p50: number | null;
  /** Not exceeded for 99 % of the time. */
  readonly p99: number | null;
  /** Not exceeded for 99.9 % of the time. */
  readonly "p99.9": number | null;
}

/** The smallest reserve that at most a share of the allocations exceed, by that share. */
export interface Reserve {
  /** Exceeded by none: the peak. */
  readonly "0": number;
  /** Exceeded by 0.1 %. */
  readonly "0.001": number;
  /** Exceeded by 1 %. */
  readonly "0.01": number;
}

/** The statistics of a trace; where it is untimed, times and durations count operations. */
export interface TraceStatistics {
  /** The registered name of its format. */
  readonly format: string;
  /** Whether times are nanoseconds. */
  readonly timed: boolean;
  /** Elements taken. */
  readonly allocs: number;
  /** Elements given back, implicit frees among them. */
  readonly frees: number;
  /** From the first event to the last. */
  readonly duration: number;
  /** Most elements live at once. */
  readonly peak: number;
  /** Elements live at once, weighted by time. */
  readonly concurrency: Concurrency;
  /** What a reserve of elements would have had to be. */
  readonly reserve: Reserve;
  /** How long elements were held that were freed. */
  readonly hold: Distribution;
  /** Bytes asked for. */
  readonly sizeBytes: Distribution;
  /** Recorded workers that allocated something. */
  readonly workers: number;
  /** Elements never freed. */
  readonly liveAtEnd: number;
  /** Frees of elements that were not live: left out. */
  readonly unknownFrees: number;
  /** Resizes of elements that were not live: left out. */
  readonly unknownReallocs: number;
  /** free(NULL): left out. */
  readonly nullFrees: number;
  /** Frees that the trace lacks: put in. */
  readonly implicitFrees: number;
  /** Rows with an earlier time than the row before: put in order. */
  readonly outOfOrder: number;
  /** Resizes of live elements. */
  readonly reallocs: number;
  /** Grain of the recorded stamps; null where unknown. */
  readonly resolutionNs: number | null;
  /** Sentences for the user. */
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

function levelled(
  levels: Levels,
): Pick<TraceStatistics, "duration" | "peak" | "reserve" | "concurrency"> {
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
