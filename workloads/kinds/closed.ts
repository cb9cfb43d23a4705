/**
 * The closed workload: each worker keeps a number of elements in flight. With hold times each place is
 * a task that frees and at once allocates again; without, a place drawn at random is replaced as fast as
 * possible (the allocator benchmark's random replacement).
 * Then one allocation in about 64 is timed, after random gaps, in the second of two passes.
 *
 * @module
 */
import { ATOMIC, BLOCKING, type Context, NONE } from "../../allocators/allocator.ts";
import type { Mempool } from "../../pools/mempool.ts";
import { realClock } from "../load_clock.ts";
import type { Meter, PoolMeter } from "../meter.ts";
import type { Random } from "../random.ts";
import type { WorkloadSpec } from "../scenario.ts";
import { type Schedule, ScheduledLoad } from "../scheduled_load.ts";
import { eachOf, type Load, type LoadContext, type LoadKind } from "./load.ts";
import { type TaskTakes, taskTakes } from "../task_takes.ts";
import { holdTimes, streamOf } from "./streams.ts";
import { runPasses } from "./two_passes.ts";

/** Operations between two looks at the clock. */
const SLICE = 4096;

/** Drawn once, used in turn: a draw in the loop would cost what an allocation costs. */
const DRAWS = 1 << 14;

/** Mean operations from one timed allocation to the next. */
const MEAN_GAP = 64;

/** The tables that the loops run on. */
interface Tables {
  readonly places: Int32Array;
  readonly contexts: Uint8Array;
  readonly gaps: Int32Array;
  readonly handles: Int32Array;
}

function drawTables(inFlight: number, atomicShare: number, random: Random): Tables {
  const places = new Int32Array(DRAWS);
  const contexts = new Uint8Array(DRAWS);
  const gaps = new Int32Array(DRAWS);
  for (let i = 0; i < DRAWS; i++) {
    places[i] = random.below(inFlight);
    contexts[i] = random.uniform() < atomicShare ? ATOMIC : BLOCKING;
    gaps[i] = 1 + random.below(2 * MEAN_GAP - 1);
  }
  return { places, contexts, gaps, handles: new Int32Array(inFlight) };
}

/** A slice without timing. @returns allocations served. */
function replace(pool: Mempool, tables: Tables, from: number): number {
  const { places, contexts, handles } = tables;
  let served = 0;
  for (let i = from; i < from + SLICE; i++) {
    const place = places[i & (DRAWS - 1)]!;
    const old = handles[place]!;
    if (old !== NONE) pool.free(old);
    const handle = pool.allocate(contexts[i & (DRAWS - 1)] as Context);
    handles[place] = handle;
    if (handle !== NONE) served++;
  }
  return served;
}

/** A slice in which allocations are timed after random gaps. @returns allocations served. */
function replaceTimed(pool: Mempool, tables: Tables, from: number, meter: PoolMeter): number {
  const { places, contexts, gaps, handles } = tables;
  let served = 0;
  let nextTimed = from + gaps[from & (DRAWS - 1)]!;
  for (let i = from; i < from + SLICE; i++) {
    const place = places[i & (DRAWS - 1)]!;
    const old = handles[place]!;
    if (old !== NONE) pool.free(old);
    const context = contexts[i & (DRAWS - 1)] as Context;
    let handle: number;
    if (i !== nextTimed) handle = pool.allocate(context);
    else {
      const slowEvents = meter.slowEvents;
      const startMs = performance.now();
      handle = pool.allocate(context);
      const latencyNs = (performance.now() - startMs) * 1e6;
      if (handle !== NONE && meter.slowEvents === slowEvents) meter.recordFast(latencyNs);
      nextTimed = i + gaps[i & (DRAWS - 1)]!;
    }
    handles[place] = handle;
    if (handle !== NONE) served++;
  }
  return served;
}

/** Random replacement over one pool. */
class Replacement implements Load {
  readonly #pool: Mempool;
  readonly #meter: Meter;
  readonly #tables: Tables;
  #next = 0;

  constructor(context: LoadContext) {
    const { workload, takes, meter } = context;
    this.#pool = takes[0]!;
    this.#meter = meter;
    const random = streamOf(context, "place");
    this.#tables = drawTables(workload.inFlight, workload.atomicShare, random);
  }

  run(): Promise<void> {
    const pool = this.#pool;
    const tables = this.#tables;
    const meter = this.#meter.of(pool);
    runPasses(this.#meter, {
      untimed: () => replace(pool, tables, this.#step()),
      timed: () => replaceTimed(pool, tables, this.#step(), meter),
    });
    return Promise.resolve();
  }

  /** Where the next slice begins in the tables. */
  #step(): number {
    const from = this.#next;
    this.#next = (from + SLICE) & (DRAWS - 1);
    return from;
  }

  held(): ReadonlyMap<Mempool, number> {
    const held = this.#tables.handles.filter((handle) => handle !== NONE).length;
    return new Map([[this.#pool, held]]);
  }

  release(): void {
    this.#tables.handles.forEach((handle) => {
      if (handle !== NONE) this.#pool.free(handle);
    });
    this.#tables.handles.fill(NONE);
  }
}

/** A task for each place, which is due as soon as the one before it has ended. */
function placesSchedule(
  context: LoadContext,
  tasks: TaskTakes,
  now: () => number,
): Schedule {
  const { workload } = context;
  const hold = workload.hold === null ? () => 0 : holdTimes(workload.hold, context);
  let idle = workload.inFlight;
  let since = 0;
  return {
    get nextAt() {
      return idle > 0 ? since : Infinity;
    },
    get takes() {
      return tasks.takes;
    },
    get runs() {
      return tasks.runs;
    },
    holdTime: hold,
    advance() {
      tasks.advance();
      idle--;
      since = now();
    },
    finished(at) {
      if (idle === 0) since = at;
      idle++;
    },
  };
}

function scheduled(context: LoadContext): Load {
  const { workload, meter, participant, maySpin } = context;
  const clock = realClock(meter, participant, { speed: 1, maySpin });
  const tasks = taskTakes(context);
  return new ScheduledLoad({
    schedule: placesSchedule(context, tasks, clock.now),
    clock,
    meter,
    participant,
    atomicShare: workload.atomicShare,
    asyncShare: workload.asyncShare,
    random: streamOf(context, "caller"),
    width: tasks.width,
    runs: tasks.runs,
    hasArrivals: false,
  });
}

/** Whether places are drawn at random and replaced, rather than held for a time. */
function isPlain({ hold, asyncShare, take, takeOneOf }: WorkloadSpec): boolean {
  return hold === null && asyncShare === 0 && takeOneOf.length === 0 &&
    take.reduce((sum, { count }) => sum + count, 0) === 1;
}

/** A number of elements in flight for each worker. */
export const closed: LoadKind = {
  summary: "each worker keeps a number of elements in flight and replaces them",
  options: {},
  needs: ["inFlight"],
  allows: ["hold", "takeOneOf"],
  start(context) {
    return isPlain(context.workload) ? new Replacement(context) : scheduled(context);
  },
  mayPause: isPlain,
  oneByOne(workload, pool) {
    const { inFlight, asyncShare } = workload;
    if (isPlain(workload)) return { tasks: 1, elements: inFlight, couldBeBulk: false };
    const tasks = asyncShare > 0 ? inFlight : 1;
    return { tasks, elements: eachOf(workload, pool), couldBeBulk: true };
  },
};
