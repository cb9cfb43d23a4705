/**
 * The shape of changes that were found in a series: steps, or a drift from one level to another.
 *
 * A drift looks like several small steps to whoever looks for steps, none of which says where it began. So a straight way between
 * two levels, with its first and its last value chosen by least squares, is laid over neighbouring steps in one direction,
 * and taken instead of them where it explains more for its parameters, by Schwarz's criterion (Annals of Statistics 6, 1978).
 *
 * Where a change began is known only so well: all places are given from which the best fit is not worse by more than
 * {@linkcode LIKELY} (the profile likelihood).
 *
 * @module
 */

/** Of a series. */
export interface Change {
  /** A step is there from one value to the next; a drift takes at least {@linkcode DRIFT_LEAST} values. */
  readonly kind: "step" | "drift";
  /** The index of the first value that is changed. */
  readonly began: number;
  /** The first index that it may as well have been. */
  readonly beganFrom: number;
  /** The last of them. */
  readonly beganTo: number;
  /** The index of the first value at the new level; of a step that is `began`. */
  readonly ended: number;
  /** The level before it. */
  readonly before: number;
  /** The level after it. */
  readonly after: number;
}

/** A change over fewer values is a step. */
export const DRIFT_LEAST = 4;

/** Twice the logarithm of how much less likely a place may be: the 99th percentile of chi squared with one degree of freedom. */
const LIKELY = 6.63;

/** By how much a drift must explain more than steps do. */
const GAIN_LEAST = 2;

/** The changes of a series whose steps are known: each a step, or a drift instead of one or several of them. */
export function shapeOf(values: readonly number[], steps: readonly number[]): Change[] {
  const bounds = [0, ...steps, values.length];
  const means = bounds.slice(1).map((end, i) => meanOf(values.slice(bounds[i], end)));
  const changes: Change[] = [];
  for (let first = 0; first < steps.length;) {
    const count = driftingSteps(values, { bounds, means, first });
    // A step is looked at between its neighbours, a drift between those of its steps.
    const span = { from: bounds[first]!, to: bounds[first + Math.max(count, 1) + 1]! };
    const piece = new Piece(values, span);
    changes.push(
      count > 0 ? piece.drift() : { ...piece.step(bounds[first + 1]!), ...levels(means, first) },
    );
    first += Math.max(count, 1);
  }
  return changes;
}

function levels(means: readonly number[], step: number): Pick<Change, "before" | "after"> {
  return { before: means[step]!, after: means[step + 1]! };
}

/** How many steps from `first` on are better seen as one drift; 0 where none are. */
function driftingSteps(
  values: readonly number[],
  { bounds, means, first }: {
    readonly bounds: readonly number[];
    readonly means: readonly number[];
    readonly first: number;
  },
): number {
  const steps = bounds.length - 2;
  const way = (step: number) => Math.sign(means[step + 1]! - means[step]!);
  let most = 1;
  while (first + most < steps && way(first + most) === way(first)) most++;
  for (let count = most; count > 0; count--) {
    const ends = bounds.slice(first, first + count + 2);
    const span = { from: ends[0]!, to: ends.at(-1)! };
    const piece = new Piece(values, span);
    const length = span.to - span.from;
    const criterion = (squares: number, parameters: number) =>
      length * Math.log(Math.max(squares, 1e-12 * piece.squares)) + parameters * Math.log(length);
    const asSteps = ends.slice(1).reduce(
      (sum, end, i) => sum + squaresAround(values.slice(ends[i], end)),
      0,
    );
    const best = piece.best(DRIFT_LEAST);
    // Two levels and two ends, against a level more than there are steps, and the steps.
    const gain = criterion(asSteps, 2 * count + 1) - criterion(best.squares, 4);
    if (gain > GAIN_LEAST) return count;
  }
  return 0;
}

interface Fit {
  /** Of the last value at the old level. */
  readonly start: number;
  /** Values from there to the first at the new level. */
  readonly length: number;
  readonly before: number;
  readonly after: number;
  /** What is left to explain. */
  readonly squares: number;
}

/** A part of a series, which one change is laid over. Indices are those of the series. */
class Piece {
  readonly #from: number;
  readonly #length: number;
  readonly #mean: number;
  /** Sums of the values less their mean, and of these times their index in the piece, up to each. */
  readonly #sums: number[] = [0];
  readonly #moments: number[] = [0];
  /** Squares of all values around their mean. */
  readonly squares: number;

  constructor(values: readonly number[], { from, to }: { from: number; to: number }) {
    const piece = values.slice(from, to);
    this.#from = from;
    this.#length = piece.length;
    this.#mean = meanOf(piece);
    this.squares = squaresAround(piece);
    for (const [i, value] of piece.entries()) {
      this.#sums.push(this.#sums[i]! + value - this.#mean);
      this.#moments.push(this.#moments[i]! + i * (value - this.#mean));
    }
  }

  /** The best way of this length from one level to another, with its start after index `start` of the piece. */
  #fit(start: number, length: number): Fit {
    const end = start + length;
    const n = this.#length;
    // How far each value is on its way: 0 up to the start, 1 from the end on, a straight line between them.
    const progress = (length - 1) / 2 + n - end;
    const progressSquares = (length - 1) * (2 * length - 1) / (6 * length) + n - end;
    const moment = this.#moments[end]! - this.#moments[start]!;
    const between = this.#sums[end]! - this.#sums[start]!;
    const product = (moment - start * between) / length - this.#sums[end]!;
    const spread = progressSquares - progress ** 2 / n;
    const rise = product / spread;
    const before = this.#mean - rise * progress / n;
    const squares = this.squares - product ** 2 / spread;
    return { start, length, before, after: before + rise, squares };
  }

  /** All fits of at least this length. */
  *#fits(least: number, most: number): Generator<Fit> {
    for (let start = 0; start < this.#length - 1; start++) {
      const longest = Math.min(most, this.#length - 1 - start);
      for (let length = least; length <= longest; length++) yield this.#fit(start, length);
    }
  }

  /** The best of them. */
  best(least: number, most = Infinity): Fit {
    let best: Fit | null = null;
    for (const fit of this.#fits(least, most)) {
      if (best === null || fit.squares < best.squares) best = fit;
    }
    return best ?? this.#fit(0, 1);
  }

  drift(): Change {
    const best = this.best(DRIFT_LEAST);
    const began = this.#from + best.start + 1;
    const { before, after } = best;
    const ended = this.#from + best.start + best.length;
    return { kind: "drift", began, ...this.#likely(best, Infinity), ended, before, after };
  }

  step(at: number): Omit<Change, "before" | "after"> {
    const best = this.#fit(at - 1 - this.#from, 1);
    return { kind: "step", began: at, ...this.#likely(best, 1), ended: at };
  }

  /** The first and the last place where it may as well have begun. */
  #likely(best: Fit, most: number): Pick<Change, "beganFrom" | "beganTo"> {
    const least = most === 1 ? 1 : DRIFT_LEAST;
    const worst = Math.max(best.squares, 1e-12 * this.squares) * Math.exp(LIKELY / this.#length);
    let [first, last] = [best.start, best.start];
    for (const { start, squares } of this.#fits(least, most)) {
      if (squares > worst) continue;
      [first, last] = [Math.min(first, start), Math.max(last, start)];
    }
    return { beganFrom: this.#from + first + 1, beganTo: this.#from + last + 1 };
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squaresAround(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
