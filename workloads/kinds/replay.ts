/**
 * The replay: the elements of a recorded trace live and die as they did, each taken from the smallest pool whose
 * elements hold the recorded size.
 *
 * Timed traces are played in real time, faster, slower, or (speed 0) as fast as possible; untimed ones by the
 * count of operations, as fast as possible. Where several workers are recorded, what each of them did is done by one here, so
 * that what was freed by another is freed by another; else the workers take turns, each with the whole life of an element.
 *
 * A worker plays its events in their recorded order. One that comes late because the machine was busy is not held the
 * longer for it; one that the pool let wait is held as long as recorded all the same. So what the pool could not serve in time
 * shows as waiting and as what follows from it, never as a slower trace.
 *
 * @module
 */
import type { Mempool } from "../../pools/mempool.ts";
import type { Layout } from "../../sync/mod.ts";
import { type Estate, type EstateContext, NO_ESTATE } from "../estate.ts";
import { InputError } from "../input_error.ts";
import { realClock, virtualClock } from "../load_clock.ts";
import type { WorkloadSpec } from "../scenario.ts";
import { type Schedule, ScheduledLoad } from "../scheduled_load.ts";
import { type Lives, livesOf } from "../traces/lives.ts";
import { READING } from "../traces/options.ts";
import type { ReplayProgram } from "../traces/program.ts";
import {
  HandedOver,
  handedOverEstate,
  type HandingOver,
  leaveElement,
  planHandedOver,
} from "./handed_over.ts";
import type { LoadContext, LoadKind } from "./load.ts";
import { streamOf } from "./streams.ts";

/** Which of the run's workers takes an element, and which frees it. */
export interface Cast {
  takes(life: number): number;
  frees(life: number): number;
}

/** Puts the recorded workers onto those of the run; where only one is recorded, these take turns. */
export function castOf(
  { workers: recorded }: Pick<ReplayProgram, "workers">,
  { allocator, freer }: Lives,
  { workers, sharesPools }: Pick<LoadContext, "workers" | "sharesPools">,
): Cast {
  const takes = recorded > 1
    ? (life: number) => allocator[life]! % workers
    : (life: number) => life % workers;
  const isCrossing = recorded > 1 && sharesPools;
  return { takes, frees: isCrossing ? (life: number) => freer[life]! % workers : takes };
}

/** For each element the smallest pool that holds its size. @throws {InputError} where none does. */
function fitting(
  takes: readonly Mempool[],
  { sizeBytes }: Lives,
): (life: number) => readonly Mempool[] {
  const bySize = takes.toSorted((a, b) => a.elementBytes - b.elementBytes).map((pool) => [pool]);
  const largest = bySize.at(-1)![0]!;
  const most = sizeBytes.reduce((a, b) => Math.max(a, b), 0);
  if (most > largest.elementBytes) {
    throw new InputError(
      `workload.take: an element of ${most} bytes is recorded, the largest pool "${largest.name}" ` +
        `has elements of ${largest.elementBytes} bytes: add a pool over larger elements`,
    );
  }
  return (life) => bySize.find(([pool]) => pool!.elementBytes >= sizeBytes[life]!)!;
}

function replaySchedule(context: LoadContext, shared: HandingOver): Schedule {
  const { program, worker, workers, takes } = context;
  const { lives } = shared;
  const cast = castOf(program!, lives, context);
  const poolsFor = fitting(takes, lives);
  const own = Int32Array.from({ length: lives.count }, (_, life) => life)
    .filter((life) => cast.takes(life) === worker);
  const isInherited = (life: number) =>
    cast.frees(life) === worker && cast.takes(life) !== worker && lives.hold[life] !== Infinity;
  let next = 0;
  return {
    get nextAt() {
      return next < own.length ? lives.startAt[own[next]!]! : Infinity;
    },
    get takes() {
      return poolsFor(own[next]!);
    },
    get task() {
      return own[next]!;
    },
    holdsFrom: "arrival unless it waited",
    holdTime: () => lives.hold[own[next]!]!,
    advance() {
      next++;
    },
    finished() {},
    handOver: (life, handle, lateBy) =>
      cast.frees(life) !== worker && leaveElement(shared, life, { handle, lateBy }),
    ...(workers > 1
      ? { inherited: new HandedOver(shared, isInherited, (life) => poolsFor(life)[0]!) }
      : {}),
  };
}

function replayEstate({ workload, program, region, places, takes }: EstateContext): Estate {
  const { workers } = workload;
  if (workers === 1 || program === null) return NO_ESTATE;
  const lives = livesOf(program);
  const cast = castOf(program, lives, { workers, sharesPools: true });
  const poolsFor = fitting(takes, lives);
  const handed = Array.from({ length: lives.count }, (_, life) => ({
    takes: cast.takes(life),
    frees: cast.frees(life),
    pool: poolsFor(life)[0]!,
  }));
  return handedOverEstate({ region, places }, handed);
}

/** The elements of a recorded trace. */
export const replay: LoadKind = {
  summary: "the elements of a recorded trace live and die as they did",
  options: READING,
  hasArrivals: true,
  needs: ["trace"],
  allows: ["speed", "hold"],
  plan(layout: Layout, { workers }: WorkloadSpec, program: ReplayProgram | null) {
    return planHandedOver(layout, workers > 1 ? program?.allocs ?? 0 : 0);
  },
  estate: replayEstate,
  start(context: LoadContext) {
    const { workload, meter, participant, maySpin, region, places } = context;
    const program = context.program!;
    const { speed, atomicShare, asyncShare } = workload;
    const isTimed = program.timed && speed > 0;
    const shared = { region, places, lives: livesOf(program), isTimed };
    return new ScheduledLoad({
      schedule: replaySchedule(context, shared),
      clock: isTimed ? realClock(meter, participant, { speed, maySpin }) : virtualClock(),
      meter,
      participant,
      atomicShare,
      asyncShare,
      random: streamOf(context, "caller"),
      width: 1,
      runs: [1],
      hasArrivals: isTimed,
    });
  },
};
