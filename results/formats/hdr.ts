/**
 * The latencies of a result as histograms of HdrHistogram (http://hdrhistogram.org), three digits exact: for those who merge,
 * plot and compare them with its tools. The library is loaded only where somebody wants them.
 *
 * @module
 */
import type { Histogram } from "hdr-histogram-js";
import { type Bin, binsOf, mergeBins } from "../histogram_text.ts";
import { LEVEL_NAMES, type PoolHistograms, type Run } from "../result.ts";

type Library = typeof import("hdr-histogram-js");

let library: Library | null = null;

/** Loads the library. */
export async function loadHdr(): Promise<void> {
  library ??= await import("hdr-histogram-js");
}

/** The library, once it is loaded. */
export function hdr(): Library {
  if (library === null) throw new Error("Cannot print histograms as their library is not loaded");
  return library;
}

/** A histogram of these bins, in nanoseconds. */
export function hdrHistogram(bins: readonly Bin[]): Histogram {
  const histogram = hdr().build({
    bitBucketSize: 64,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2,
    numberOfSignificantValueDigits: 3,
  });
  for (const [value, samples] of bins) histogram.recordValueWithCount(value, samples);
  return histogram;
}

/** The latencies of one part of a pool, for one worker or for all. */
export interface TaggedBins {
  /** `pool/part`, or `pool/part/worker`. */
  readonly tag: string;
  readonly bins: readonly Bin[];
}

/** Each part of each pool of a run that recorded anything, its workers put together. */
export function binsOfRun({ histograms = {} }: Run): TaggedBins[] {
  return partsOf(histograms).flatMap(({ tag, texts }) => withSamples(tag, mergeBins(texts)));
}

/** The same worker by worker. */
export function binsOfWorkers({ histograms = {} }: Run): TaggedBins[] {
  return partsOf(histograms).flatMap(({ tag, texts }) =>
    texts.flatMap((text, worker) => withSamples(`${tag}/${worker}`, binsOf(text)))
  );
}

function partsOf(histograms: Readonly<Record<string, PoolHistograms>>) {
  return Object.entries(histograms).flatMap(([pool, { levels, response }]) => [
    ...levels.map((texts, index) => ({ tag: `${pool}/${LEVEL_NAMES[index]}`, texts })),
    { tag: `${pool}/response`, texts: response },
  ]);
}

function withSamples(tag: string, bins: readonly Bin[]): TaggedBins[] {
  return bins.length === 0 ? [] : [{ tag, bins }];
}
