/**
 * The options by which a trace is read, as they stand on the command line of every command that reads one.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";

/** As they stand on the command line. */
export type ReadingOptions = {
  /** What becomes of ends that were not recorded. */
  unfinished?: "drop" | "hold" | undefined;
  /** Whether stamps are spread inside their grain. */
  spread?: true | undefined;
  /** Holds for a trace that has arrivals only. */
  hold?: string | undefined;
  /** Which elements of a block layer. */
  view?: "request" | "bio" | undefined;
  /** The other half of a recording. */
  join?: string | undefined;
};

/** `--unfinished`. */
export const unfinishedOption = new Option(
  "--unfinished <what>",
  "what becomes of elements whose end was not recorded",
).choices(["drop", "hold"] as const);

/** `--spread`. */
export const spreadOption = new Option(
  "--spread",
  "spread stamps of one grain of the clock evenly inside it",
);

/** `--hold`. */
export const holdOption = new Option(
  "--hold <holds>",
  "how long elements are held, by a load or after a trace of arrivals only, such as 5ms",
).argParser(holdNotation);

/** `--view`. */
export const viewOption = new Option(
  "--view <elements>",
  "elements of a block trace: what the device was given, or what was asked for",
).choices(["request", "bio"] as const);

/** `--join`. */
export const joinOption = new Option(
  "--join <file>",
  "the other half of the recording: the iolog to a fio latency log, or the other way round",
);

/** A bare time is a constant hold. */
export function holdNotation(text: string): string {
  return /^[\d.]/.test(text) ? `constant:${text}` : text;
}
