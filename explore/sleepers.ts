/**
 * Those who sleep on words, and the clock that ends sleeps.
 *
 * A sleeper can't be chosen until somebody notifies its word or the clock is chosen, which ends the sleep that is due first. How often
 * the clock may do that is counted: where it may not at all, a wake-up that was lost shows as a deadlock, and is not
 * hidden by the sleeper's own alarm. Only *polls*, sleeps that are short because somebody looks again by
 * design, end whenever the clock is chosen.
 *
 * @module
 */

/** How a sleep ended. */
export type Ended = "ok" | "timed-out";

/** Sleeps shorter than this, milliseconds, are polls. */
const POLL_MS = 1;

/** One who sleeps. */
export interface Sleeper {
  /** The word that it sleeps on. */
  readonly word: number;
  /** When it wakes by itself. */
  readonly deadlineMs: number;
  readonly isPoll: boolean;
  /** Its thread. */
  readonly thread: number;
  /** Wakes it. */
  readonly wake: (ended: Ended) => void;
}

/** Everybody who sleeps. */
export class Sleepers {
  /** The time. It stands still but for the clock's own steps. */
  nowMs = 0;
  /** How often the clock may still end a sleep that is no poll. */
  timeouts = 0;
  #asleep: Sleeper[] = [];
  /** Those who slept at the end of the set-up. */
  #atFirst: readonly Sleeper[] = [];

  /** Remembers who sleeps now. */
  keep(): void {
    this.#atFirst = [...this.#asleep];
  }

  /** Back to time 0, when those slept. */
  reset(timeouts: number): void {
    this.nowMs = 0;
    this.timeouts = timeouts;
    this.#asleep = [...this.#atFirst];
  }

  /** Puts somebody to sleep, behind those who sleep on the same word. */
  add(word: number, timeoutMs: number, thread: number, wake: Sleeper["wake"]): void {
    this.#asleep.push({
      word,
      deadlineMs: this.nowMs + timeoutMs,
      isPoll: timeoutMs < POLL_MS,
      thread,
      wake,
    });
  }

  /** Wakes up to `count` sleepers of a word, the longest first. @returns how many. */
  notify(word: number, count: number): number {
    const woken = this.#asleep.filter((sleeper) => sleeper.word === word).slice(0, count);
    for (const sleeper of woken) this.#wake(sleeper, "ok");
    return woken.length;
  }

  /** A thread has died: it sleeps no more, and takes nobody's wake-up. */
  forget(thread: number): void {
    this.#asleep = this.#asleep.filter((sleeper) => sleeper.thread !== thread);
  }

  /** Whose sleep the clock would end; null where it can't be chosen. */
  due(): Sleeper | null {
    let due: Sleeper | null = null;
    for (const sleeper of this.#asleep) {
      const { deadlineMs, isPoll } = sleeper;
      if (deadlineMs === Infinity || !isPoll && this.timeouts === 0) continue;
      if (due === null || deadlineMs < due.deadlineMs) due = sleeper;
    }
    return due;
  }

  /** The clock's step: ends the sleep that is due first. @returns it. */
  endDue(): Sleeper {
    const due = this.due()!;
    if (!due.isPoll) this.timeouts--;
    this.nowMs = Math.max(this.nowMs, due.deadlineMs);
    this.#wake(due, "timed-out");
    return due;
  }

  #wake(sleeper: Sleeper, ended: Ended): void {
    this.#asleep.splice(this.#asleep.indexOf(sleeper), 1);
    sleeper.wake(ended);
  }
}
