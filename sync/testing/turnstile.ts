/**
 * Replays a race of two workers step by step. While a party's script runs, each of its atomic operations waits for
 * its turn in a schedule, one bit a step, so that every interleaving of a few steps can be tried, and one that fails
 * fails each time. Where the schedule is over, both run freely.
 *
 * A wait that has its turn never sleeps: it compares, and says "timed-out" where it would have slept.
 *
 * | word | name | who writes |
 * |---|---|---|
 * | 0 | turn: steps done | who has the turn |
 * | 1, 2 | length of the schedule, its bits | the coordinator |
 * | 3, 4 | gone: 1 once party 0, 1 takes no more turns | the party |
 *
 * @module
 */
import type { Layout } from "../region.ts";

const TURN = 0;
const LENGTH = 1;
const BITS = 2;
const GONE = 3;

/** Longest schedule, steps. */
export const MAX_STEPS = 30;

/** Plans a turnstile. @returns the index of its first word. */
export function planTurnstile(layout: Layout, name: string): number {
  return layout.words(`${name}/turnstile`, 5);
}

/** One of the two parties. */
export type Party = 0 | 1;

/** One party's view of a turnstile. */
export interface Turnstile {
  /** Sets the schedule: bit i says whose step i is. Before both run. */
  schedule(bits: number, length: number): void;
  /** Runs a script with each atomic operation in its turn. */
  run(script: () => void): void;
  /** Within the script: takes no more turns, such as while it is asleep. */
  leave(): void;
}

const real = Atomics;

/** An atomic operation on 32-bit words. */
type Operation = (typed: Int32Array, ...numbers: readonly number[]) => unknown;

const STEPS = ["load", "store", "add", "exchange", "compareExchange", "notify"] as const;

function operationOf(name: keyof Atomics): Operation {
  return real[name] as unknown as Operation;
}

/** Attaches a party to the turnstile at word `at`. */
export function attachTurnstile(
  words: Int32Array<SharedArrayBuffer>,
  at: number,
  me: Party,
): Turnstile {
  /** Waits for this party's turn. @returns whether it has it; else the schedule is over. */
  function awaitTurn(): boolean {
    for (;;) {
      const turn = real.load(words, at + TURN);
      if (turn >= words[at + LENGTH]!) return false;
      const party = words[at + BITS]! >> turn & 1;
      if (party === me) return true;
      if (real.load(words, at + GONE + party) === 1) {
        real.compareExchange(words, at + TURN, turn, turn + 1);
      } else real.wait(words, at + TURN, turn, 50);
    }
  }

  /** An operation that waits for its turn; `turned` is what it does then. */
  function inTurn(operation: Operation, turned: Operation = operation): Operation {
    return (...args) => {
      if (!awaitTurn()) return operation(...args);
      try {
        return turned(...args);
      } finally {
        real.add(words, at + TURN, 1);
        real.notify(words, at + TURN);
      }
    };
  }

  const inTurns: Partial<Record<keyof Atomics, Operation>> = {
    wait: inTurn(operationOf("wait"), (typed, index, value) => real.wait(typed, index!, value!, 0)),
  };
  for (const name of STEPS) inTurns[name] = inTurn(operationOf(name));

  function use(atomics: unknown): void {
    Object.defineProperty(globalThis, "Atomics", {
      value: atomics,
      writable: true,
      configurable: true,
    });
  }

  function leave(): void {
    use(real);
    real.store(words, at + GONE + me, 1);
    real.notify(words, at + TURN);
  }

  return {
    schedule(bits, length) {
      words.set([0, length, bits, 0, 0], at);
    },
    run(script) {
      use(inTurns);
      try {
        script();
      } finally {
        leave();
      }
    },
    leave,
  };
}
