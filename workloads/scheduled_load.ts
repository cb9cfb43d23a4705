/**
 * A load with a schedule: tasks arrive when they are due, whatever became of those before, take their elements
 * and free them when their hold is over. Open workloads and replays are schedules of this kind, and so is a
 * closed workload whose tasks hold for a time.
 *
 * A task that is late is late: its response time counts from its scheduled arrival. A hold runs from the
 * grant, unless the schedule says otherwise, and what is due is freed even while the worker waits for another element.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import { ATOMIC, BLOCKING, type Context, type Handle, NONE } from "../allocators/allocator.ts";
import type { Mempool } from "../pools/mempool.ts";
import type { Participant } from "../sync/mod.ts";
import { takeAsync, takeBulk } from "./bulk_taking.ts";
import { DueFrees, type Inherited } from "./due_frees.ts";
import { HeldElements } from "./held_elements.ts";
import type { Load } from "./kinds/load.ts";
import type { LoadClock } from "./load_clock.ts";
import type { Meter } from "./meter.ts";
import type { Random } from "./random.ts";

/**
 * From when on a task holds its elements: from the grant; from its scheduled arrival, so that it ends when it was to end however
 * late it began; or so unless the pool was why it was late, in which case it holds as long all the same.
 */
export type HoldsFrom = "grant" | "arrival" | "arrival unless it waited";

/** When tasks arrive, what they take and how long they hold it, in the time of the load's clock. */
export interface Schedule {
  /** When the next task is due; Infinity where there is none now. */
  readonly nextAt: number;
  /** The pools that the next task takes from. */
  readonly takes: readonly Mempool[];
  /** How many of them the next task takes at once, one entry for each call; left out where all tasks of the load do alike. */
  readonly runs?: readonly number[];
  /** How long the next task holds. Infinity: until the end. */
  holdTime(): number;
  /** From when on it does; from the grant if left out. */
  readonly holdsFrom?: HoldsFrom;
  /** The number of the next task, where the schedule numbers them. */
  readonly task?: number;
  /**
   * Gives the one element of a task to another worker, which is to free it `lateBy` after it was to end.
   *
   * @returns whether it did; else it is this worker's to free.
   */
  handOver?(task: number, handle: Handle, lateBy: number): boolean;
  /** What others hand over to this worker. */
  readonly inherited?: Inherited;
  /** Moves on to the task after that. */
  advance(): void;
  /** Hears that a task has freed its elements (or was turned away), now. */
  finished(now: number): void;
}

/** What a scheduled load runs on. */
export interface ScheduledLoadParts {
  readonly schedule: Schedule;
  readonly clock: LoadClock;
  readonly meter: Meter;
  readonly participant: Participant;
  /** Shares of tasks that may not sleep, and that wait on the event loop. */
  readonly atomicShare: number;
  readonly asyncShare: number;
  readonly random: Random;
  /** Most elements that one task takes. */
  readonly width: number;
  /** How many of a task's elements are taken at once, one entry for each call, unless the schedule says it of each task. */
  readonly runs: readonly number[];
  /** Whether tasks arrive at times of their own, so that there is a response time. */
  readonly hasArrivals: boolean;
}

/** What one task takes, when it was due and how long it holds. */
interface Task extends Required<Pick<Schedule, "takes" | "runs">> {
  readonly scheduledAt: number;
  readonly hold: number;
  /** Its number; -1 where tasks have none. */
  readonly number: number;
}

/** Tasks served between two turns of the event loop while async callers wait there. */
const TURN_EVERY = 16;

/** Overdue tasks that are counted one by one. */
const COUNTED_MAX = 1_000_000;

/** A caller that waits on the event loop. */
const ASYNC = "async";

/** How a task calls: as one that may not sleep, that may block, or on the event loop. */
type Caller = Context | typeof ASYNC;

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs a schedule. */
export class ScheduledLoad implements Load {
  readonly #parts: ScheduledLoadParts;
  readonly #elements: HeldElements;
  readonly #due: DueFrees;
  #measuring = false;
  /** Tasks that wait on the event loop. */
  #pending = 0;
  /** Tasks that hold what they have to the end. */
  #kept = 0;
  #endedAt = 0;
  /** Until when the pool let this worker wait last: what was due before is late for that. */
  #waitedUntil = -Infinity;
  #isWaiting = false;
  /** How the next task calls, once that is drawn. */
  #caller: Caller | null = null;

  /** The load of a schedule. */
  constructor(parts: ScheduledLoadParts) {
    this.#parts = parts;
    this.#elements = new HeldElements(parts.width);
    const { schedule } = parts;
    const onFreed = (now: number) => schedule.finished(now);
    this.#due = new DueFrees(this.#elements, schedule.inherited ?? null, onFreed);
    parts.participant.whileWaiting = () => this.#freeWhileWaiting();
  }

  /** Elements of each pool that it holds now. */
  held(): ReadonlyMap<Mempool, number> {
    return this.#due.held();
  }

  /** Frees everything that it holds. */
  release(): void {
    this.#due.releaseAll();
  }

  /** Runs until the time is over, the run is stopped, or the schedule is empty and all holds have ended. */
  async run(): Promise<void> {
    const { schedule, clock, meter } = this.#parts;
    let served = 0;
    for (;;) {
      const nowNs = meter.nowNs();
      if (meter.isOver(nowNs)) break;
      if (!this.#measuring && nowNs >= meter.phases.warmupNs) this.#measure();
      this.#freeDue();
      if (schedule.nextAt <= clock.now() && !this.#isKeptBack()) this.#serve();
      else if (!await this.#idle()) break;
      if (this.#pending > 0 && ++served % TURN_EVERY === 0) await turn();
    }
    this.#endedAt = clock.now();
    while (this.#pending > 0) await turn();
    this.#due.claim();
  }

  /** Tasks that were due before the end of the run and did not have their turn; beyond a million by their mean gap. */
  overdue(): number {
    const { schedule, hasArrivals } = this.#parts;
    if (!hasArrivals) return 0;
    const firstAt = schedule.nextAt;
    let counted = 0;
    for (; schedule.nextAt <= this.#endedAt && counted < COUNTED_MAX; counted++) schedule.advance();
    if (counted < COUNTED_MAX) return counted;
    return Math.round(counted * (this.#endedAt - firstAt) / (schedule.nextAt - firstAt));
  }

  #measure(): void {
    this.#measuring = true;
    this.#parts.meter.observe(true);
  }

  /**
   * Whether the next task must let others go first: it may block, and then those who wait on the event loop could not
   * notice what they are handed, let alone free it when their hold is over.
   */
  #isKeptBack(): boolean {
    return this.#pending > 0 && this.#nextCaller() === BLOCKING;
  }

  /** How the next task calls, drawn once. */
  #nextCaller(): Caller {
    return this.#caller ??= this.#drawCaller();
  }

  #drawCaller(): Caller {
    const { random, atomicShare, asyncShare } = this.#parts;
    if (atomicShare + asyncShare === 0) return BLOCKING;
    const draw = random.uniform();
    if (draw < atomicShare) return ATOMIC;
    return draw < atomicShare + asyncShare ? ASYNC : BLOCKING;
  }

  /** Passes the time until something is due. @returns whether anything ever will be. */
  async #idle(): Promise<boolean> {
    const { schedule, clock, participant } = this.#parts;
    const nextAt = this.#isKeptBack() ? Infinity : schedule.nextAt;
    const until = Math.min(nextAt, this.#due.earliest);
    const pending = this.#pending;
    if (pending === 0 && until === Infinity) return false;
    // Tasks still to arrive free only what they are given; but who waits for nobody ends, and lets go of everything.
    const endsByItself = pending === 0 && this.#kept > 0;
    participant.setStuck(this.#due.earliest === Infinity && !endsByItself);
    if (pending > 0) await turn();
    // Where no time passes by itself, those who wait on the event loop would wait for ever.
    if (pending === 0 || !clock.real && this.#pending === pending) clock.pass(until);
    return true;
  }

  /** Where holds run from arrivals, frees and arrivals keep their order, however late they are. */
  #freeDue(): void {
    const { clock, schedule: { nextAt, holdsFrom = "grant" } } = this.#parts;
    if (this.#due.earliest === Infinity) return;
    const now = clock.now();
    this.#due.freeUntil(holdsFrom === "grant" ? now : Math.min(now, nextAt), now);
  }

  #freeWhileWaiting(): number {
    const { clock } = this.#parts;
    this.#isWaiting = true;
    const earliest = this.#due.earliest;
    if (earliest === Infinity) return Infinity;
    if (!clock.real) clock.pass(earliest);
    const now = clock.now();
    this.#due.freeUntil(now, now);
    return clock.millisecondsUntil(this.#due.earliest);
  }

  #serve(): void {
    const { schedule, meter, hasArrivals } = this.#parts;
    const { nextAt: scheduledAt, takes, runs = this.#parts.runs, task: number = -1 } = schedule;
    const task = { takes, runs, scheduledAt, hold: schedule.holdTime(), number };
    const caller = this.#nextCaller();
    this.#caller = null;
    schedule.advance();
    if (hasArrivals) meter.begun++;
    if (caller === ASYNC) void this.#serveAsync(task);
    else this.#serveNow(task, caller);
  }

  #serveNow(task: Task, context: Context): void {
    const { takes, runs, scheduledAt } = task;
    const slot = this.#elements.open(takes);
    let index = 0;
    for (const size of runs) {
      const pool = takes[index]!;
      if (size > 1) {
        const handles = new Int32Array(size);
        if (!this.#allocateBulk(pool, scheduledAt, handles, context)) return this.#turnAway(slot);
        this.#elements.setAll(slot, index, handles);
      } else {
        const handle = this.#allocate(pool, scheduledAt, context);
        if (handle === NONE) return this.#turnAway(slot);
        this.#elements.set(slot, index, handle);
      }
      index += size;
    }
    if (this.#isWaiting) this.#waitedUntil = this.#parts.clock.now();
    this.#isWaiting = false;
    this.#hold(slot, task, scheduledAt <= this.#waitedUntil);
  }

  /** Each element of a bulk took as long as the whole. */
  #allocateBulk(
    pool: Mempool,
    scheduledAt: number,
    handles: Int32Array,
    context: Context,
  ): boolean {
    if (!this.#measuring) return takeBulk(pool, handles, context);
    const meter = this.#parts.meter.of(pool);
    const slowEvents = meter.slowEvents;
    const startMs = performance.now();
    const served = takeBulk(pool, handles, context);
    const latencyNs = (performance.now() - startMs) * 1e6;
    if (!served) return false;
    for (const handle of handles) {
      if (meter.slowEvents === slowEvents) meter.recordFast(latencyNs);
      this.#respond(pool, scheduledAt, handle);
    }
    return true;
  }

  #allocate(pool: Mempool, scheduledAt: number, context: Context): number {
    if (!this.#measuring) return pool.allocate(context);
    const handle = this.#parts.meter.of(pool).allocate(context);
    this.#respond(pool, scheduledAt, handle);
    return handle;
  }

  #respond(pool: Mempool, scheduledAt: number, handle: number): void {
    const { clock, meter, hasArrivals } = this.#parts;
    if (!hasArrivals || handle === NONE || !this.#measuring) return;
    meter.of(pool).recordResponse(clock.nanosecondsSince(scheduledAt));
  }

  /** One task on the event loop; its level-1 latencies are not timed apart, since others run in between. */
  async #serveAsync(task: Task): Promise<void> {
    const { takes, runs, scheduledAt } = task;
    this.#pending++;
    const slot = this.#elements.open(takes);
    try {
      let index = 0;
      for (const size of runs) {
        const pool = takes[index]!;
        const handles = await takeAsync(pool, size);
        if (handles === null) return this.#turnAway(slot);
        for (const handle of handles) this.#respond(pool, scheduledAt, handle);
        this.#elements.setAll(slot, index, handles);
        index += size;
      }
      this.#hold(slot, task, true);
    } finally {
      this.#pending--;
    }
  }

  /** Notes when a task ends, or leaves that to another worker; `waited` says whether the pool was why it is late. */
  #hold(slot: number, { takes, scheduledAt, hold, number }: Task, waited: boolean): void {
    const { clock, meter, participant, schedule } = this.#parts;
    const { holdsFrom = "grant" } = schedule;
    meter.countServed(meter.done(meter.nowNs()), takes.length);
    participant.setStuck(false);
    const isFromGrant = holdsFrom === "grant" || waited && holdsFrom !== "arrival";
    const lateBy = isFromGrant ? clock.now() - scheduledAt : 0;
    if (hold === Infinity) this.#kept++;
    else if (schedule.handOver?.(number, this.#elements.handle(slot), lateBy)) {
      this.#elements.forget(slot);
    } else this.#due.push(scheduledAt + lateBy + hold, slot);
  }

  #turnAway(slot: number): void {
    this.#elements.release(slot);
    this.#parts.schedule.finished(this.#parts.clock.now());
  }
}
