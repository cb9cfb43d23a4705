/**
 * Tasks for tests: written down, or drawn by rules that no registry knows.
 *
 * @module
 */
import type { TaskStream } from "../tasks.ts";
import type { PlainTask } from "./plain_fifo.ts";

const CHUNK = 1000;

/** Tasks that are written down. */
export function written(tasks: readonly PlainTask[]): TaskStream {
  let at = 0;
  return {
    next(most) {
      const part = tasks.slice(at, at + Math.min(most, CHUNK));
      at += part.length;
      return {
        count: part.length,
        startNs: Float64Array.from(part, ({ start }) => start),
        holdNs: Float64Array.from(part, ({ hold }) => hold),
      };
    },
  };
}

/** Tasks drawn from gaps and holds, rounded to nanoseconds. */
export function drawn(gap: () => number, hold: () => number): TaskStream {
  const startNs = new Float64Array(CHUNK);
  const holdNs = new Float64Array(CHUNK);
  let at = 0;
  return {
    next(most) {
      const count = Math.min(most, CHUNK);
      for (let task = 0; task < count; task++) {
        startNs[task] = Math.round(at += gap());
        holdNs[task] = Math.round(hold());
      }
      return { count, startNs, holdNs };
    },
  };
}
