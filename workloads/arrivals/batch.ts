/**
 * Arrivals in batches: several at the very same moment, and the batches independent of one another. So come the
 * packets of one interrupt, the requests of one page, the pages of one read-ahead. Counts are `size` times as dispersed
 * as Poisson's; a reserve that Erlang's formula sizes by rate and hold alone is far too small for them.
 *
 * A batch comes to one worker as a whole; the batches of all workers together make the rate.
 *
 * @module
 */
import { type ArrivalKind, meanGapNs, RATE } from "./arrival.ts";

/** Several at once. */
export const batch: ArrivalKind = {
  summary: "several at the same moment, the batches independent of one another",
  options: {
    rate: RATE,
    size: { type: "integer", summary: "arrivals in a batch", default: 8, min: 1, max: 65_536 },
  },
  gaps(options, context, random) {
    const size = Number(options.size);
    const mean = meanGapNs(options, context) * size;
    let left = 0;
    return () => {
      if (left > 0) {
        left--;
        return 0;
      }
      left = size - 1;
      return -Math.log(random.uniform()) * mean;
    };
  },
};
