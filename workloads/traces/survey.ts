/**
 * A first reading of a trace that is to be written again: what its header will have to say is known only at its
 * end, and so is which rows are too far out of order.
 *
 * @module
 */
import type { NativeLayout } from "./native_writer.ts";
import { type OpenTrace, readTrace } from "./open.ts";
import type { TraceOptions } from "./options.ts";
import { type LateRows, TimeOrder } from "./time_order.ts";
import { TraceError, type TraceEvent } from "./trace.ts";

/** What the first reading found. */
export interface Survey extends OpenTrace, Omit<NativeLayout, "form"> {
  /** The file. */
  readonly path: string;
  /** As it was read. */
  readonly options: TraceOptions;
  /** Events in it. */
  readonly events: number;
  /** When the last thing happened that was stamped; on the clock of `startNs`. */
  readonly endNs: number;
  /** What came too late to be put in order. */
  readonly late: LateRows;
}

/**
 * Reads a trace for the first time.
 *
 * @throws {TraceError} where it cannot be read, or not twice.
 */
export async function surveyTrace(path: string, options: TraceOptions): Promise<Survey> {
  const order = new TimeOrder(() => {}, { late: null });
  const found = {
    events: 0,
    startNs: Infinity,
    endNs: -Infinity,
    hasIntervals: false,
    hasCounts: false,
  };
  const trace = await readTrace(path, options, ({ isRereadable }) => {
    if (!isRereadable) throw new TraceError("it is read twice, and a pipe cannot be: give a file");
    return (event: TraceEvent) => {
      found.events++;
      found.startNs = Math.min(found.startNs, event.timeNs);
      found.endNs = Math.max(found.endNs, event.timeNs + (event.holdNs >= 0 ? event.holdNs : 0));
      if (event.op === "i") found.hasIntervals = true;
      if (event.count > 1) found.hasCounts = true;
      order.take(event);
    };
  });
  order.end();
  const source = `${path.split(/[/\\]/).at(-1)} (${trace.format})`;
  return { ...trace, ...found, path, options, source, late: order.late };
}

/** Reads a surveyed trace again, its events as the user chose to have them: a held one is never freed. */
export async function readAgain(
  { path, options }: Survey,
  take: (event: TraceEvent) => void,
): Promise<void> {
  let held = 0;
  await readTrace(path, options, () => (event: TraceEvent) => {
    if (options.unfinished === "drop" || event.op !== "i" || event.holdNs >= 0) take(event);
    else take({ ...event, op: "a", holdNs: 0, id: `held-${++held}` });
  });
}
