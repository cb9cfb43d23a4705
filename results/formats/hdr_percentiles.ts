/**
 * Percentile distributions as the plotters of HdrHistogram read them (.hgrm): one for each pool and level, over all workers and
 * runs, each below a line that names it. A plotter takes one at a time.
 *
 * @module
 */
import type { Bin } from "../histogram_text.ts";
import type { Result } from "../result.ts";
import type { ResultFormat } from "./format.ts";
import { binsOfRun, hdrHistogram, loadHdr } from "./hdr.ts";

/** Percentile distributions by pool and level. */
export const hgrm: ResultFormat = {
  summary: "HdrHistogram percentiles (.hgrm) by pool and level, in nanoseconds",
  load: loadHdr,
  print({ scenario, runs }: Result): string {
    const byTag = Map.groupBy(runs.flatMap(binsOfRun), ({ tag }) => tag);
    const sections = Array.from(byTag, ([tag, parts]) => {
      const bins: Bin[] = parts.flatMap((part) => part.bins);
      const name = `${scenario.name}/${tag}`.replaceAll(/\p{Cc}+/gu, " ");
      return `#[${name}]\n${hdrHistogram(bins).outputPercentileDistribution().trimEnd()}\n`;
    });
    return sections.join("\n") || "#[no samples]\n";
  },
};
