/**
 * The cheapest combination of reserves that passes a test, where more elements never make one fail that passes.
 *
 * Each pool's own curve comes first: how many miss with fewer of its elements while the others have plenty. Added up, the curves
 * say about what a combination does, too high rather than too low, and their Pareto front is found without any simulation:
 * element by element, whatever saves most bytes for each miss it adds. The cheapest on it that passes is where the search
 * begins. It ends where no element can be spared anywhere and none exchanged for cheaper ones. Of two pools every combination
 * that would be cheaper is then ruled out, so that the answer is the cheapest there is; of more it is one that no such step
 * betters.
 *
 * @module
 */

/** Reserves, in the order of the pools. */
export type Reserves = readonly number[];

/** What is searched. */
export interface JointProblem {
  /** Bytes of an element. */
  readonly bytes: readonly number[];
  /** The least that each pool may have. */
  readonly floors: Reserves;
  /** The least with which a pool passes though the others have plenty, or its floor where the others might spare it some. */
  readonly least: Reserves;
  /** With these nobody waits. */
  readonly plenty: Reserves;
  /** More than this is of no use to anybody. */
  readonly most: Reserves;
  /** Share that misses. */
  readonly share: (reserves: Reserves) => number;
  /** Whether a combination passes. */
  readonly passes: (reserves: Reserves) => boolean;
}

/** A pool's own curve: shares that miss, by its reserve, while the others have plenty. */
export type Curve = ReadonlyMap<number, number>;

/** What a combination costs. */
export function bytesOf(reserves: Reserves, bytes: readonly number[]): number {
  return reserves.reduce((sum, count, pool) => sum + count * bytes[pool]!, 0);
}

/** The same with one pool's reserve changed. */
export function withReserve(reserves: Reserves, pool: number, minReserve: number): number[] {
  return reserves.map((each, other) => other === pool ? minReserve : each);
}

/**
 * The smallest reserve of one pool, from a floor on, that passes while the others have these; what they have there passes.
 *
 * @param guess where to look first.
 */
export function smallestOf(
  pool: number,
  others: Reserves,
  { floor, guess, passes }: {
    readonly floor: number;
    readonly guess?: number | undefined;
    readonly passes: (reserves: Reserves) => boolean;
  },
): number {
  let [below, above] = [floor - 1, others[pool]!];
  const tries = guess === undefined ? [] : [guess, guess - 1, guess + 1, guess - 2, guess + 2];
  while (above - below > 1) {
    const next = tries.shift() ?? (below + above) >> 1;
    if (next <= below || next >= above) continue;
    if (passes(withReserve(others, pool, next))) above = next;
    else below = next;
  }
  return above;
}

/** Points of a curve that are simulated; what lies between is drawn as a straight line of the logarithm. */
const CURVE_POINTS = 10;

/** The curve of a pool from a reserve up to plenty. */
export function curveOf({ plenty, share }: JointProblem, pool: number, from: number): Curve {
  const to = plenty[pool]!;
  const curve = new Map<number, number>();
  const step = Math.max(1, (to - from) / CURVE_POINTS);
  const seen: number[] = [];
  for (let at = from; at < to; at += step) seen.push(Math.round(at));
  const points = [...new Set([...seen, to])].map((min) =>
    [min, share(withReserve(plenty, pool, min))] as const
  );
  for (const [index, [min, missing]] of points.entries()) {
    curve.set(min, missing);
    const next = points[index + 1];
    for (let between = min + 1; next !== undefined && between < next[0]; between++) {
      const along = (between - min) / (next[0] - min);
      const [high, low] = [Math.max(missing, LEAST), Math.max(next[1], LEAST)];
      curve.set(between, high * (low / high) ** along);
    }
  }
  return curve;
}

const LEAST = 1e-7;

/** A combination with what it costs and about what misses with it. */
interface Added {
  readonly reserves: Reserves;
  readonly bytes: number;
  readonly share: number;
}

/** So many combinations are kept while curves are added. */
const FRONT_MAX = 400;

/** The Pareto front of the curves added up, cheapest first. */
export function addedFront(curves: readonly Curve[], bytes: readonly number[]): readonly Added[] {
  let front: readonly Added[] = [{ reserves: [], bytes: 0, share: 0 }];
  curves.forEach((curve, pool) => {
    const next = front.flatMap((each) =>
      [...curve].map(([min, missing]): Added => ({
        reserves: [...each.reserves, min],
        bytes: each.bytes + min * bytes[pool]!,
        share: each.share + missing,
      }))
    );
    front = thinned(paretoOf(next));
  });
  return front;
}

/** Those that nothing else beats in bytes and share both, cheapest first. */
export function paretoOf<Point extends { readonly bytes: number; readonly share: number }>(
  points: readonly Point[],
): Point[] {
  const sorted = points.toSorted((a, b) => a.bytes - b.bytes || a.share - b.share);
  let least = Infinity;
  return sorted.filter(({ share }) => {
    if (share >= least) return false;
    least = share;
    return true;
  });
}

function thinned<Point>(points: readonly Point[]): readonly Point[] {
  if (points.length <= FRONT_MAX) return points;
  const last = points.length - 1;
  return Array.from(
    { length: FRONT_MAX },
    (_, index) => points[Math.round(index * last / (FRONT_MAX - 1))]!,
  );
}

/** Searches for the cheapest combination; plenty passes. */
export class JointSearch {
  readonly #problem: JointProblem;
  /** Combinations that fail: so does whatever has no more anywhere. */
  readonly #failing: Reserves[] = [];

  /** A search that remembers what it need not look at. */
  constructor(problem: JointProblem) {
    this.#problem = problem;
  }

  #passes(reserves: Reserves): boolean {
    const { least, passes } = this.#problem;
    if (reserves.some((min, pool) => min < least[pool]!)) return false;
    if (this.#failing.some((each) => reserves.every((min, pool) => min <= each[pool]!))) {
      return false;
    }
    if (passes(reserves)) return true;
    this.#failing.push(reserves);
    return false;
  }

  /** The cheapest of a front that passes; plenty where none does. */
  firstOn(front: readonly Reserves[]): Reserves {
    let [below, above] = [-1, front.length];
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (this.#passes(front[middle]!)) above = middle;
      else below = middle;
    }
    return front[above] ?? this.#problem.plenty;
  }

  /** Goes on as long as anything can be spared or exchanged. */
  settle(from: Reserves): Reserves {
    for (let now = from;;) {
      const next = this.#spared(now) ?? this.#exchanged(now);
      if (next === null) return now;
      now = next;
    }
  }

  /** One element less, of the dearest pool that can spare it. */
  #spared(now: Reserves): Reserves | null {
    const { bytes } = this.#problem;
    const dearest = now.map((_, pool) => pool).sort((a, b) => bytes[b]! - bytes[a]!);
    for (const pool of dearest) {
      const less = withReserve(now, pool, now[pool]! - 1);
      // Looked at, not inferred: what is claimed of the answer is that none of these passes.
      if (now[pool]! > this.#problem.floors[pool]! && this.#problem.passes(less)) return less;
    }
    return null;
  }

  /** Some elements of one pool for fewer bytes of another. */
  #exchanged(now: Reserves): Reserves | null {
    const { bytes, most } = this.#problem;
    const pools = now.map((_, pool) => pool);
    for (const less of pools) {
      for (const more of pools) {
        if (less === more) continue;
        for (const spared of [1, Math.floor(bytes[more]! / bytes[less]!) + 1]) {
          const worth = spared * bytes[less]!;
          const added = Math.min(most[more]! - now[more]!, Math.ceil(worth / bytes[more]!) - 1);
          if (added < 1 || spared > now[less]!) continue;
          const other = withReserve(now, less, now[less]! - spared);
          const wide = withReserve(other, more, now[more]! + added);
          if (!this.#passes(wide)) continue;
          const passes = (reserves: Reserves) => this.#passes(reserves);
          const enough = smallestOf(more, wide, { floor: now[more]! + 1, passes });
          return withReserve(wide, more, enough);
        }
      }
    }
    return null;
  }

  /**
   * Of two pools the cheapest there is, from one that passes: for each reserve of the first, whether the most of the second that
   * would still be cheaper passes.
   */
  ruleOut(from: Reserves): Reserves {
    const { bytes: [first, second], least: floors, most } = this.#problem;
    let best = from;
    let least = bytesOf(best, this.#problem.bytes);
    const passes = (reserves: Reserves) => this.#passes(reserves);
    for (let min = floors[0]!; min <= most[0]! && min * first! < least; min++) {
      const affordable = Math.ceil((least - min * first!) / second!) - 1;
      const wide = [min, Math.min(most[1]!, affordable)];
      if (wide[1]! < floors[1]! || !this.#passes(wide)) continue;
      best = [min, smallestOf(1, wide, { floor: floors[1]!, passes })];
      least = bytesOf(best, this.#problem.bytes);
    }
    return best;
  }
}
