/**
 * Events that a tracer says it lost, since its buffers were full: of what was allocated then, or freed, nothing is known.
 *
 * @module
 */
import type { TraceNotes } from "./trace.ts";

/** Says how often that happened, if ever. */
export function sayLost(times: number, { warnings }: TraceNotes): void {
  if (times === 0) return;
  warnings.push({
    code: "lost-events",
    message: `the recording says ${times} ${times === 1 ? "time" : "times"} that events were lost`,
    advice: "record again with larger buffers (perf record -m 16M, trace-cmd record -b 16384)",
  });
}
