/**
 * How far a run is, as one line that is drawn again and again. It is drawn only where somebody watches,
 * and only ten times a second, so that it costs the run nothing.
 *
 * @module
 */
import { bar } from "../results/formats/bar.ts";
import { clip } from "../results/formats/columns.ts";
import { duration } from "../results/formats/numbers.ts";
import type { Progress } from "../workloads/runner.ts";
import type { TextSink } from "./io.ts";

/** How far something is, and what is being done. */
export interface Shown extends Omit<Progress, "phase"> {
  readonly phase: string;
}

/** A line that shows progress until it is disposed of. */
export interface ProgressBar extends Disposable {
  update(progress: Shown): void;
}

const CELLS = 24;
const REDRAW_MS = 100;
const CLEAR_LINE = "\r\x1b[K";

/** Shows the progress of `name` on `sink`; nothing at all where nobody watches. */
export function progressBar(
  sink: TextSink,
  options: { readonly name: string; readonly quiet: boolean; readonly now: () => number },
): ProgressBar {
  if (options.quiet || !sink.isTerminal) return { update() {}, [Symbol.dispose]() {} };
  let drawnAt = -Infinity;
  return {
    update(progress: Shown): void {
      const now = options.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const line = `${options.name} ${progressLine(progress)}`;
      sink.write(CLEAR_LINE + clip(line, (sink.columns || 80) - 1));
    },
    [Symbol.dispose](): void {
      if (drawnAt > -Infinity) sink.write(CLEAR_LINE);
    },
  };
}

/** The bar, the share, the phase, which repeat, and the time left where it is known. */
export function progressLine({ phase, doneNs, totalNs, repeat, repeats }: Shown): string {
  const which = repeats > 1 ? ` ${repeat + 1}/${repeats}` : "";
  if (totalNs === 0) return `${phase}${which}, ${secondsUp(doneNs)} so far`;
  const share = (repeat + Math.min(1, doneNs / totalNs)) / repeats;
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const left = secondsUp(totalNs * repeats * (1 - share));
  return `${bar(share, CELLS).padEnd(CELLS)} ${percent} ${phase}${which}, ${left} left`;
}

/** A time that jumps by fractions is unreadable: whole seconds. */
function secondsUp(nanoseconds: number): string {
  return duration(Math.ceil(nanoseconds / 1e9) * 1e9);
}
