/**
 * What queueing theory says of a pool whose back end is dead, where arrivals are independent (Poisson) and holds have no
 * memory (exponential): Erlang's delay formula (1917). A check beside the answer, never the answer: with
 * arrivals in batches of 8 it asks for 32 elements where 51 are needed.
 *
 * @module
 */

/** Probability that a task waits with `servers` elements under an offered load (arrival rate times mean hold). */
export function erlangC(servers: number, offered: number): number {
  if (servers <= offered) return 1;
  // Erlang's loss formula by its recurrence: where it underflows, nobody waits.
  let loss = 1;
  for (let n = 1; n <= servers; n++) loss = offered * loss / (n + offered * loss);
  return loss / (1 - (1 - loss) * offered / servers);
}

/** A load and a limit for waits, nanoseconds. */
export interface ErlangLoad {
  readonly offered: number;
  readonly meanHoldNs: number;
  readonly limitNs: number;
}

/** Probability that a task waits longer than the limit. */
export function waitsLonger(servers: number, { offered, meanHoldNs, limitNs }: ErlangLoad): number {
  if (servers <= offered) return 1;
  return erlangC(servers, offered) * Math.exp(-(servers - offered) * limitNs / meanHoldNs);
}

/** The smallest number of elements with which less than `share` of the tasks wait longer than the limit. */
export function erlangSize(load: ErlangLoad, share: number): number {
  let below = Math.floor(load.offered);
  let above = below + 1;
  while (waitsLonger(above, load) >= share) {
    below = above;
    above *= 2;
  }
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (waitsLonger(middle, load) < share) above = middle;
    else below = middle;
  }
  return above;
}
