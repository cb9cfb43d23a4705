/**
 * An experiment: the same tasks (common random numbers) on pools that differ in their reserve only. What may be
 * sized is an experiment, whatever is behind it: tasks drawn or recorded, back ends dead, with a budget, or
 * scripted.
 *
 * @module
 */
import { FifoQueues } from "./fifo_queues.ts";
import { type DrawnLoad, drawTasks, type Tasks, type TaskStream } from "./tasks.ts";
import { tasksUnderWay } from "./under_way.ts";
import { BLOCKS, WaitTally } from "./wait_tally.ts";

/** One run of an experiment. */
export interface Run {
  /** Reserves to try on the same tasks. */
  readonly minReserves: readonly number[];
  /** How many tasks; those of a record are always all of them. */
  readonly tasks: number;
}

/** Pools that differ in their reserve only. */
export interface Experiment {
  /** How many tasks are recorded; null where as many can be drawn as are wanted. */
  readonly recorded: number | null;
  /** How many reserves are best tried in one run: many where they share its work. */
  readonly together: number;
  /** Tasks at the beginning that do not count, of so many, while the pool fills. */
  readonly skipped: (tasks: number) => number;
  /** The waits for each reserve, in their order. */
  run(run: Run): WaitTally[];
}

/** Reserves for which the tasks are drawn once, and most of which go alike most of the time. */
const TOGETHER = 8;

/** Of a run whose tasks are drawn, this share comes before the pool is as full as it will be. */
const FILLING_SHARE = 1 / 8;

/** Tasks of so many that come before the pool is as full as it will be, where tasks are drawn. */
export function skippedOf(tasks: number): number {
  return Math.floor(tasks * FILLING_SHARE / BLOCKS) * BLOCKS;
}

/** What the queues of a dead back end share. */
export interface QueueOptions {
  /** A wait above this is one too long. */
  readonly limitNs: number;
  /** Elements that the back end has besides the reserve; 0 where it is dead. */
  readonly budget: number;
}

/** Tasks of a stream without end, first come first served over the reserve and the budget of the back end. */
export function streamQueue(begin: () => TaskStream, options: QueueOptions): Experiment {
  return queue(begin, null, skippedOf, options);
}

/** The same for tasks of registered kinds. */
export function drawnQueue(load: DrawnLoad, seed: number, options: QueueOptions): Experiment {
  const underWay = (tasks: number) => tasksUnderWay(load, seed, tasks);
  return queue(() => drawTasks(load, seed), null, skippedOf, { ...options, underWay });
}

/** The same for tasks that were recorded, of which those skipped do not count. */
export function recordedQueue(
  begin: () => TaskStream,
  { count, skipped }: { readonly count: number; readonly skipped: number },
  options: QueueOptions,
): Experiment {
  return queue(begin, count, () => skipped, options);
}

/** What is under way when a run of so many tasks begins. */
interface UnderWay {
  readonly underWay?: (tasks: number) => Tasks;
}

const NOTHING: Tasks = { count: 0, startNs: new Float64Array(), holdNs: new Float64Array() };

function queue(
  begin: () => TaskStream,
  recorded: number | null,
  skipped: (tasks: number) => number,
  { limitNs, budget, underWay = () => NOTHING }: QueueOptions & UnderWay,
): Experiment {
  return {
    recorded,
    together: TOGETHER,
    skipped,
    run({ minReserves, tasks: wanted }) {
      const tasks = recorded ?? wanted;
      const tallies = minReserves.map(() =>
        new WaitTally({ tasks, limitNs, skipped: skipped(tasks) })
      );
      const before = underWay(tasks);
      const queues = new FifoQueues(
        tallies.map((tally, index) => ({ elements: minReserves[index]! + budget, tally })),
        before.count,
      );
      queues.serve(before);
      const stream = begin();
      for (let left = tasks; left > 0;) {
        const chunk = stream.next(left);
        if (chunk.count === 0) break;
        left -= chunk.count;
        queues.serve(chunk);
      }
      queues.finish();
      return tallies;
    },
  };
}
