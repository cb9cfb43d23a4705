/**
 * A pool in which the next blocking caller waits.
 *
 * @module
 */
import type { Handle } from "../../allocators/allocator.ts";
import { type ScriptedPool, scriptedPool, type ScriptedPoolOptions } from "./scripted_pool.ts";

/** An exhausted pool. */
export interface Exhausted {
  readonly made: ScriptedPool;
  /** What was in the reserve, for the test to free. */
  readonly held: readonly Handle[];
}

/** A pool whose reserve is out with the test and whose back end is dead. */
export function exhausted(options: ScriptedPoolOptions): Exhausted {
  const made = scriptedPool(options);
  const held = made.leaveInReserve(0);
  made.backend.die();
  return { made, held };
}
