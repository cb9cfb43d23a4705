/**
 * Tasks on their way through simulated pools, kept for the next ones once they have ended: a simulation of millions
 * allocates as many as there are at once.
 *
 * @module
 */
import { ASYNC, type Caller } from "./callers.ts";
import type { Take } from "./network.ts";

/** A task on its way. */
export interface NetworkTask {
  /** By which it is found. */
  readonly slot: number;
  takes: readonly Take[];
  /** Which of its takes is next. */
  step: number;
  /** What it has of the next, where that is a bulk. */
  got: number;
  number: number;
  caller: number;
  blocks: boolean;
  /** Whether it is known to its worker as one that waits. */
  slept: boolean;
  holdNs: number;
  waitedNs: number;
  /** Since when it waits in a line, and when it tries again by itself. */
  sinceNs: number;
  retryNs: number;
}

/** The tasks that are on their way. */
export class NetworkTasks {
  readonly #slots: NetworkTask[] = [];
  readonly #free: NetworkTask[] = [];
  /** Most tasks at once. */
  peak = 0;

  /** The task in a slot. */
  at(slot: number): NetworkTask {
    return this.#slots[slot]!;
  }

  /** The next task of a worker, which has that number. */
  open(
    number: number,
    caller: number,
    { call, holdNs }: Caller,
    takes: readonly Take[],
  ): NetworkTask {
    const task = this.#free.pop() ?? this.#make();
    task.takes = takes;
    task.step = task.got = task.waitedNs = 0;
    task.number = number;
    task.caller = caller;
    task.blocks = call !== ASYNC;
    task.slept = false;
    task.holdNs = holdNs;
    this.peak = Math.max(this.peak, this.#slots.length - this.#free.length);
    return task;
  }

  /** A task has ended. */
  close(task: NetworkTask): void {
    this.#free.push(task);
  }

  #make(): NetworkTask {
    const task: NetworkTask = {
      ...{ slot: this.#slots.length, takes: [], step: 0, got: 0, number: 0, caller: 0 },
      ...{ blocks: false, slept: false, holdNs: 0, waitedNs: 0, sinceNs: 0, retryNs: 0 },
    };
    this.#slots.push(task);
    return task;
  }
}
