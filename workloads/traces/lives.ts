/**
 * A replay program element by element: when each is allocated, for how long, how large, by whom, and who frees it.
 *
 * @module
 */
import type { ReplayProgram } from "./program.ts";
import { ALLOCATE } from "./program_ops.ts";

/** The elements of a program in the order of their allocation. */
export interface Lives {
  /** How many there are. */
  readonly count: number;
  /** When each is allocated, in the program's time. */
  readonly startAt: Float64Array;
  /** How long each is held; Infinity where it is never freed. */
  readonly hold: Float64Array;
  /** Bytes asked for. */
  readonly sizeBytes: Float64Array;
  /** The recorded worker that allocates it. */
  readonly allocator: Int32Array;
  /** The recorded worker that frees it; the one that allocates it where nobody does. */
  readonly freer: Int32Array;
}

/** All elements of a program. */
export function livesOf(program: ReplayProgram): Lives {
  const { allocs, events, slots, op, element, timeNs, sizeBytes, worker, by } = program;
  const lives = {
    count: allocs,
    startAt: new Float64Array(allocs),
    hold: new Float64Array(allocs).fill(Infinity),
    sizeBytes: new Float64Array(allocs),
    allocator: new Int32Array(allocs),
    freer: new Int32Array(allocs),
  };
  const lifeOfSlot = new Int32Array(slots);
  let next = 0;
  for (let event = 0; event < events; event++) {
    const slot = element[event]!;
    if (op[event] === ALLOCATE) {
      lifeOfSlot[slot] = next;
      lives.startAt[next] = timeNs[event]!;
      lives.sizeBytes[next] = sizeBytes[event]!;
      lives.allocator[next] = lives.freer[next] = worker[event]!;
      next++;
    } else {
      const life = lifeOfSlot[slot]!;
      lives.hold[life] = timeNs[event]! - lives.startAt[life]!;
      lives.freer[life] = by[event]!;
    }
  }
  return lives;
}
