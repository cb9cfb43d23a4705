/**
 * A wave of demand: on for a while, off for a while, in turn, beginning with on. Either both last equally long each time
 * (a square wave), or they are exponential (Markov-modulated on and off, the interrupted Poisson process of Kuczura, Bell
 * System Technical Journal 52, 1973): then bursts come at no regular time and some are several times as long.
 *
 * @module
 */
import type { OptionValues } from "../allocators/kind.ts";
import type { Options } from "../allocators/option.ts";
import { HOLD_NS_MAX } from "./holds/hold.ts";
import type { Random } from "./random.ts";

/** A shorter phase than this is finer than any clock here. */
const PHASE_NS_MIN = 1e3;

/** The options of whatever follows a wave. */
export const WAVE_OPTIONS: Options = {
  on: { type: "duration", summary: "how long a burst lasts", min: PHASE_NS_MIN, max: HOLD_NS_MAX },
  off: { type: "duration", summary: "how long it is quiet", min: 0, max: HOLD_NS_MAX },
};

/** How the lengths of the phases are drawn, an option of whatever follows a wave. */
export const PHASES_OPTION: Options = {
  phases: {
    type: "string",
    summary: "square: equally long each time; markov: exponential, with on and off as means",
    default: "square",
    oneOf: ["square", "markov"],
  },
};

/**
 * Starts a wave.
 *
 * @returns the length of the next phase, nanoseconds: on, off, on, and so on. It allocates nothing.
 */
export function startWave(options: OptionValues, random: Random): () => number {
  const on = Number(options.on);
  const off = Number(options.off);
  let isOn = false;
  const mean = () => {
    isOn = !isOn;
    return isOn ? on : off;
  };
  return options.phases === "markov" ? () => -Math.log(random.uniform()) * mean() : mean;
}
