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
import type { Warning } from "../../results/result.ts";
import { Dispersion } from "./dispersion.ts";
import { followTrace } from "./follow.ts";
import { Levels } from "./levels.ts";
import type { LiveEvent, LiveObserver } from "./live.ts";
import { type LiveCounts, liveWarnings } from "./live_counts.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
import { Percentiles } from "./percentiles.ts";
import { Timeline } from "./timeline.ts";
import { trapsOf } from "./traps.ts";
import type { TraceEvent, TraceNotes } from "./trace.ts";

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

/** The smallest reserve that at most a share of the allocations exceed, by that share; null where nothing was held. */
export interface Reserve {
  /** Exceeded by none: the peak. */
  readonly "0": number | null;
  /** Exceeded by 0.1 %. */
  readonly "0.001": number | null;
  /** Exceeded by 1 %. */
  readonly "0.01": number | null;
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
  /** Most elements live at once; null where only arrivals were recorded. */
  readonly peak: number | null;
  /** Elements live at once, weighted by time. */
  readonly concurrency: Concurrency;
  /** What a reserve of elements would have had to be. */
  readonly reserve: Reserve;
  /** How long elements were held that were freed. */
  readonly hold: Distribution;
  /** Bytes asked for. */
  readonly sizeBytes: Distribution;
  /** Recorded workers that allocated or freed something. */
  readonly workers: number;
  /** Intervals whose end was not recorded. */
  readonly unfinished: number;
  /** The peak if all of them were held to the end. */
  readonly peakIfHeld: number | null;
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
  /** Index of dispersion of the arrivals by length of window: 1 is Poisson; null where too few or untimed. */
  readonly dispersion: Readonly<Record<string, number>> | null;
  /** Grain of the recorded stamps; null where unknown. */
  readonly resolutionNs: number | null;
  /** The most elements live at once in each part of the trace. */
  readonly timeline: Timeline;
  /** What the user should hear. */
  readonly warnings: readonly Warning[];
}

/**
 * Reads a trace and sums it up. Memory is that of the live elements and a million holds.
 *
 * @throws {TraceError} where the trace cannot be read.
 */
export async function traceStatistics(
  path: string | URL,
  options: TraceOptions = AS_RECORDED,
): Promise<TraceStatistics> {
  const { observer, counts, notes, format } = await followTrace(
    path,
    options,
    (notes) => new Sums(notes),
  );
  const base = { format, timed: notes.timed, ...counted(counts, notes) };
  const said = [...notes.warnings, ...liveWarnings(counts)];
  if (notes.arrivalsOnly && counts.allocs === 0) {
    const traps = trapsOf(counts, notes, options, { medianHold: null, peak: 0, reserve: () => 0 });
    return { ...base, ...observer.arrivals(counts), warnings: [...said, ...traps] };
  }
  observer.levels.extend(counts.startNs, counts.endNs);
  const summed = observer.summed(counts);
  const { peak } = counts;
  const reserve = (share: number) => observer.levels.reserve(share);
  const traps = trapsOf(counts, notes, options, { medianHold: summed.hold.p50, peak, reserve });
  return { ...base, ...summed, warnings: [...said, ...traps] };
}

/** What is summed up while a trace is followed. */
class Sums implements LiveObserver {
  readonly levels = new Levels();
  readonly #notes: TraceNotes;
  readonly #timeline = new Timeline();
  readonly #holds = new Percentiles();
  readonly #sizes = new Percentiles();
  readonly #arrivals = new Dispersion();
  readonly #sizesUnfinished = new Percentiles();
  #live = 0;
  #startNs = Infinity;
  #endNs = -Infinity;

  constructor(notes: TraceNotes) {
    this.#notes = notes;
  }

  event(event: LiveEvent): void {
    this.levels.add(event);
    if (event.op === "a") {
      this.#live++;
      this.#sizes.add(event.sizeBytes);
      if (this.#notes.timed) this.#arrivals.add(event.timeNs);
    } else {
      this.#live--;
      this.#holds.add(event.timeNs - event.bornNs);
    }
    this.#timeline.add(event.timeNs, this.#live);
  }

  /** Counts for themselves only where there is nothing else. */
  unfinished({ timeNs, sizeBytes }: TraceEvent): void {
    this.#startNs = Math.min(this.#startNs, timeNs);
    this.#endNs = timeNs;
    if (!this.#notes.arrivalsOnly) return;
    this.#sizesUnfinished.add(sizeBytes);
    if (this.#notes.timed) this.#arrivals.add(timeNs);
  }

  /** The statistics of elements. */
  summed({ peak, peakIfHeld, unfinished }: LiveCounts) {
    const { levels } = this;
    return {
      duration: levels.duration,
      peak,
      peakIfHeld,
      unfinished,
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
      hold: distribution(this.#holds),
      sizeBytes: distribution(this.#sizes),
      dispersion: this.#arrivals.indices,
      timeline: this.#timeline,
    };
  }

  /** The statistics of arrivals, of which nobody knows how long they stay. */
  arrivals({ unfinished }: LiveCounts) {
    return {
      allocs: unfinished,
      duration: this.#endNs - this.#startNs,
      peak: null,
      peakIfHeld: null,
      unfinished: 0,
      reserve: { "0": null, "0.001": null, "0.01": null },
      concurrency: { mean: null, p50: null, p99: null, "p99.9": null },
      hold: distribution(this.#holds),
      sizeBytes: distribution(this.#sizesUnfinished),
      dispersion: this.#arrivals.indices,
      timeline: this.#timeline,
    };
  }
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
  };
}

function distribution(values: Percentiles): Distribution {
  const [p50 = null, p90 = null, p99 = null, p999 = null] = values.at([0.5, 0.9, 0.99, 0.999]);
  const { count, min, mean, max } = values;
  return { count, min, mean, p50, p90, p99, "p99.9": p999, max };
}
