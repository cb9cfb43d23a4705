/**
 * The replay: the elements of a recorded trace live and die as they did, each taken from the smallest pool whose
 * elements hold the recorded size.
 *
 * Timed traces are played in real time, faster, slower, or (speed 0) as fast as possible; untimed ones by the
 * count of operations, as fast as possible. An element is allocated and freed by one worker: the recorded
 * one where several are recorded, else the workers take turns.
 *
 * @module
 */
import type { Mempool } from "../../pools/mempool.ts";
import { InputError } from "../input_error.ts";
import { realClock, virtualClock } from "../load_clock.ts";
import { type Schedule, ScheduledLoad } from "../scheduled_load.ts";
import { READING } from "../traces/options.ts";
import type { ReplayProgram } from "../traces/program.ts";
import type { LoadContext, LoadKind } from "./load.ts";
import { streamOf } from "./streams.ts";

const ALLOCATE = 1;

/** The elements of one worker, in the order of their allocation. */
interface Lives {
  readonly count: number;
  readonly startAt: Float64Array;
  /** Infinity where the element is never freed. */
  readonly hold: Float64Array;
  readonly sizeBytes: Float64Array;
}

/** Picks this worker's elements from a program. */
export function livesOf(program: ReplayProgram, worker: number, workers: number): Lives {
  const startAt = new Float64Array(program.allocs);
  const hold = new Float64Array(program.allocs).fill(Infinity);
  const sizeBytes = new Float64Array(program.allocs);
  const lifeOfSlot = new Int32Array(program.slots).fill(-1);
  let count = 0;
  let allocs = 0;
  for (let event = 0; event < program.events; event++) {
    const slot = program.element[event]!;
    if (program.op[event] !== ALLOCATE) {
      const life = lifeOfSlot[slot]!;
      if (life >= 0) hold[life] = program.timeNs[event]! - startAt[life]!;
      continue;
    }
    const turn = program.workers > 1 ? program.worker[event]! : allocs;
    allocs++;
    lifeOfSlot[slot] = turn % workers === worker ? count : -1;
    if (lifeOfSlot[slot] < 0) continue;
    startAt[count] = program.timeNs[event]!;
    sizeBytes[count++] = program.sizeBytes[event]!;
  }
  return { count, startAt, hold, sizeBytes };
}

/** For each element the smallest pool that holds its size. @throws {InputError} where none does. */
function fitting(takes: readonly Mempool[]): (sizeBytes: number) => readonly Mempool[] {
  const bySize = takes.toSorted((a, b) => a.elementBytes - b.elementBytes).map((pool) => [pool]);
  return (sizeBytes) => {
    const found = bySize.find(([pool]) => pool!.elementBytes >= sizeBytes);
    if (found !== undefined) return found;
    const largest = bySize.at(-1)![0]!;
    throw new InputError(
      `workload.take: an element of ${sizeBytes} bytes is recorded, the largest pool "${largest.name}" ` +
        `has elements of ${largest.elementBytes} bytes: add a pool over larger pages`,
    );
  };
}

function replaySchedule(lives: Lives, takes: readonly Mempool[]): Schedule {
  const poolsFor = fitting(takes);
  let next = 0;
  return {
    get nextAt() {
      return next < lives.count ? lives.startAt[next]! : Infinity;
    },
    get takes() {
      return poolsFor(lives.sizeBytes[next]!);
    },
    holdTime: () => lives.hold[next]!,
    advance() {
      next++;
    },
    finished() {},
  };
}

/** The elements of a recorded trace. */
export const replay: LoadKind = {
  summary: "the elements of a recorded trace live and die as they did",
  options: READING,
  needs: ["trace"],
  allows: ["speed", "hold"],
  start(context: LoadContext) {
    const { workload, meter, participant, maySpin, worker, workers } = context;
    const program = context.program!;
    const { speed, atomicShare, asyncShare } = workload;
    const real = program.timed && speed > 0;
    return new ScheduledLoad({
      schedule: replaySchedule(livesOf(program, worker, workers), context.takes),
      clock: real ? realClock(meter, participant, { speed, maySpin }) : virtualClock(),
      meter,
      participant,
      atomicShare,
      asyncShare,
      random: streamOf(context, "caller"),
      width: 1,
      runs: [1],
      hasArrivals: real,
    });
  },
};
