/**
 * How the coordinator watches a run: until everybody is at the barrier, and from there to its end, be that what it may.
 *
 * @module
 */
import type { Composition } from "../pools/composition.ts";
import type { Burials } from "./burials.ts";
import type { Crew } from "./crew.ts";
import type { Deadlock } from "./deadlock.ts";
import type { Entanglement } from "./entangled.ts";
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
}

/** How often the coordinator looks at its workers, milliseconds. */
const LOOK_MS = 50;

/** After the measured time, or after a stop, workers have this long to report, milliseconds. */
const GRACE_MS = 10_000;

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
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
  readonly crew: Crew;
  readonly composition: Composition;
  readonly watch: Watch;
  readonly burials: Burials;
  readonly entanglement: Entanglement;
  readonly settings: {
    readonly signal: AbortSignal;
    readonly onProgress: (doneNs: number) => void;
  };
  readonly endsAfterMs: number;
  /** Reads what is left to be had; null where nothing limits that. */
  readonly stock: (() => number) | null;
  readonly recorder: TimelineRecorder;
}

/** Watches a run until its end. */
export async function supervise(
  { crew, composition, watch, burials, entanglement, settings, endsAfterMs, stock, recorder }:
    Supervision,
): Promise<RunEnd> {
  const { participant } = composition;
  const openedMs = performance.now();
  let ending: Ending = "done";
  let deadlock: Deadlock | null = null;
  const left: Stock[] = [];
  recorder.look(0);
  let stopBy = openedMs + endsAfterMs;
  // To ask those who wait takes their locks.
  const mayGoOn = (overMs: number) => entanglement.isFree() && watch.keepsFromEnding(overMs);
  while (!crew.isFinished || burials.areUnderWay) {
    const leftMs = stopBy - performance.now();
    if (participant.stopped() || burials.areUnderWay) await later(1);
    else await later(leftMs > 0 ? Math.min(LOOK_MS, leftMs) : LOOK_MS);
    const overMs = performance.now() - stopBy;
    const atNs = (performance.now() - openedMs) * 1e6;
    settings.onProgress(atNs);
    burials.goOn();
    if (participant.stopped()) {
      if (overMs > GRACE_MS) return { ending: "failed", deadlock, left };
      continue;
    }
    // Of those who take part the coordinator alone has time, whatever the load is.
    if (entanglement.isFree()) composition.adapt();
    // After the end there is only what is given back.
    if (overMs < 0) recorder.look(atNs);
    if (stock !== null && overMs < 0) left.push({ atNs, elements: stock() });
    deadlock = watch.look(crew.unfinished);
    if (settings.signal.aborted) ending = "interrupted";
    else if (crew.failures.length > 0) ending = "failed";
    else if (deadlock !== null) ending = "deadlock";
    else if (!crew.isLoadFinished && (overMs < 0 || mayGoOn(overMs))) continue;
    stopBy = performance.now();
    participant.stop();
  }
  burials.goOn(true);
  burials.check();
  if (crew.failures.length > 0) ending = "failed";
  if (ending === "done" && burials.all.length > 0) ending = "failed";
  return { ending, deadlock, left };
}
