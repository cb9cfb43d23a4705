/**
 * Where a thread stands: what it has seen, and what it waits for.
 *
 * @module
 */
import type { Script, Thread } from "./program.ts";
import type { Ended } from "./sleepers.ts";

/** What the event loop of a thread was given: which of its promises is kept, and how. */
export interface Task {
  readonly promise: number;
  readonly ended: Ended;
}

/** What a thread needs of its machine. */
export interface ThreadMachine {
  readonly isSettingUp: boolean;
  /** Has the running thread give way. */
  unwind(): never;
  /** Does something once. */
  effect<T>(act: () => T): T;
}

/** One thread of a machine. */
export class ThreadState implements Thread {
  readonly id: number;
  readonly isAsync: boolean;
  readonly script: Script;
  /** What it was answered so far, the set-up included. */
  readonly log: unknown[] = [];
  /** How many of the answers it has had again since it was started. */
  cursor = 0;
  /** How many answers are the set-up. */
  setUp = 0;
  /** It was chosen, and has not made its step yet. */
  isGranted = false;
  isFinished = false;
  /** It has died: it is never run again. */
  isDead = false;
  /** Operations that it has made since the set-up, those that nobody waits before included. */
  operations = 0;
  isAsleep = false;
  /** It is not in the midst of a call: on its event loop, or finished. */
  isIdle = false;
  /** How its sleep ended, until it has noticed. */
  ended: Ended | null = null;
  /** What its event loop has to do. */
  readonly tasks: Task[] = [];
  /** Keeps its promises. */
  readonly keep: ((ended: Ended) => void)[] = [];
  /** The promise that a signal keeps, or -1. */
  signal = -1;
  /** The word that it read last, and the version of the memory then. */
  lastWord = -1;
  lastVersion = -1;
  readonly #machine: ThreadMachine;

  /** A thread that has not started. */
  constructor(machine: ThreadMachine, id: number, plan: { isAsync: boolean; script: Script }) {
    this.#machine = machine;
    this.id = id;
    this.isAsync = plan.isAsync;
    this.script = plan.script;
  }

  /** Whether an answer is there already. */
  get isReplaying(): boolean {
    return this.cursor < this.log.length;
  }

  /** The next answer that is there already. */
  replay(): unknown {
    return this.log[this.cursor++];
  }

  /** Notes an answer. */
  note(answer: unknown): void {
    this.log.push(answer);
    this.cursor++;
  }

  /** Whether it can make a step. */
  get canGoOn(): boolean {
    if (this.isDead) return false;
    return this.isIdle ? this.tasks.length > 0 : !this.isAsleep;
  }

  /** Back to the end of the set-up. */
  reset(): void {
    this.log.length = this.setUp;
    this.isGranted =
      this.isFinished =
      this.isDead =
      this.isAsleep =
      this.isIdle =
        false;
    this.ended = null;
    this.operations = 0;
    this.tasks.length = 0;
    this.signal = this.lastWord = this.lastVersion = -1;
  }

  /** Starts again, to be answered as before. */
  restart(): void {
    this.cursor = 0;
    this.keep.length = 0;
  }

  /** Goes to sleep. @returns how to wake it. */
  fallAsleep(): (ended: Ended) => void {
    this.isAsleep = true;
    return (ended) => {
      this.isAsleep = false;
      this.ended = ended;
    };
  }

  /** A promise of this thread, and its number. */
  promise(): { readonly number: number; readonly value: Promise<Ended> } {
    const { promise, resolve } = Promise.withResolvers<Ended>();
    return { number: this.keep.push(resolve) - 1, value: promise };
  }

  begin(): void {
    if (this.#machine.isSettingUp) this.#machine.unwind();
  }

  once<T>(act: () => T): T {
    return this.#machine.effect(act);
  }

  signalled(): Promise<unknown> {
    const { number, value } = this.promise();
    this.once(() => this.signal = number);
    return value;
  }

  rest(): never {
    this.isFinished = this.isIdle = true;
    return this.#machine.unwind();
  }
}
