/**
 * Tests of importers told as stories: a file and what must be read of it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { inShort, readWhole } from "./made_up.ts";
import type { TraceOptions } from "./options.ts";

/** One file. */
export interface Story {
  /** The file. */
  readonly text: string | Uint8Array;
  /** Its format, and what is told of it. */
  readonly format: string;
  readonly events: readonly string[];
  /** The codes of its warnings; none if left out. */
  readonly warnings?: readonly string[];
  /** What else must be noted. */
  readonly notes?: Readonly<Record<string, unknown>>;
  readonly options?: Partial<TraceOptions>;
}

/** Declares a test for each story, by what it tells. */
export function declareStories(stories: Readonly<Record<string, Story>>): void {
  for (const [what, story] of Object.entries(stories)) {
    Deno.test(`readTrace() reads ${what}`, async () => {
      const { format, events, notes } = await readWhole(story.text, story.options);
      assertEquals(format, story.format);
      assertEquals(events.map(inShort), story.events);
      assertEquals(notes.warnings.map(({ code }) => code), story.warnings ?? []);
      assertEquals(notes.foreignLines, 0);
      assertEquals({ ...notes, ...story.notes }, { ...notes });
    });
  }
}
