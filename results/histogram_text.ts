/**
 * Histograms as one line of text each, as they stand in a result: `96*12 131*3` is 12 samples of at most 96 ns and 3 of at most
 * 131 ns. Each value is the highest that shares its bucket (see `bucket.ts`), so that nothing is lost that the histogram had but
 * its exact sum, and anybody can read it who has never heard of the buckets.
 *
 * @module
 */
import { highestIn } from "./bucket.ts";
import type { HistogramData } from "./histogram.ts";

/** A value in nanoseconds and how many samples it stands for. */
export type Bin = readonly [valueNs: number, samples: number];

/** What {@linkcode histogramText} writes; "" where nothing was recorded. */
export const HISTOGRAM_TEXT = /^(?:\d+\*[1-9]\d*(?: |$))*$/;

/** A histogram as text. */
export function histogramText({ firstBucket, counts }: HistogramData): string {
  const bins = Array.from(counts, (samples, index) => ({ samples, bucket: firstBucket + index }));
  return bins.filter(({ samples }) => samples > 0)
    .map(({ samples, bucket }) => `${highestIn(bucket)}*${samples}`)
    .join(" ");
}

/** The bins of a text that is one by {@linkcode HISTOGRAM_TEXT}, by ascending value. */
export function binsOf(text: string): Bin[] {
  if (text === "") return [];
  return text.split(" ").map((bin) => {
    const [value, samples] = bin.split("*");
    return [Number(value), Number(samples)];
  });
}

/** Several texts as one. */
export function mergeBins(texts: readonly string[]): Bin[] {
  const samplesAt = new Map<number, number>();
  for (const [value, samples] of texts.flatMap(binsOf)) {
    samplesAt.set(value, (samplesAt.get(value) ?? 0) + samples);
  }
  return [...samplesAt].toSorted(([a], [b]) => a - b);
}
