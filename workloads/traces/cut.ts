/**
 * A part of a trace, as a trace by itself. Levels stay true: what is live at the cut is there from its first moment on.
 * What is lost is said: such elements are as old as the cut, so their holds read too short.
 *
 * - An element allocated before the cut and freed in it or later is allocated at the cut, with the size it has then.
 * - An interval that began before the cut begins at it, and ends when it did.
 * - What is freed only behind the end of the cut stays live to its end; an interval keeps its own end.
 * - An interval without an end that began before the cut is left out, or held, as was chosen for all.
 *
 * @module
 */
import { NativeWriter } from "./native_writer.ts";
import { readAgain, type Survey } from "./survey.ts";
import { TimeOrder } from "./time_order.ts";
import { TraceError, type TraceEvent } from "./trace.ts";

/** Which part: from a moment up to another, after the first event; or so many events from the first on. */
export type Part =
  | { readonly from: number; readonly to: number }
  | { readonly first: number };

/** What was written. */
export interface CutOutcome {
  /** Rows of the part, those for what was live at the cut among them. */
  readonly events: number;
  /** Elements that were live at the cut. */
  readonly liveAtCut: number;
}

/**
 * Writes a part of a surveyed trace in the native format, in order of time.
 *
 * @throws {TraceError} where nothing happens in that part.
 */
export async function cutTrace(
  survey: Survey,
  part: Part,
  { form, write }: { readonly form: "csv" | "ndjson"; readonly write: (text: string) => void },
): Promise<CutOutcome> {
  const { startNs } = survey;
  const notes = { ...survey.notes, nullFrees: 0 };
  const fromNs = "from" in part ? startNs + part.from : startNs;
  const source = `${survey.source}, ${partText(part)}`;
  // What is allocated at a cut may need no column that the whole has, but never another one.
  const layout = { ...survey, notes, startNs: fromNs, source, form };
  let writer: NativeWriter | undefined;
  const cut = new Cut(part, fromNs, (event) => {
    writer ??= new NativeWriter(layout, write);
    writer.event(event);
  });
  const order = new TimeOrder((event) => cut.take(event), { late: survey.late });
  const { timed } = survey.notes;
  await readAgain(survey, (event) => timed ? order.take(event) : cut.take(event));
  order.end();
  cut.end();
  if (writer === undefined) {
    throw TraceError.of(survey.path, new TraceError(`nothing happens in it ${partText(part)}`));
  }
  writer.end();
  return { events: writer.events, liveAtCut: cut.liveAtCut };
}

function partText(part: Part): string {
  if ("first" in part) return `in the first ${part.first} events`;
  return part.to === Infinity ? `from ${part.from} on` : `from ${part.from} to ${part.to}`;
}

/** Follows the events in order of time and gives on those of the part. */
class Cut {
  /** Elements that were live at the cut. */
  liveAtCut = 0;
  readonly #part: Part;
  readonly #fromNs: number;
  readonly #write: (event: TraceEvent) => void;
  readonly #live = new Map<string, TraceEvent>();
  #carried: TraceEvent[] = [];
  #taken = 0;
  #isOpen = false;

  constructor(part: Part, fromNs: number, write: (event: TraceEvent) => void) {
    this.#part = part;
    this.#fromNs = fromNs;
    this.#write = write;
  }

  take(event: TraceEvent): void {
    const part = this.#part;
    if ("first" in part) {
      if (this.#taken++ < part.first) this.#write(event);
    } else if (event.timeNs < this.#fromNs) {
      this.#before(event);
    } else if (event.timeNs - this.#fromNs < part.to - part.from) {
      this.#open();
      this.#write(event);
    }
  }

  end(): void {
    this.#open();
  }

  #before(event: TraceEvent): void {
    const { op, id, sizeBytes } = event;
    if (op === "i") {
      if (event.timeNs + event.holdNs > this.#fromNs) this.#carried.push(event);
      return;
    }
    const live = this.#live.get(id);
    if (op === "f") this.#live.delete(id);
    else if (op === "a") this.#live.set(` ${id}`.slice(1), { ...event });
    else if (live !== undefined) live.sizeBytes = sizeBytes;
  }

  /** Writes what is live at the cut, in the order of birth. */
  #open(): void {
    if (this.#isOpen || "first" in this.#part) return;
    this.#isOpen = true;
    const timeNs = this.#fromNs;
    for (const event of [...this.#live.values(), ...this.#carried]) {
      const holdNs = event.op === "i" ? event.timeNs + event.holdNs - timeNs : 0;
      this.liveAtCut += event.count;
      this.#write({ ...event, timeNs, holdNs });
    }
    this.#live.clear();
    this.#carried = [];
  }
}
