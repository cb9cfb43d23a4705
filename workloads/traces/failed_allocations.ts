/**
 * Allocations that were asked for and not had: no elements, but a sign that the recorded program was short of memory.
 *
 * @module
 */
import type { TraceNotes } from "./trace.ts";

/** Says how many there were, if any. */
export function sayFailed(count: number, { warnings }: TraceNotes): void {
  if (count === 0) return;
  warnings.push({
    code: "failed-allocations",
    message: count === 1
      ? "1 failed allocation was left out"
      : `${count} failed allocations were left out`,
    advice: "remember that what was recorded wanted more than it got",
  });
}
