/**
 * Shares, measures and margins from the command line.
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

/** A confidence: neither 0 nor 1, at which nothing could ever be told. @throws {Exit} 2, or a {@linkcode UnitError}. */
export function confidenceOf(text: string): number {
  const share = shareOf("--confidence", text);
  if (share > 0 && share < 1) return share;
  throw new Exit(2, `--confidence ${text}: give a share between 0% and 100%`);
}

/** The margins, each of `given` as `measure=share` instead of the usual one. */
export function marginsOf(given: readonly string[]): Margins {
  const own = given.map((text) => {
    const [measure = "", share = "", ...more] = text.split("=");
    if (share === "" || more.length > 0) {
      throw new Exit(2, `--margin ${JSON.stringify(text)}: give MEASURE=SHARE, such as p99=5%`);
    }
    return [knownMeasure("--margin", measure), shareOf(`--margin ${measure}`, share)] as const;
  });
  return { ...MARGINS, ...Object.fromEntries(own) };
}

/** The measures named; undefined where none are, which stands for all that have a margin. */
export function measuresOf(given: readonly string[], margins: Margins): string[] | undefined {
  for (const name of given) {
    if (margins[knownMeasure("--metric", name)] === undefined) {
      throw new Exit(2, `--metric ${name}: it has no margin: give --margin ${name}=SHARE as well`);
    }
  }
  return given.length === 0 ? undefined : [...given];
}

function knownMeasure(option: string, name: string): string {
  if (MEASURE_NAMES.includes(name)) return name;
  throw new Exit(
    2,
    `${option}: there is no measure ${JSON.stringify(name)}: give ${oneOf(MEASURE_NAMES)}${
      didYouMean(name, MEASURE_NAMES)
    }`,
  );
}
