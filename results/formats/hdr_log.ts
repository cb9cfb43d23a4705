/**
 * A histogram log as HistogramLogReader reads it (.hlog): a line for each run, pool, level and worker, with the three as its
 * tag, from the barrier of the run to its end. Times are those of the workers, latencies are nanoseconds.
 *
 * @module
 */
import type { Result, Run } from "../result.ts";
import type { ResultFormat } from "./format.ts";
import { binsOfWorkers, hdr, hdrHistogram, loadHdr } from "./hdr.ts";

/** Histograms, tagged by pool, level and worker. */
export const hlog: ResultFormat = {
  summary: "HdrHistogram log (.hlog), tagged pool/level/worker, in nanoseconds",
  load: loadHdr,
  print(result: Result): string {
    const lines: string[] = [];
    const writer = new (hdr().HistogramLogWriter)((text) => lines.push(text));
    const startMs = Date.parse(result.startedAt);
    writer.outputLogFormatVersion();
    writer.outputComment(`[mempool-bench ${oneLine(result.scenario.name)}]`);
    writer.outputStartTime(startMs);
    writer.baseTime = startMs;
    writer.outputLegend();
    let runStartMs = startMs;
    for (const run of result.runs) {
      const endMs = runStartMs + spanMs(run);
      for (const { tag, bins } of binsOfWorkers(run)) {
        const histogram = hdrHistogram(bins);
        histogram.tag = tagText(tag);
        histogram.startTimeStampMsec = runStartMs;
        histogram.endTimeStampMsec = endMs;
        writer.outputIntervalHistogram(histogram);
      }
      runStartMs = endMs;
    }
    return lines.join("");
  },
};

/** From the barrier to the end of the last worker. */
function spanMs({ workers }: Run): number {
  return Math.max(0, ...workers.map(({ endNs }) => endNs)) / 1e6;
}

/** In a tag a comma or a blank would end it. */
function tagText(tag: string): string {
  return tag.replaceAll(/[\s,]+/gu, "_");
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}
