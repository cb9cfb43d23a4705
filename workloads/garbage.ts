/**
 * How much garbage a loop makes once it is optimised. The tests hold the streams of numbers to none, since
 * they are read inside timed loops, where a collection would show up as somebody's latency.
 *
 * Give the loop as a closure of its own: a call site that has seen several kinds of stream is no longer
 * inlined, and a fraction that is returned by a call that is not inlined is boxed. A worker reads one
 * kind only.
 *
 * @module
 */

const WARM_UPS = 20;
/** Many: code is optimised by another thread, which may be late by dozens of runs. */
const TRIES = 200;

/** The least bytes by which the heap grew over one of several runs, collections left out. */
export function garbageOf(run: () => void): number {
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) run();
  let least = Infinity;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = Deno.memoryUsage().heapUsed;
    run();
    const grown = Deno.memoryUsage().heapUsed - before;
    if (grown >= 0) least = Math.min(least, grown);
  }
  return least;
}
