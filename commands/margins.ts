/**
 * Shares and margins from the command line.
 *
 * @module
 */
import { MARGINS, type Margins } from "../results/comparison.ts";
import { MEASURE_NAMES } from "../results/measures.ts";
import { didYouMean, oneOf } from "../workloads/did_you_mean.ts";
import { parseOption, UnitError } from "../workloads/units.ts";
import { Exit } from "./exit.ts";

const SHARE = { type: "probability", summary: "" } as const;

/** A share such as "5%" or "0.05". @throws {UnitError} one sentence that names the option. */
export function shareOf(option: string, text: string): number {
  try {
    return Number(parseOption(SHARE, text));
  } catch (error) {
    if (error instanceof UnitError) throw new UnitError(`${option}: ${error.message}`);
    throw error;
  }
}

/** The margins, each of `given` as `measure=share` instead of the usual one. */
export function marginsOf(given: readonly string[]): Margins {
  const own = given.map((text) => {
    const [measure = "", share = "", ...more] = text.split("=");
    if (share === "" || more.length > 0) {
      throw new Exit(2, `--margin ${JSON.stringify(text)}: give MEASURE=SHARE, such as p99=5%`);
    }
    if (!MEASURE_NAMES.includes(measure)) {
      throw new Exit(
        2,
        `--margin: there is no measure ${JSON.stringify(measure)}: give ${oneOf(MEASURE_NAMES)}${
          didYouMean(measure, MEASURE_NAMES)
        }`,
      );
    }
    return [measure, shareOf(`--margin ${measure}`, share)] as const;
  });
  return { ...MARGINS, ...Object.fromEntries(own) };
}
