/**
 * Who calls a simulated pool: the workers of a load, each with its own arrivals, holds and way of calling, drawn from the
 * very streams that a real worker would draw from.
 *
 * @module
 */
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { streamOf } from "../workloads/kinds/streams.ts";
import { weighted } from "../workloads/task_takes.ts";
import { drawnGaps, drawnHolds, type DrawnLoad, type TaskStream } from "./tasks.ts";

/** How a task calls: may not sleep, blocks its worker, or waits by itself while its worker goes on. */
export type Call = typeof ATOMIC | typeof BLOCKING | typeof ASYNC;

/** A task that waits by itself. */
export const ASYNC = 2;

/** One worker, task by task. */
export interface Caller {
  /** When the next task arrives; Infinity where there is none. */
  nextAt: number;
  /** How long it holds. */
  holdNs: number;
  /** How it calls. */
  call: Call;
  /** Which of several kinds of task it is; 0 where there is one. */
  kind: number;
  /** Draws the next task. */
  advance(): void;
}

/** A load that workers share. */
export interface SharedLoad extends DrawnLoad {
  readonly workers: number;
  readonly atomicShare: number;
  readonly asyncShare: number;
  /** Elements that each task takes, one after another. */
  readonly elements: number;
  /** How often each kind of task comes, beside the others; left out where all are alike. */
  readonly weights?: readonly number[];
}

/** The workers of a load. */
export function callersOf(load: SharedLoad, seed: number): Caller[] {
  return recordedCallers(load, seed)();
}

/**
 * The workers of a load, as often as they are asked for from its beginning: what one simulation has drawn, the next one
 * reads.
 */
export function recordedCallers(load: SharedLoad, seed: number): () => Caller[] {
  const drafts = Array.from(
    { length: load.workers },
    (_, worker) => new Draft(drawnTask(load, seed, worker)),
  );
  return () => drafts.map(readingCaller);
}

/** Draws the next task into the four places from `at` on: arrival, hold, call, kind. */
type DrawTask = (into: Float64Array, at: number) => void;

function drawnTask(load: SharedLoad, seed: number, worker: number): DrawTask {
  const share = { worker, workers: load.workers };
  const gap = drawnGaps(load, seed, share);
  const hold = drawnHolds(load, seed, share);
  const call = drawnCalls(load, seed, worker);
  const kind = drawnKinds(load, seed, worker);
  let time = 0;
  let left = 0;
  let last: readonly [number, Call, number] = [0, BLOCKING, 0];
  return (into, at) => {
    if (--left <= 0) {
      left = load.elements;
      time += gap();
      last = [Math.round(hold()), call(), kind()];
    }
    into[at] = Math.round(time);
    into[at + 1] = last[0];
    into[at + 2] = last[1];
    into[at + 3] = last[2];
  };
}

const FIELDS = 4;
const DRAFT_TASKS = 4096;

/** The tasks of one worker as far as they were drawn. */
class Draft {
  readonly #chunks: Float64Array[] = [];
  readonly #draw: DrawTask;

  constructor(draw: DrawTask) {
    this.#draw = draw;
  }

  /** A chunk of tasks, drawn where it is not there yet; chunks are asked for in order. */
  chunk(index: number): Float64Array {
    if (index < this.#chunks.length) return this.#chunks[index]!;
    const chunk = new Float64Array(FIELDS * DRAFT_TASKS);
    for (let at = 0; at < chunk.length; at += FIELDS) this.#draw(chunk, at);
    this.#chunks.push(chunk);
    return chunk;
  }
}

function readingCaller(draft: Draft): Caller {
  let next = 0;
  let chunk = draft.chunk(0);
  let at = 0;
  const caller: Caller = {
    nextAt: 0,
    holdNs: 0,
    call: BLOCKING,
    kind: 0,
    advance() {
      if (at === chunk.length) {
        chunk = draft.chunk(++next);
        at = 0;
      }
      caller.nextAt = chunk[at]!;
      caller.holdNs = chunk[at + 1]!;
      caller.call = chunk[at + 2] as Call;
      caller.kind = chunk[at + 3]!;
      at += FIELDS;
    },
  };
  caller.advance();
  return caller;
}

function drawnCalls({ atomicShare, asyncShare }: SharedLoad, seed: number, worker: number) {
  if (atomicShare + asyncShare === 0) return () => BLOCKING as Call;
  const random = streamOf({ seed, worker }, "caller");
  return (): Call => {
    const draw = random.uniform();
    if (draw < atomicShare) return ATOMIC;
    return draw < atomicShare + asyncShare ? ASYNC : BLOCKING;
  };
}

function drawnKinds({ weights = [] }: SharedLoad, seed: number, worker: number) {
  if (weights.length === 0) return () => 0;
  return weighted(weights, streamOf({ seed, worker }, "alternative"));
}

/** Tasks that each wait by themselves, as one caller. */
export function independent(stream: TaskStream): Caller {
  let chunk = stream.next(Infinity);
  let task = -1;
  const caller: Caller = {
    nextAt: 0,
    holdNs: 0,
    call: ASYNC,
    kind: 0,
    advance() {
      if (++task === chunk.count) {
        chunk = stream.next(Infinity);
        task = 0;
      }
      caller.nextAt = chunk.count === 0 ? Infinity : chunk.startNs[task]!;
      caller.holdNs = chunk.count === 0 ? 0 : chunk.holdNs[task]!;
    },
  };
  caller.advance();
  return caller;
}
