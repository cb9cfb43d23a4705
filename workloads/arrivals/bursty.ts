/**
 * Arrivals in bursts: independent of one another while it is on, none while it is off. `rate` is the mean over both,
 * so that a bursty load can be laid beside a Poisson one of the same rate; in a burst arrivals are (on + off) / on times
 * as frequent. All workers are on at the same time, as with one crowd of users.
 *
 * With phases that are exponential (`phases=markov`) this is the interrupted Poisson process. Its counts over long
 * windows are 1 + 2 r s / (s + t)^2 times as dispersed as Poisson's, r the rate in a burst, s = 1 / on, t = 1 / off
 * (Heffes and Lucantoni, IEEE JSAC 4, 1986).
 *
 * @module
 */
import { PHASES_OPTION, startWave, WAVE_OPTIONS } from "../wave.ts";
import { type ArrivalKind, meanGapNs, RATE } from "./arrival.ts";

/** Many for a while, none for a while. */
export const bursty: ArrivalKind = {
  summary: "independent of one another in bursts that all workers share, none in between",
  options: { ...WAVE_OPTIONS, rate: RATE, ...PHASES_OPTION },
  gaps(options, context, random) {
    const { on, off } = options;
    const meanOn = meanGapNs(options, context) * Number(on) / (Number(on) + Number(off));
    const phase = startWave(options, context.common ?? random);
    // What is left of this burst; a captured variable would be boxed at each assignment.
    const left = Float64Array.of(phase());
    return () => {
      let onTime = -Math.log(random.uniform()) * meanOn;
      let gap = onTime;
      while (onTime >= left[0]!) {
        onTime -= left[0]!;
        gap += phase();
        left[0] = phase();
      }
      left[0] = left[0]! - onTime;
      return gap;
    };
  },
};
