/**
 * What a machine runs: threads, and what must hold of them.
 *
 * @module
 */

/** Goes through the code under exploration where a thread gives way. */
export const UNWIND: unique symbol = Symbol("unwind");

/** The memory that a program's threads share. */
export interface Memory {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly doubles: Float64Array<SharedArrayBuffer>;
}

/** What a script may ask of the machine. */
export interface Thread {
  /** Its number, from 0 up. */
  readonly id: number;
  /** What comes before is set-up: not explored, the same in every schedule. */
  begin(): void;
  /** Does something outside the code under exploration, once: not again where the thread is run again. */
  once<T>(act: () => T): T;
  /** A promise that is kept when an outsider signals this thread, once at most. */
  signalled(): Promise<unknown>;
  /** Stays here for ever, which counts as finished. */
  rest(): never;
}

/** What a thread does. It must do the same whenever it sees the same. */
export type Script = (thread: Thread) => void | Promise<void>;

/** A thread to be. */
export interface ThreadPlan {
  /** For traces. */
  readonly name: string;
  /** Whether its script awaits anything: it has an event loop then. */
  readonly isAsync: boolean;
  /** What it does. */
  readonly script: Script;
  /** The thread before whose death it has nothing to do, if it waits for that. */
  readonly awaits?: number;
}

/** A step of somebody else, done once. */
export interface Outsider {
  /** For traces. */
  readonly name: string;
  /** The thread that it signals; it can't be chosen before that thread waits to be signalled. */
  readonly signals?: number;
  /** What it does besides. */
  step?(): void;
}

/** When a thread dies: once it has made so many operations, or at the end, where it makes no more. */
export interface Death {
  readonly thread: number;
  readonly operations: number;
}

/** A program, ready to run. */
export interface Program {
  /** Who takes part. */
  readonly threads: readonly ThreadPlan[];
  /** Who interferes. */
  readonly outsiders: readonly Outsider[];
  /** How often the clock may end a sleep that is no poll. */
  readonly timeouts: number;
  /** A thread has died. @returns the word in which that is told, where somebody waits for it. */
  died?(thread: number): number;
  /** Before each schedule. */
  reset(): void;
  /** After a step that changed an observed word. @throws {Error} where something is wrong. */
  observe(): void;
  /** Nobody can go on, those are not finished: sets right what may come right with time. @throws {Error} where that must not be. */
  stuck(unfinished: readonly string[]): void;
  /** Everybody has finished. @throws {Error} where something is wrong. */
  check(): void;
}

/** One step of a schedule, for people to read. */
export interface TraceStep {
  /** Who: a thread's number, the clock or an outsider. */
  readonly actor: number | string;
  /** What it did. */
  readonly what: string;
  /** To which word; -1 where to none. */
  readonly word: number;
  /** What came back, and what it was told. */
  readonly values: readonly number[];
}

/** What became of a schedule. */
export interface Outcome {
  /** Who was chosen, wherever there was a choice: that is the schedule. */
  readonly choices: readonly number[];
  /** Steps of all threads. */
  readonly steps: number;
  /** What is wrong, or null. */
  readonly failure: Error | null;
}
