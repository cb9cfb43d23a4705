/**
 * What a trace seems to say and does not: each trap that was seen in real recordings, how it is known, and what to
 * do about it. They are said, never corrected in silence.
 *
 * @module
 */
import { duration } from "../../results/formats/numbers.ts";
import type { Warning } from "../../results/result.ts";
import type { LiveCounts } from "./live_counts.ts";
import type { TraceOptions } from "./options.ts";
import type { TraceNotes } from "./trace.ts";

/** Why arrivals alone do not do. */
export const NO_HOLDS = "it records arrivals only, not how long elements are held: " +
  "give holds with --hold, such as --hold 5ms or --hold exponential:mean=5ms";

/** A median hold of fewer grains than this is not what the clock could see. */
const GRAINS_MIN = 4;

/** What is lost or left is small below this share of the peak. */
const SMALL_SHARE = 0.1;

/**
 * A top is flat where so small a share of the peak is all that the rarest allocations add. In a trace of allocations and
 * frees that may as well be the top of one mountain, so more of them must be there.
 */
const FLAT_SHARE = 0.02;
const FLAT_PEAK_MIN = 8;
const RARE = 0.001;
const RARE_IN_FEW = 0.01;
const RARE_OF_EVENTS = 0.05;

/** The rarest allocations must be so many to say something. */
const RAREST_MIN = 2;

/** What the traps are told by. */
export interface Measured {
  /** Median hold; null where nothing was freed. */
  readonly medianHold: number | null;
  /** Most elements live at once. */
  readonly peak: number;
  /** The smallest reserve that at most this share of the allocations exceed. */
  readonly reserve: (share: number) => number;
}

/** The traps that a trace has. */
export function trapsOf(
  counts: LiveCounts,
  notes: TraceNotes,
  options: TraceOptions,
  measured: Measured,
): Warning[] {
  return [
    ...untimed(notes),
    ...arrivals(notes, counts),
    ...coarse(notes, options, measured),
    ...unfinished(counts, options),
    ...left(counts, measured),
    ...flat(counts, notes, measured),
  ];
}

function untimed({ timed }: TraceNotes): Warning[] {
  if (timed) return [];
  return [{
    code: "untimed",
    message: "the trace has no times: its clock is the operation count, and durations are in ops",
    advice: "size by peak and reserve; for rates and waits record with times",
  }];
}

function arrivals({ arrivalsOnly }: TraceNotes, { allocs }: LiveCounts): Warning[] {
  if (!arrivalsOnly || allocs > 0) return [];
  return [{
    code: "arrivals-only",
    message: "the trace records arrivals only, so nothing is known of how many are live",
    advice: "give holds with --hold, such as --hold 5ms, or the other half with --join",
  }];
}

function coarse(
  { timed, resolutionNs, stamp }: TraceNotes,
  { spread, join }: TraceOptions,
  { medianHold }: Measured,
): Warning[] {
  if (!timed || resolutionNs === null || resolutionNs <= 1 || medianHold === null) return [];
  if (medianHold >= GRAINS_MIN * resolutionNs) return [];
  const which = stamp === "end" ? "completions" : "starts";
  const advice = spread
    ? "what is spread is a guess: record finer stamps, or join a fio log with its iolog (--join)"
    : `spread the ${which} inside a grain (--spread), or better join a fio log with its iolog (--join)`;
  return [{
    code: "resolution",
    message:
      `stamps are ${duration(resolutionNs)} coarse and the median hold is ${
        duration(medianHold)
      }: ` +
      (spread ? "concurrency depends on how they are spread" : "concurrency reads far too high"),
    advice: join === null ? advice : "record finer stamps",
  }];
}

function unfinished(
  { unfinished, leftOut, allocs, peak, peakIfHeld }: LiveCounts,
  options: TraceOptions,
): Warning[] {
  if (unfinished === 0 || allocs === 0) return [];
  if (options.unfinished === "hold") {
    return [{
      code: "unfinished",
      message: `ends that were not recorded: ${unfinished}, held to the end of the trace; ` +
        `the peak is ${peak}, and less without them`,
      advice: "compare with --unfinished drop: the truth lies between the two peaks",
    }];
  }
  return [{
    code: "unfinished",
    message: `ends that were not recorded: ${leftOut}, left out; ` +
      `the peak is ${peak}, with them held to the end it would be ${peakIfHeld}`,
    advice: "compare with --unfinished hold: the truth lies between the two peaks",
  }];
}

function left({ live, unfinished }: LiveCounts, { peak }: Measured): Warning[] {
  const never = live - unfinished;
  if (never <= SMALL_SHARE * peak) return [];
  return [{
    code: "live-at-end",
    message: `elements still live at the end: ${live} of a peak of ${peak}`,
    advice: "know whether they are kept for good or the recording ended too early",
  }];
}

function flat(
  { allocs, live, intervals }: LiveCounts,
  { timed }: TraceNotes,
  { peak, reserve }: Measured,
): Warning[] {
  const rare = allocs * RARE >= RAREST_MIN ? RARE : RARE_IN_FEW;
  const share = intervals > 0 ? rare : RARE_OF_EVENTS;
  const isTold = timed && peak >= FLAT_PEAK_MIN && allocs * share >= RAREST_MIN;
  if (!isTold || live > SMALL_SHARE * peak) return [];
  if (peak - reserve(share) > FLAT_SHARE * peak) return [];
  return [{
    code: "flat-top",
    message:
      `the top is flat: the peak is ${peak}, and all but ${share * 100}% of the allocations ` +
      `find ${
        reserve(share)
      } or fewer live: that is a cap, such as a number of workers, not demand`,
    advice:
      "do not size above the cap by this trace; find what limits it, and record without the limit",
  }];
}
