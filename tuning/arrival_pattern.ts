/**
 * How far arrivals are from independent ones: the variance of their counts in windows over the mean (index of
 * dispersion, 1 for Poisson), and how alike neighbouring windows are (autocorrelation). A window is a mean
 * hold, since that is how far a pool remembers.
 *
 * @module
 */
import type { TaskStream } from "./tasks.ts";

/** What is seen of the arrivals and holds of a load. */
export interface ArrivalPattern {
  /** Arrivals per nanosecond. */
  readonly ratePerNs: number;
  /** Mean of the holds that end; 0 where none does. */
  readonly meanHoldNs: number;
  /** Variance over mean of the counts in windows; null where there are too few windows. */
  readonly dispersion: number | null;
  /** Correlation of the counts of neighbouring windows; null alike. */
  readonly autocorrelation: number | null;
}

/** Fewer windows than this say nothing. */
const WINDOWS_MIN = 20;

/** More windows than this need not be looked at. */
const WINDOWS_MAX = 2 ** 20;

/** Looks at a load's first tasks. Reads the stream twice. */
export function arrivalPattern(begin: () => TaskStream, tasks: number): ArrivalPattern {
  const { count, first, last, holds, heldNs } = extent(begin(), tasks);
  const durationNs = Math.max(1, last - first);
  const meanHoldNs = holds === 0 ? 0 : heldNs / holds;
  const windowNs = Math.max(1, meanHoldNs, durationNs / WINDOWS_MAX);
  const windows = new Float64Array(Math.floor(durationNs / windowNs));
  eachTask(begin(), tasks, (start) => {
    const window = Math.floor((start - first) / windowNs);
    if (window < windows.length) windows[window]!++;
  });
  return { ratePerNs: count / durationNs, meanHoldNs, ...spread(windows) };
}

function eachTask(
  stream: TaskStream,
  tasks: number,
  tell: (start: number, hold: number) => void,
): void {
  for (let left = tasks; left > 0;) {
    const { count, startNs, holdNs } = stream.next(left);
    if (count === 0) return;
    left -= count;
    for (let task = 0; task < count; task++) tell(startNs[task]!, holdNs[task]!);
  }
}

function extent(stream: TaskStream, tasks: number) {
  let [count, first, last, holds, heldNs] = [0, 0, 0, 0, 0];
  eachTask(stream, tasks, (start, hold) => {
    if (count++ === 0) first = start;
    last = start;
    if (hold === Infinity) return;
    holds++;
    heldNs += hold;
  });
  return { count, first, last, holds, heldNs };
}

function spread(windows: Float64Array): Pick<ArrivalPattern, "dispersion" | "autocorrelation"> {
  if (windows.length < WINDOWS_MIN) return { dispersion: null, autocorrelation: null };
  const mean = windows.reduce((sum, count) => sum + count, 0) / windows.length;
  let squares = 0;
  let products = 0;
  windows.forEach((count, window) => {
    squares += (count - mean) ** 2;
    if (window > 0) products += (count - mean) * (windows[window - 1]! - mean);
  });
  return {
    dispersion: squares / (windows.length - 1) / mean,
    autocorrelation: squares === 0 ? 0 : products / squares,
  };
}
