/**
 * A mempool as a Markov chain: elements held by tasks, and the reserve with those who wait as its negative part. Each
 * arrival goes through the policy's steps, the half-full gate among them, over a back end that fails by
 * probabilities; each end of a hold frees into the queue, the reserve or the back end.
 *
 * Assumed: Poisson arrivals of callers that block or wait, exponential holds, failures independent of each other, and
 * waits short against `retryMs`. Where that holds it is exact but for where the state is cut off; a check beside the
 * simulator, never the answer.
 *
 * @module
 */
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { type CompiledPolicy, Op } from "../pools/compiled_policy.ts";

/** What the chain is of. */
export interface Chain {
  readonly policy: CompiledPolicy;
  readonly minReserve: number;
  /** Arrival rate times mean hold. */
  readonly offered: number;
  /** Probabilities that an atomic (0) and a blocking (1) call of the back end fails. */
  readonly failure: readonly [number, number];
}

/** How an arrival fares in a state: its probability of each level, 1 to 5 at the places 0 to 4, and whether that takes from the reserve. */
interface Fate {
  readonly levels: readonly number[];
  /** Levels 2 and 4 together. */
  readonly reserve: number;
  /** Levels 1 and 3 together. */
  readonly backend: number;
  readonly waits: number;
}

/** So many deviations beyond the mean nobody gets. */
const DEVIATIONS = 9;

/** Waiters beyond this are cut off. */
const WAITERS = 60;

const PRECISION = 1e-11;
const SWEEPS_MAX = 20_000;

/** The share of the arrivals that each level serves, 1 to 5 at the places 0 to 4. */
export function chainLevels(chain: Chain): number[] {
  const { minReserve, offered } = chain;
  const held = Math.ceil(offered + DEVIATIONS * Math.sqrt(offered) + 10);
  const fates = Array.from(
    { length: minReserve + WAITERS + 1 },
    (_, index) => fateAt(chain, index - WAITERS),
  );
  const shares = stationary(held, fates, minReserve, offered);
  const levels = [0, 0, 0, 0, 0];
  shares.forEach((share, state) => {
    fates[state % fates.length]!.levels.forEach((p, level) => levels[level]! += share * p);
  });
  return levels;
}

/** The fate of an arrival where the reserve holds `standing`, or where so many wait as that is negative. */
function fateAt({ policy, minReserve, failure }: Chain, standing: number): Fate {
  const current = Math.max(0, standing);
  const levels = [0, 0, 0, 0, 0];
  let left = 1;
  for (const { op, admits } of policy.steps) {
    if (op === Op.reserve) {
      if (current === 0 || !admits(current, minReserve)) continue;
      levels[2 * current >= minReserve ? 1 : 3]! += left;
      left = 0;
      continue;
    }
    const context = op === Op.backendAtomic ? ATOMIC : BLOCKING;
    levels[context === ATOMIC ? 0 : 2]! += left * (1 - failure[context]);
    left *= failure[context];
  }
  // Who is about to sleep looks at the back end once more.
  levels[0]! += left * (1 - failure[ATOMIC]);
  levels[4] = left * failure[ATOMIC];
  const [first = 0, second = 0, third = 0, fourth = 0] = levels;
  return { levels, reserve: second + fourth, backend: first + third, waits: levels[4] };
}

/**
 * The share of time in each state, by Gauss-Seidel on the balance equations; state = held * fates.length + standing +
 * WAITERS. Time is in mean holds.
 */
function stationary(
  heldMax: number,
  fates: readonly Fate[],
  minReserve: number,
  offered: number,
): Float64Array {
  const width = fates.length;
  const full = minReserve + WAITERS;
  const shares = new Float64Array((heldMax + 1) * width).fill(1 / ((heldMax + 1) * width));
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    let change = 0;
    let total = 0;
    for (let held = 0; held <= heldMax; held++) {
      for (let place = 0; place < width; place++) {
        const state = held * width + place;
        const inflow = inflowOf(shares, held, place, { heldMax, width, full, fates, offered });
        const share = inflow / outflowOf(held, place, heldMax, fates, offered);
        change += Math.abs(share - shares[state]!);
        total += share;
        shares[state] = share;
      }
    }
    for (let state = 0; state < shares.length; state++) shares[state]! /= total;
    if (change / total < PRECISION) break;
  }
  return shares;
}

function outflowOf(
  held: number,
  place: number,
  heldMax: number,
  fates: readonly Fate[],
  offered: number,
): number {
  const { reserve, backend, waits } = fates[place]!;
  const served = held < heldMax ? backend + reserve : 0;
  return held + offered * (served + (place > 0 ? waits : 0)) || 1e-300;
}

interface Shape {
  readonly heldMax: number;
  readonly width: number;
  /** The place of a full reserve. */
  readonly full: number;
  readonly fates: readonly Fate[];
  readonly offered: number;
}

function inflowOf(shares: Float64Array, held: number, place: number, shape: Shape): number {
  const { heldMax, width, full, fates, offered } = shape;
  const at = (h: number, p: number) => shares[h * width + p]!;
  let inflow = 0;
  if (held > 0) {
    inflow += offered * fates[place]!.backend * at(held - 1, place);
    if (place < full) inflow += offered * fates[place + 1]!.reserve * at(held - 1, place + 1);
  }
  if (place < full) inflow += offered * fates[place + 1]!.waits * at(held, place + 1);
  // A free: to who waits, and as many are held as before; to the reserve; or to the back end.
  if (place > 0 && place <= WAITERS) inflow += held * at(held, place - 1);
  if (held < heldMax) {
    if (place > WAITERS) inflow += (held + 1) * at(held + 1, place - 1);
    if (place === full) inflow += (held + 1) * at(held + 1, full);
  }
  return inflow;
}
