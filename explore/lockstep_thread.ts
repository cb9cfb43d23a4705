/**
 * One thread in lockstep with others: each of its operations waits for its turn in a recorded schedule.
 *
 * @module
 */
import { real, type Watcher } from "./hooks.ts";
import { Baton } from "./lockstep.ts";
import { Op, type OpCode } from "./operations_on_words.ts";
import { type Memory, type Thread, type TraceStep, UNWIND } from "./program.ts";

/** A baton that has not come for so long, milliseconds, is lost. */
const LOST_MS = 30_000;

/** Does an operation for real. */
function really(words: Int32Array, op: OpCode, word: number, a: number, b: number): number {
  switch (op) {
    case Op.read:
      return words[word]!;
    case Op.write:
      return words[word] = a;
    case Op.load:
      return real.load(words, word);
    case Op.store:
      return real.store(words, word, a);
    case Op.add:
      return real.add(words, word, a);
    case Op.sub:
      return real.sub(words, word, a);
    case Op.and:
      return real.and(words, word, a);
    case Op.or:
      return real.or(words, word, a);
    case Op.xor:
      return real.xor(words, word, a);
    case Op.exchange:
      return real.exchange(words, word, a);
    case Op.compareExchange:
      return real.compareExchange(words, word, a, b);
    case Op.notify:
      return real.notify(words, word, a);
  }
}

/** One thread. */
export class LockstepThread implements Thread, Watcher {
  readonly id: number;
  readonly memory: Memory;
  readonly isRunning = true;
  readonly #baton: Int32Array;
  readonly #threads: number;
  readonly #steps: readonly TraceStep[];
  #hasBegun = false;
  #rests = false;
  #nowMs = 0;

  /** Thread `id` of `threads` of a schedule. */
  constructor(
    id: number,
    run: {
      readonly memory: SharedArrayBuffer;
      readonly baton: SharedArrayBuffer;
      readonly threads: number;
      readonly steps: readonly TraceStep[];
    },
  ) {
    this.id = id;
    this.memory = { words: new Int32Array(run.memory), doubles: new Float64Array(run.memory) };
    this.#baton = new Int32Array(run.baton);
    this.#threads = run.threads;
    this.#steps = run.steps;
  }

  /** Waits until all have come here. */
  begin(): void {
    this.#hasBegun = true;
    real.add(this.#baton, Baton.ready, 1);
    real.notify(this.#baton, Baton.ready);
    for (;;) {
      const ready = real.load(this.#baton, Baton.ready);
      if (ready === this.#threads) return;
      real.wait(this.#baton, Baton.ready, ready, LOST_MS);
    }
  }

  once<T>(act: () => T): T {
    return act();
  }

  signalled(): Promise<unknown> {
    throw new Error("nobody is signalled in lockstep");
  }

  rest(): never {
    this.#rests = true;
    throw UNWIND;
  }

  /** Says that something went wrong, so that nobody waits for this thread. */
  breakOff(): void {
    real.store(this.#baton, Baton.broken, 1);
    real.notify(this.#baton, Baton.turn);
  }

  step(op: OpCode, word: number, a: number, b: number): number {
    if (!this.#hasBegun) return really(this.memory.words, op, word, a, b);
    const expected = this.#awaitTurn();
    const value = really(this.memory.words, op, word, a, b);
    // Nobody really sleeps.
    this.#passOn(expected, op, word, [op === Op.notify ? expected.values[0]! : value, a, b]);
    return value;
  }

  stepMany<T>(what: string, word: number, act: () => T): T {
    if (!this.#hasBegun) return act();
    const expected = this.#awaitTurn();
    const value = act();
    this.#passOn(expected, what, word, []);
    return value;
  }

  effect<T>(act: () => T): T {
    return act();
  }

  now(): number {
    return this.#nowMs;
  }

  wait(word: number, value: number): string {
    const expected = this.#awaitTurn();
    const sleeps = real.load(this.memory.words, word) === value;
    this.#passOn(expected, sleeps ? "falls asleep on" : "does not sleep on", word, [value]);
    if (!sleeps) return "not-equal";
    const end = this.#awaitTurn();
    const ended = end.what.includes("timed-out") ? "timed-out" : "ok";
    this.#passOn(end, `wakes up (${ended}) on`, word, []);
    return ended;
  }

  waitAsync(): never {
    throw new Error("nobody is on an event loop in lockstep");
  }

  /** @returns the step that the machine has for this thread now. */
  #awaitTurn(): TraceStep {
    if (this.#rests) throw UNWIND;
    for (;;) {
      const turn = real.load(this.#baton, Baton.turn);
      const step = this.#steps[turn];
      if (real.load(this.#baton, Baton.broken) === 1) throw UNWIND;
      if (step === undefined) throw new Error(`thread ${this.id} goes on after the last step`);
      if (step.actor === this.id) {
        this.#setClock(turn);
        return step;
      }
      if (real.wait(this.#baton, Baton.turn, turn, LOST_MS) === "timed-out") {
        throw new Error(`thread ${step.actor} does not do step ${turn}`);
      }
    }
  }

  /** The time is what the clock's last step says. */
  #setClock(turn: number): void {
    const last = this.#steps.slice(0, turn).findLast(({ actor }) => actor === "clock");
    this.#nowMs = last?.values[0] ?? 0;
  }

  #passOn(expected: TraceStep, what: string, word: number, values: readonly number[]): void {
    const done = JSON.stringify({ what, word, values });
    const said = JSON.stringify({
      what: expected.what,
      word: expected.word,
      values: expected.values,
    });
    if (done !== said) throw new Error(`thread ${this.id} does ${done}, not ${said}`);
    let turn = real.load(this.#baton, Baton.turn) + 1;
    while (this.#steps[turn]?.actor === "clock") turn++;
    real.store(this.#baton, Baton.turn, turn);
    real.notify(this.#baton, Baton.turn);
  }
}
