/**
 * Who calls a simulated pool: the workers of a load, each with its own arrivals, holds and way of calling, drawn from the
 * very streams that a real worker would draw from.
 *
 * @module
 */
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { streamOf } from "../workloads/kinds/streams.ts";
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
}

/** The workers of a load. */
export function callersOf(load: SharedLoad, seed: number): Caller[] {
  return Array.from({ length: load.workers }, (_, worker) => drawnCaller(load, seed, worker));
}

function drawnCaller(load: SharedLoad, seed: number, worker: number): Caller {
  const share = { worker, workers: load.workers };
  const gap = drawnGaps(load, seed, share);
  const hold = drawnHolds(load, seed, share);
  const call = drawnCalls(load, seed, worker);
  let at = 0;
  let left = 0;
  const caller: Caller = {
    nextAt: 0,
    holdNs: 0,
    call: BLOCKING,
    advance() {
      if (--left > 0) return;
      left = load.elements;
      at += gap();
      caller.nextAt = Math.round(at);
      caller.holdNs = Math.round(hold());
      caller.call = call();
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

/** Tasks that each wait by themselves, as one caller. */
export function independent(stream: TaskStream): Caller {
  let chunk = stream.next(Infinity);
  let task = -1;
  const caller: Caller = {
    nextAt: 0,
    holdNs: 0,
    call: ASYNC,
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
