/**
 * A schedule as text, for a command line: who was chosen, and how often in a row.
 *
 * @module
 */

/** Choices as `actor` or `actorxtimes`, with commas between. */
export function formatChoices(choices: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const choice of choices) {
    const last = runs.at(-1);
    if (last?.[0] === choice) last[1]++;
    else runs.push([choice, 1]);
  }
  return runs.map(([actor, times]) => times === 1 ? `${actor}` : `${actor}x${times}`).join();
}

/** The same read back. @throws {RangeError} where it is none. */
export function parseChoices(text: string): number[] {
  return text.split(",").flatMap((run) => {
    const [, actor, times = "1"] = /^(\d+)(?:x(\d+))?$/.exec(run) ?? [];
    if (actor === undefined) {
      throw new RangeError(`--choices ${run}: give ACTOR or ACTORxTIMES, with commas between`);
    }
    return Array.from({ length: Number(times) }, () => Number(actor));
  });
}
