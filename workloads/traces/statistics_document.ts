/**
 * The statistics of a trace as the document that scripts rely on: in nanoseconds where the trace is timed, in operations
 * where it is not, and the names of the keys say which.
 *
 * @module
 */
import type { TraceStatistics } from "./statistics.ts";

/** The document of `trace info --json`. */
export function statisticsDocument(
  statistics: TraceStatistics,
): Readonly<Record<string, unknown>> {
  const { timed, duration, hold } = statistics;
  return {
    format: statistics.format,
    timed,
    allocs: statistics.allocs,
    frees: statistics.frees,
    [timed ? "durationNs" : "durationOps"]: duration,
    peak: statistics.peak,
    concurrency: statistics.concurrency,
    reserve: statistics.reserve,
    [timed ? "holdNs" : "holdOps"]: hold,
    sizeBytes: statistics.sizeBytes,
    unfinished: statistics.unfinished,
    peakIfHeld: statistics.peakIfHeld,
    liveAtEnd: statistics.liveAtEnd,
    unknownFrees: statistics.unknownFrees,
    nullFrees: statistics.nullFrees,
    implicitFrees: statistics.implicitFrees,
    outOfOrder: statistics.outOfOrder,
    reallocs: statistics.reallocs,
    dispersion: statistics.dispersion,
    resolutionNs: statistics.resolutionNs,
    warnings: statistics.warnings,
  };
}
