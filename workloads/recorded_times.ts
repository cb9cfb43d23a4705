/**
 * The arrivals and the holds of a recorded trace, for loads that take one of them from a recording. In shared memory: every
 * worker reads the same column.
 *
 * @module
 */
import { type Lives, livesOf } from "./traces/lives.ts";
import { compileReplay } from "./traces/program.ts";
import { TraceError } from "./traces/trace.ts";

type Column = Float64Array<SharedArrayBuffer>;

/**
 * When each element of a trace was allocated, nanoseconds from the first one.
 *
 * @throws {TraceError} where the trace has no times, or no two different ones.
 */
export function recordedArrivals(file: string): Promise<Column> {
  return columnOf(file, ({ startAt }) => {
    const [first = 0] = startAt;
    if ((startAt.at(-1) ?? first) === first) {
      throw new TraceError("it has no two arrivals at different times, so there is no rate");
    }
    return startAt.map((time) => time - first);
  });
}

/**
 * How long each element of a trace was held, nanoseconds, in order of their allocation. Those that are never freed are
 * left out: nobody knows how long they were held.
 *
 * @throws {TraceError} where the trace has no times, or frees nothing.
 */
export function recordedHolds(file: string): Promise<Column> {
  return columnOf(file, ({ hold }) => {
    const known = hold.filter((time) => time < Infinity);
    if (known.length > 0) return known;
    throw new TraceError("it frees nothing, so there are no hold times");
  });
}

async function columnOf(file: string, pick: (lives: Lives) => Float64Array): Promise<Column> {
  const program = await compileReplay(file);
  try {
    if (!program.timed) throw new TraceError("it has no times: its clock counts operations");
    const picked = pick(livesOf(program));
    const column = new Float64Array(new SharedArrayBuffer(8 * picked.length));
    column.set(picked);
    return column;
  } catch (error) {
    throw TraceError.of(file, error);
  }
}
