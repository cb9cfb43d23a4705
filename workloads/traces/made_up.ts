/**
 * Traces made up for tests: content becomes a file, since everything here begins with a file, and the file is
 * gone when the test is.
 *
 * @module
 */
import { readTrace } from "./open.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
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
  /** The messages of its warnings. */
  readonly warnings: readonly string[];
  /** All its events, in file order. */
  readonly events: readonly TraceEvent[];
}

/** Reads a trace from its content. */
export function readWhole(
  content: string | Uint8Array,
  options: Partial<TraceOptions> = {},
): Promise<WholeTrace> {
  return withFile(content, async (path) => {
    const events: TraceEvent[] = [];
    const take = (event: TraceEvent) => void events.push(event);
    const { format, notes } = await readTrace(path, { ...AS_RECORDED, ...options }, () => take);
    return { format, notes, warnings: notes.warnings.map(({ message }) => message), events };
  });
}

/** What refuses a trace by its content. */
export async function refusalOf(
  content: string | Uint8Array,
  options: Partial<TraceOptions> = {},
): Promise<string> {
  return await withFile(content, async (path) => {
    try {
      const all = { ...AS_RECORDED, ...options };
      const { format } = await readTrace(path, all, () => () => {});
      return `not refused, but taken for ${format}`;
    } catch (error) {
      return error instanceof Error ? error.message.replace(path, "PATH") : String(error);
    }
  });
}

/** An event in short: `5 a x 64 @w`, and of intervals the hold, `?` where it is unknown: `5 i 64 +9`. */
export function inShort({ timeNs, op, id, sizeBytes, worker, holdNs }: TraceEvent): string {
  const hold = op === "i" ? `+${Number.isNaN(holdNs) ? "?" : holdNs}` : "";
  return [timeNs, op, id, sizeBytes, worker && `@${worker}`, hold].filter((part) => part !== "")
    .join(" ");
}
