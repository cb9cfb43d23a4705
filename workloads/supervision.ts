/**
 * How the coordinator watches a run: until everybody is at the barrier, and from there to its end, be that what it may.
 *
 * @module
 */
import type { Composition } from "../pools/composition.ts";
import type { Burials } from "./burials.ts";
import type { Crew } from "./crew.ts";
import type { Deadlock } from "./deadlock.ts";
import type { Stock } from "./stock.ts";
import type { TimelineRecorder } from "./timeline.ts";
import type { Watch } from "./watch.ts";

/** How a run ended. Failed: a worker died, in the run or before it, or did not stop. */
export type Ending = "done" | "interrupted" | "deadlock" | "failed";

/** How a run ended, and what was seen of it until then. */
export interface RunEnd {
  readonly ending: Ending;
  /** Why nobody could go on; null where that is not how it ended. */
  readonly deadlock: Deadlock | null;
  /** What was left to be had, look by look. */
  readonly left: readonly Stock[];
  /** Workers that had not stopped when they were not waited for any longer. They live, and may go on. */
  readonly unstopped: readonly number[];
  /** What is found missing after a death, or beside those that did not stop; null where that is nothing, or was not looked for. */
  readonly complaint: string | null;
}

/** How often the coordinator looks at its workers, milliseconds. */
const LOOK_MS = 50;

/** After the measured time, or after a stop, workers have this long to report, milliseconds. */
export const GRACE_MS = 10_000;

/** Looks at the end, a millisecond apart, for what comes right by itself while somebody goes on. */
const LAST_LOOKS = 50;

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits, and tries meanwhile to do what could not be done yet. */
async function pause(ms: number, tryAgain: (() => boolean) | null): Promise<void> {
  const endMs = performance.now() + ms;
  let isDone = tryAgain === null;
  for (let leftMs = ms; leftMs > 0; leftMs = endMs - performance.now()) {
    await later(isDone ? leftMs : Math.min(1, leftMs));
    isDone ||= tryAgain!();
  }
}

/** Waits until everybody has arrived at the barrier, or somebody failed before. */
export async function assemble(crew: Crew, arrived: () => number): Promise<boolean> {
  while (arrived() < crew.reports.length) {
    if (crew.failures.length > 0) return false;
    await later(1);
  }
  return true;
}

/** What a run is supervised by. */
export interface Supervision {
  readonly crew: Pick<Crew, "isFinished" | "isLoadFinished" | "unfinished" | "failures">;
  readonly composition: Pick<Composition, "participant" | "adapt" | "check">;
  readonly watch: Pick<Watch, "look" | "keepsFromEnding">;
  readonly burials: Pick<Burials, "areUnderWay" | "goOn" | "giveUp" | "blame" | "all">;
  readonly settings: {
    readonly signal: AbortSignal;
    readonly onProgress: (doneNs: number) => void;
    /** {@linkcode GRACE_MS} if not given. */
    readonly graceMs?: number | undefined;
  };
  readonly endsAfterMs: number;
  /** Reads what is left to be had; null where nothing limits that. */
  readonly stock: (() => number) | null;
  readonly recorder: Pick<TimelineRecorder, "look">;
}

/** Watches a run until its end. */
export async function supervise(supervision: Supervision): Promise<RunEnd> {
  const { crew, composition, watch, burials, settings, endsAfterMs, stock, recorder } = supervision;
  const { participant } = composition;
  const { graceMs = GRACE_MS } = settings;
  const adapt = () => composition.adapt();
  const openedMs = performance.now();
  let ending: Ending = "done";
  let deadlock: Deadlock | null = null;
  let isAdapted = true;
  const left: Stock[] = [];
  recorder.look(0);
  let stopBy = openedMs + endsAfterMs;
  while (!crew.isFinished || burials.areUnderWay) {
    const leftMs = stopBy - performance.now();
    if (participant.stopped() || burials.areUnderWay) await later(1);
    else await pause(leftMs > 0 ? Math.min(LOOK_MS, leftMs) : LOOK_MS, isAdapted ? null : adapt);
    const overMs = performance.now() - stopBy;
    const atNs = (performance.now() - openedMs) * 1e6;
    settings.onProgress(atNs);
    burials.goOn();
    if (participant.stopped()) {
      if (overMs > graceMs) break;
      continue;
    }
    // Of those who take part the coordinator alone has time, whatever the load is.
    isAdapted = adapt();
    // After the end there is only what is given back.
    if (overMs < 0) recorder.look(atNs);
    if (stock !== null && overMs < 0) left.push({ atNs, elements: stock() });
    deadlock = watch.look(crew.unfinished);
    if (settings.signal.aborted) ending = "interrupted";
    else if (crew.failures.length > 0) ending = "failed";
    else if (deadlock !== null) ending = "deadlock";
    else if (!crew.isLoadFinished && (overMs < 0 || watch.keepsFromEnding(overMs))) continue;
    stopBy = performance.now();
    participant.stop();
  }
  const unstopped = [...crew.unfinished];
  const complaint = await settleBooks(supervision, unstopped);
  if (crew.failures.length > 0 || unstopped.length > 0) ending = "failed";
  if (ending === "done" && burials.all.length > 0) ending = "failed";
  return { ending, deadlock, left, unstopped, complaint };
}

/** Buries who is not buried, if that can be done, and looks whether anything is missing. @returns what is. */
async function settleBooks(
  { composition, burials }: Supervision,
  unstopped: readonly number[],
): Promise<string | null> {
  for (let look = 1; !burials.goOn(true) && look < LAST_LOOKS; look++) await later(1);
  if (burials.areUnderWay) {
    burials.giveUp("it was not put right: somebody who did not stop has what is needed for that");
  }
  if (burials.all.length + unstopped.length === 0) return null;
  const complaint = await complaintOf(composition, unstopped.length > 0);
  if (complaint !== null) burials.blame(complaint);
  return complaint;
}

/** What the books lack; where somebody goes on meanwhile, at each of several moments. */
async function complaintOf(
  composition: Supervision["composition"],
  goesOn: boolean,
): Promise<string | null> {
  for (let look = 1;; look++) {
    try {
      composition.check();
      return null;
    } catch (error) {
      if (!goesOn || look === LAST_LOOKS) {
        return error instanceof Error ? error.message : `${error}`;
      }
    }
    await later(1);
  }
}
