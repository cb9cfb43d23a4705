/**
 * How far a run is, as one line that is drawn again and again. It is drawn only where somebody watches,
 * and only ten times a second, so that it costs the run nothing. Where nobody does, what may take minutes says a plain line
 * now and then, for who reads a log.
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
const PLAIN_MS = 10_000;
const CLEAR_LINE = "\r\x1b[K";

/** Whose progress is shown, and how. */
export interface ProgressOptions {
  readonly name: string;
  readonly quiet: boolean;
  /** Milliseconds. */
  readonly now: () => number;
  /** Whether a plain line is written every ten seconds where nobody watches; else nothing is. */
  readonly isLong?: boolean;
}

/** Shows the progress of `name` on `sink`. */
export function progressBar(sink: TextSink, options: ProgressOptions): ProgressBar {
  if (options.quiet) return SILENT;
  if (!sink.isTerminal) return options.isLong ? plainLines(sink, options) : SILENT;
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

const SILENT: ProgressBar = { update() {}, [Symbol.dispose]() {} };

/** A line of its own every ten seconds, the first after ten. */
function plainLines(sink: TextSink, { name, now }: ProgressOptions): ProgressBar {
  let saidAt = now();
  return {
    update(progress: Shown): void {
      if (now() - saidAt < PLAIN_MS) return;
      saidAt = now();
      sink.write(`${name}: ${plainLine(progress)}\n`);
    },
    [Symbol.dispose]() {},
  };
}

/** The same as {@linkcode progressLine} without the bar. */
function plainLine(progress: Shown): string {
  const line = progressLine(progress);
  return progress.totalNs === 0 ? line : line.replace(/^[^\d]*/, "");
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
