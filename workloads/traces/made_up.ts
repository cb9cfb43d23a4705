/**
 * Traces made up for tests: content becomes a file, since everything here begins with a file, and the file is
 * gone when the test is.
 *
 * @module
 */
import { openTrace, readTrace } from "./open.ts";
import type { TraceEvent, TraceNotes } from "./trace.ts";

/** Puts content into a file for as long as `use` takes. */
export async function withFile<T>(
  content: string | Uint8Array,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = await Deno.makeTempFile({ prefix: "trace-" });
  try {
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

/** A trace that was read to its end. */
export interface WholeTrace {
  /** The registered name of its format. */
  readonly format: string;
  /** What was noticed on the way. */
  readonly notes: TraceNotes;
  /** All its events, in file order. */
  readonly events: readonly TraceEvent[];
}

/** Reads a trace from its content. */
export function readWhole(content: string | Uint8Array): Promise<WholeTrace> {
  return withFile(content, (path) =>
    readTrace(path, async ({ format, notes, events }) => {
      return { format, notes, events: await Array.fromAsync(events) };
    }));
}

/** What refuses a trace by its content, once it is opened. */
export async function refusalOf(content: string | Uint8Array): Promise<string> {
  return await withFile(content, async (path) => {
    try {
      await using trace = await openTrace(path);
      return `not refused, but taken for ${trace.format}`;
    } catch (error) {
      return error instanceof Error ? error.message.replace(path, "PATH") : String(error);
    }
  });
}
