/**
 * Runs the threads of a program step by step in one JavaScript thread, in an order that a strategy chooses: the real code,
 * unmodified, with the global `Atomics` and the shared words replaced (`hooks.ts`) by versions that come here.
 *
 * JavaScript cannot leave a function in its middle and come back. So a thread is *run again*: whatever the shared memory answered it
 * is logged; when it has to give way, an exception unwinds it; when its turn comes, its script starts anew and is
 * given the same answers, up to where it was. What it does depends on those answers and on nothing else (the clock and the
 * timers come from here too), so it arrives in the same state. A thread that makes another one go first stays on the stack
 * beneath it, so that of two threads only one is ever run again.
 *
 * - A *step* is one operation on a shared word. Before each there is a choice of who goes next, but where the word is a mere
 *   count, and where a thread reads once more what it has just read while nothing has changed (a spin).
 * - `Atomics.wait` and `waitAsync` put a thread to sleep (`sleepers.ts`). The *clock* is one more who can be chosen.
 * - *Outsiders* are steps of somebody else: an abort, a back end that recovers.
 * - A thread may *die* between any two of its operations, asleep and at rest too: it is unwound and never run again.
 * - Where nobody can be chosen and somebody is not finished, the program says whether that may be; else it is a deadlock.
 *
 * Every operation here is sequentially consistent, plain reads and writes included: see `explore.ts` for what that leaves out.
 *
 * @module
 */
import type { Watcher } from "./hooks.ts";
import { Op, type OpCode, perform } from "./operations_on_words.ts";
import {
  type Death,
  type Memory,
  type Outcome,
  type Program,
  type TraceStep,
  UNWIND,
} from "./program.ts";
import { Sleepers } from "./sleepers.ts";
import type { Strategy } from "./strategy.ts";
import { type Task, type ThreadMachine, ThreadState } from "./thread_state.ts";

const NOBODY = -1;

/** A schedule of so many steps never ends. */
const MOST_STEPS = 20_000;

/** How often sleeps may end once nothing but time can help. */
const HELPFUL_TIMEOUTS = 12;

/** Turns of the microtask queue after which a thread has come to rest on its event loop: no chain of promises here is as long. */
const SETTLING_TURNS = 64;

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLING_TURNS; turn++) await null;
}

/** Runs one program, schedule after schedule. */
export class Machine implements ThreadMachine, Watcher {
  /** The memory itself. */
  readonly memory: Memory;
  /** Words that are mere counts, 1 each. */
  readonly isCount: Uint8Array;
  /** Words that are observed, 1 each. */
  readonly isObserved: Uint8Array;
  /** Notes the steps where somebody wants to read them. */
  trace: TraceStep[] | null = null;
  /** Who is to die, and when. */
  deaths: readonly Death[] = [];
  isSettingUp = false;
  readonly #program: Program;
  readonly #threads: readonly ThreadState[];
  readonly #sleepers = new Sleepers();
  readonly #words: Int32Array;
  /** The words after the set-up. */
  readonly #snapshot: Int32Array;
  readonly #outsidersDone: boolean[];
  /** The clock's number: after the threads and the outsiders. */
  readonly #clock: number;
  #strategy!: Strategy;
  #choices: number[] = [];
  readonly #enabled: number[] = [];
  /** Counts changes. */
  #version = 0;
  #steps = 0;
  #running: ThreadState | null = null;
  readonly #stack: ThreadState[] = [];
  #isUnwinding = false;
  /** Who was chosen where a thread had to be unwound for that. */
  #next = NOBODY;
  /** The thread that was chosen last. */
  #last = NOBODY;
  #isOnTime = true;
  #diedEarly = false;
  #failure: Error | null = null;

  /** A machine for a program; {@linkcode setUp} comes next. */
  constructor(program: Program, memory: Memory) {
    const { threads, outsiders } = program;
    this.memory = memory;
    this.isCount = new Uint8Array(memory.words.length);
    this.isObserved = new Uint8Array(memory.words.length);
    this.#program = program;
    this.#threads = threads.map((plan, id) => new ThreadState(this, id, plan));
    this.#words = memory.words;
    this.#snapshot = new Int32Array(memory.words.length);
    this.#outsidersDone = outsiders.map(() => false);
    this.#clock = threads.length + outsiders.length;
  }

  /** Whether a thread is running, so that what it calls is for the machine. */
  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** How many can be chosen at most: threads, outsiders and the clock. */
  get actors(): number {
    return this.#clock + 1;
  }

  /** Runs every thread up to where it begins, and keeps the memory as it is then. Once. */
  async setUp(): Promise<void> {
    this.isSettingUp = true;
    for (const thread of this.#threads) {
      await this.#runFromStart(thread);
      if (this.#failure !== null) throw this.#failure;
      thread.setUp = thread.log.length;
    }
    this.isSettingUp = false;
    this.#snapshot.set(this.#words);
    this.#sleepers.keep();
  }

  /** The words as they are after the set-up. */
  get wordsAtFirst(): Int32Array {
    return this.#snapshot.slice();
  }

  /** Runs one schedule. */
  async run(strategy: Strategy): Promise<Outcome> {
    this.#reset(strategy);
    while (this.#failure === null) {
      const chosen = this.#next === NOBODY ? this.#choose() : this.#next;
      this.#next = NOBODY;
      if (chosen !== NOBODY) await this.#goOn(chosen);
      else if (this.#isOver()) break;
    }
    return { choices: this.#choices, steps: this.#steps, failure: this.#failure };
  }

  #reset(strategy: Strategy): void {
    this.#strategy = strategy;
    this.#words.set(this.#snapshot);
    for (const thread of this.#threads) thread.reset();
    this.#sleepers.reset(this.#program.timeouts);
    this.#outsidersDone.fill(false);
    this.#steps = 0;
    this.#next = this.#last = NOBODY;
    this.#isOnTime = true;
    this.#diedEarly = false;
    this.#failure = null;
    this.#choices = [];
    this.#program.reset();
  }

  /** Whether the last one of those who were to die died while it could still go on. */
  get diedEarly(): boolean {
    return this.#diedEarly;
  }

  /** Operations that it had made when it died. */
  get diedAfter(): number {
    return this.#threads[this.deaths.at(-1)!.thread]!.operations;
  }

  async #goOn(chosen: number): Promise<void> {
    if (chosen >= this.#threads.length) return this.#stepOutside(chosen);
    const thread = this.#threads[chosen]!;
    thread.isGranted = true;
    if (thread.isAsync) await this.#runFromStart(thread);
    else this.#runOnTop(thread);
  }

  /** Nobody can be chosen. @returns whether that is the end. */
  #isOver(): boolean {
    if (this.#diesAtRest()) return false;
    const unfinished = this.#threads.filter(({ id, isFinished, isIdle }) => {
      const { awaits } = this.#program.threads[id]!;
      return !(isFinished && isIdle) && (awaits === undefined || this.#threads[awaits]!.isDead);
    });
    try {
      if (unfinished.length === 0) {
        this.#program.check();
        return true;
      }
      const names = unfinished.map(({ id }) => `thread ${id} (${this.#program.threads[id]!.name})`);
      if (!this.#isOnTime) {
        throw new Error(`${names.join(" and ")} cannot go on, and time does not help`);
      }
      this.#program.stuck(names);
      this.#isOnTime = false;
      this.#sleepers.timeouts = HELPFUL_TIMEOUTS;
    } catch (error) {
      this.#fail(error);
    }
    return false;
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  }

  unwind(): never {
    this.#isUnwinding = true;
    throw UNWIND;
  }

  // Deaths.

  /** The running thread is about to do something, or has just fallen asleep: unless it is to die now. */
  #dieIfDue(thread: ThreadState): void {
    if (this.deaths.length === 0 || this.isSettingUp || this.#isUnwinding) return;
    const death = this.deaths.find((each) => each.thread === thread.id);
    if (thread.operations !== death?.operations) return;
    this.#diedEarly ||= death === this.deaths.at(-1);
    this.#kill(thread);
    this.unwind();
  }

  /** One who was to die has nothing more to do. @returns whether it dies now. */
  #diesAtRest(): boolean {
    const thread = this.deaths.map((death) => this.#threads[death.thread]!)
      .find(({ isDead, isFinished, isIdle }) => !isDead && isFinished && isIdle);
    if (thread === undefined) return false;
    this.#kill(thread);
    return true;
  }

  #kill(thread: ThreadState): void {
    thread.isDead = thread.isFinished = thread.isIdle = true;
    thread.tasks.length = 0;
    this.#sleepers.forget(thread.id);
    this.#version++;
    this.#show(thread.id, "dies", NOBODY);
    const word = this.#program.died?.(thread.id) ?? NOBODY;
    if (word === NOBODY) return;
    this.#words[word] = 1;
    this.#sleepers.notify(word, Infinity);
  }

  // Who goes next.

  #canBeChosen(actor: number): boolean {
    if (actor < this.#threads.length) return this.#threads[actor]!.canGoOn;
    if (actor === this.#clock) return this.#sleepers.due() !== null;
    const number = actor - this.#threads.length;
    const { signals } = this.#program.outsiders[number]!;
    return !this.#outsidersDone[number] &&
      (signals === undefined || this.#threads[signals]!.signal >= 0);
  }

  #choose(): number {
    const enabled = this.#enabled;
    enabled.length = 0;
    for (let actor = 0; actor <= this.#clock; actor++) {
      if (this.#canBeChosen(actor)) enabled.push(actor);
    }
    if (enabled.length === 0) return NOBODY;
    let chosen = enabled[0]!;
    if (enabled.length > 1) {
      chosen = this.#strategy.pick(enabled, this.#last);
      this.#choices.push(chosen);
    }
    if (chosen < this.#threads.length) this.#last = chosen;
    return chosen;
  }

  /** The running thread is about to make a step: returns once it is its turn. */
  #awaitTurn(thread: ThreadState): void {
    if (thread.isGranted) {
      thread.isGranted = false;
      return;
    }
    for (;;) {
      const chosen = this.#choose();
      if (chosen === thread.id) return;
      if (chosen >= this.#threads.length) this.#stepOutside(chosen);
      else this.#letGoFirst(this.#threads[chosen]!);
      if (this.#failure !== null) this.unwind();
      if (this.#next === thread.id) {
        this.#next = NOBODY;
        return;
      }
      if (this.#next !== NOBODY) this.unwind();
    }
  }

  /** Runs another thread on top of this one, or has this one unwound for it. */
  #letGoFirst(other: ThreadState): void {
    if (other.isAsync || this.#stack.includes(other)) {
      this.#next = other.id;
      return;
    }
    other.isGranted = true;
    this.#runOnTop(other);
  }

  #stepOutside(actor: number): void {
    this.#countStep();
    this.#version++;
    if (actor === this.#clock) {
      const { word } = this.#sleepers.endDue();
      this.#show("clock", "ends the sleep on", word, this.#sleepers.nowMs);
      return;
    }
    const number = actor - this.#threads.length;
    const outsider = this.#program.outsiders[number]!;
    this.#outsidersDone[number] = true;
    this.#show("outside", outsider.name, NOBODY);
    outsider.step?.();
    if (outsider.signals === undefined) return;
    const { tasks, signal } = this.#threads[outsider.signals]!;
    tasks.push({ promise: signal, ended: "ok" });
  }

  // Running threads.

  /** Runs a thread that never awaits, on top of whoever runs, until it gives way. */
  #runOnTop(thread: ThreadState): void {
    const below = this.#enter(thread);
    try {
      void thread.script(thread);
      thread.isFinished = thread.isIdle = true;
    } catch (error) {
      if (error !== UNWIND) this.#fail(error);
    }
    this.#leave(thread, below);
  }

  /** Runs a thread with nobody below, until it gives way or rests on its event loop. */
  async #runFromStart(thread: ThreadState): Promise<void> {
    if (!thread.isAsync) return this.#runOnTop(thread);
    const wasIdle = thread.isIdle;
    this.#enter(thread);
    thread.isIdle = false;
    Promise.resolve(thread.script(thread)).then(
      () => thread.isFinished = true,
      (error) => error === UNWIND || this.#fail(error),
    );
    await settle();
    await this.#turnEventLoop(thread, wasIdle);
    thread.isIdle = thread.isDead || !this.#isUnwinding;
    this.#leave(thread, null);
  }

  #enter(thread: ThreadState): ThreadState | null {
    const below = this.#running;
    this.#running = thread;
    this.#stack.push(thread);
    thread.restart();
    return below;
  }

  #leave(thread: ThreadState, below: ThreadState | null): void {
    thread.isGranted = false;
    this.#isUnwinding = false;
    this.#stack.pop();
    this.#running = below;
  }

  /** Gives the event loop the tasks that it had, and a new one where it was at rest and is chosen. */
  async #turnEventLoop(thread: ThreadState, wasIdle: boolean): Promise<void> {
    while (!this.#isUnwinding && thread.isReplaying) {
      const { promise, ended } = thread.replay() as Task;
      thread.keep[promise]!(ended);
      await settle();
    }
    if (this.#isUnwinding || !wasIdle || !thread.isGranted) return;
    const task = thread.tasks.shift()!;
    thread.isGranted = false;
    thread.note(task);
    this.#countStep();
    this.#show(thread.id, `wakes up: ${task.ended}`, NOBODY);
    thread.keep[task.promise]!(task.ended);
    await settle();
  }

  // Steps. The hooks come here.

  /** One operation on one word. */
  step(op: OpCode, word: number, a: number, b: number): number {
    const thread = this.#running!;
    if (thread.isReplaying) return thread.replay() as number;
    this.#dieIfDue(thread);
    this.#takeTurn(thread, word, op === Op.read || op === Op.load);
    thread.operations++;
    const before = this.#words[word]!;
    const value = op === Op.notify
      ? this.#sleepers.notify(word, a)
      : perform(this.#words, op, word, a, b);
    thread.note(value);
    if (this.trace !== null) {
      this.trace.push({ actor: thread.id, what: op, word, values: [value, a, b] });
    }
    if (this.#words[word] !== before) this.#changed(word);
    else if (op === Op.notify) this.#version++;
    return value;
  }

  /** Several words at once, from `word` on; nobody gets between them. */
  stepMany<T>(what: string, word: number, act: () => T): T {
    const thread = this.#running!;
    if (thread.isReplaying) return thread.replay() as T;
    this.#dieIfDue(thread);
    this.#takeTurn(thread, word, false);
    thread.operations++;
    const value = act();
    thread.note(value);
    this.#show(thread.id, what, word);
    this.#changed(word);
    return value;
  }

  effect<T>(act: () => T): T {
    const thread = this.#running!;
    if (thread.isReplaying) return thread.replay() as T;
    if (this.#isUnwinding) throw UNWIND;
    try {
      const value = act();
      thread.note(value);
      return value;
    } catch (error) {
      this.#fail(error);
      return this.unwind();
    }
  }

  /** Milliseconds of the machine's own clock. */
  now(): number {
    return this.effect(() => this.#sleepers.nowMs);
  }

  /** `Atomics.wait`. */
  wait(word: number, value: number, timeoutMs: number): string {
    const thread = this.#running!;
    if (thread.isReplaying) return thread.replay() as string;
    this.#dieIfDue(thread);
    if (thread.ended === null) this.#sleepUnless(thread, word, value, timeoutMs);
    else this.#wakeUp(thread, word);
    return thread.log.at(-1) as string;
  }

  #sleepUnless(thread: ThreadState, word: number, value: number, timeoutMs: number): void {
    this.#takeTurn(thread, word, false);
    thread.operations++;
    const sleeps = this.#words[word] === value;
    this.#show(thread.id, sleeps ? "falls asleep on" : "does not sleep on", word, value);
    if (!sleeps) return thread.note("not-equal");
    this.#sleepers.add(word, timeoutMs, thread.id, thread.fallAsleep());
    this.#dieIfDue(thread);
    this.unwind();
  }

  #wakeUp(thread: ThreadState, word: number): void {
    if (this.#isUnwinding) throw UNWIND;
    thread.operations++;
    thread.isGranted = false;
    thread.note(thread.ended);
    this.#show(thread.id, `wakes up (${thread.ended}) on`, word);
    thread.ended = null;
    this.#countStep();
  }

  /** `Atomics.waitAsync`. */
  waitAsync(word: number, value: number, timeoutMs: number): { async: boolean; value: unknown } {
    const thread = this.#running!;
    if (!thread.isReplaying) {
      this.#dieIfDue(thread);
      this.#takeTurn(thread, word, false);
      thread.operations++;
      const sleeps = this.#words[word] === value;
      this.#show(thread.id, sleeps ? "waits for" : "does not wait for", word, value);
      const promise = thread.keep.length;
      if (sleeps) {
        this.#sleepers.add(word, timeoutMs, thread.id, (ended) => {
          thread.tasks.push({ promise, ended });
        });
      }
      thread.log.push(sleeps);
    }
    if (thread.replay() === false) return { async: false, value: "not-equal" };
    return { async: true, value: thread.promise().value };
  }

  /** Waits for the running thread's turn, where somebody could go first. */
  #takeTurn(thread: ThreadState, word: number, isRead: boolean): void {
    if (this.#isUnwinding) throw UNWIND;
    if (this.isSettingUp || this.isCount[word] === 1) return;
    const isSpin = isRead && thread.lastWord === word && thread.lastVersion === this.#version;
    if (!isSpin || thread.isGranted) this.#awaitTurn(thread);
    this.#countStep();
    if (this.#failure !== null) this.unwind();
    thread.lastWord = isRead ? word : NOBODY;
    thread.lastVersion = this.#version;
  }

  #changed(word: number): void {
    this.#version++;
    if (this.isObserved[word] === 0 || this.isSettingUp) return;
    try {
      this.#program.observe();
    } catch (error) {
      this.#fail(error);
      this.unwind();
    }
  }

  #countStep(): void {
    if (++this.#steps > MOST_STEPS) this.#fail(new Error(`no end after ${MOST_STEPS} steps`));
  }

  #show(actor: number | string, what: string, word: number, ...values: number[]): void {
    this.trace?.push({ actor, what, word, values });
  }
}
