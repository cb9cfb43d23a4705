/**
 * A death in the middle of anything: the thread runs something in which it is cut off after a while, at whatever call or turn of
 * a loop it is at then, and ends without doing any more of it. No `finally` runs, and no lock is given back.
 *
 * `terminate()` from outside can't do that, since it lets a worker go on until it is back in its event loop. What can is the
 * time limit of `node:vm`, whose watchdog interrupts the engine from another thread; calling `self.close()` then ends the
 * worker.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import vm from "node:vm";

const ACT = "mempool-bench: act";

/**
 * Runs `act`, and ends this worker if it takes longer, once `lastly` has run. Workers only. Whole milliseconds, from 1 up.
 *
 * @returns what `act` does, where it was done before.
 */
export function dieWithin<T>(ms: number, act: () => T, lastly: () => void = () => {}): T {
  const done: T[] = [];
  Object.assign(globalThis, { [ACT]: () => void done.push(act()) });
  try {
    vm.runInThisContext(`globalThis[${JSON.stringify(ACT)}]()`, { timeout: ms });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    lastly();
    end();
  }
  return done[0]!;
}

/** Ends this worker here. */
export function end(): never {
  self.close();
  // It ends in here: what closes is cut off at the next call or turn of a loop.
  for (;;);
}
