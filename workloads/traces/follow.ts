/**
 * A trace as what was live when. It is read once, or, where rows are too far out of order to be put in
 * order at once, a second time, which then knows where they belong.
 *
 * @module
 */
import { LiveElements, type LiveObserver } from "./live.ts";
import { type LiveCounts, newLiveCounts } from "./live_counts.ts";
import { type OpenTrace, readTrace } from "./open.ts";
import type { TraceOptions } from "./options.ts";
import { type LateRows, TimeOrder } from "./time_order.ts";
import { TraceError, type TraceEvent, type TraceNotes } from "./trace.ts";

/** A trace that was followed to its end. */
export interface Followed<Observer> extends OpenTrace {
  /** What was counted. */
  readonly counts: LiveCounts;
  /** Who was told of it. */
  readonly observer: Observer;
}

/** What differs from the usual only in tests. */
interface Limits {
  readonly windowRows?: number;
  readonly liveMax?: number;
}

/**
 * Follows what is live through a trace.
 *
 * @param observe makes an observer; called again for a second reading, which tells its observer everything.
 * @throws {TraceError} where the trace cannot be read.
 */
export async function followTrace<Observer extends LiveObserver>(
  path: string | URL,
  options: TraceOptions,
  observe: (notes: TraceNotes) => Observer,
  limits: Limits = {},
): Promise<Followed<Observer>> {
  const first = await followOnce(path, options, { observe, late: null, limits });
  const { late } = first;
  if (late.count === 0 || late.rows.length < late.count || !first.isRereadable) return first;
  return await followOnce(path, options, { observe, late, limits });
}

interface Pass<Observer> {
  readonly observe: (notes: TraceNotes) => Observer;
  readonly late: LateRows | null;
  readonly limits: Limits;
}

async function followOnce<Observer extends LiveObserver>(
  path: string | URL,
  options: TraceOptions,
  { observe, late, limits }: Pass<Observer>,
): Promise<Followed<Observer> & { readonly late: LateRows }> {
  const counts = newLiveCounts();
  let observer: Observer | undefined;
  let elements: LiveElements | undefined;
  let order: TimeOrder | undefined;
  const trace = await readTrace(path, options, ({ notes }) => {
    observer = observe(notes);
    const live = elements = new LiveElements(counts, { ...limits, ...options }, observer);
    const inOrder = order = new TimeOrder((event) => live.apply(event), { ...limits, late });
    let recordedNs = -Infinity;
    return (event: TraceEvent) => {
      if (event.timeNs < recordedNs) counts.outOfOrder++;
      recordedNs = event.timeNs;
      if (notes.timed) inOrder.take(event);
      else live.apply(event);
    };
  });
  try {
    order!.end();
    elements!.finish();
  } catch (error) {
    throw TraceError.of(path, error);
  }
  counts.lateRows = order!.late.count;
  return { ...trace, counts, observer: observer!, late: order!.late };
}
