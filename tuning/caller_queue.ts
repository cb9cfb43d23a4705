/**
 * Whose task comes next: the workers of a load in order of time, of which some are blocked by a task that waits, and others hold
 * tasks back that may block while some of theirs wait by themselves.
 *
 * @module
 */
import { BLOCKING } from "../allocators/allocator.ts";
import type { Caller } from "./callers.ts";

/** Workers in the order of their next tasks. */
export class CallerQueue {
  // Invariant: unless #isStale, #first has the task that is due first, at #firstNs; of those at one time the first worker.
  readonly #callers: readonly Caller[];
  /** Since when a worker can serve its next task; Infinity while it is blocked. */
  readonly #ready: Float64Array;
  /** Tasks of each worker that wait by themselves. */
  readonly #pending: Int32Array;
  #first = 0;
  #firstNs = 0;
  #isStale = true;

  /** The workers. */
  constructor(callers: readonly Caller[]) {
    this.#callers = callers;
    this.#ready = new Float64Array(callers.length);
    this.#pending = new Int32Array(callers.length);
  }

  /** When the next task is due; Infinity where none ever is, or all are blocked. */
  get dueNs(): number {
    if (this.#isStale) this.#find();
    return this.#firstNs;
  }

  /** The worker whose task that is; to be advanced once it is taken. */
  get first(): number {
    if (this.#isStale) this.#find();
    return this.#first;
  }

  /** Moves a worker on to its next task. */
  advance(caller: number): void {
    this.#callers[caller]!.advance();
    this.#isStale = true;
  }

  /** A task of a worker waits, and blocks it or not. */
  sleep(caller: number, blocks: boolean): void {
    this.#isStale = true;
    if (blocks) this.#ready[caller] = Infinity;
    else this.#pending[caller]!++;
  }

  /** That task waits no longer. */
  wake(caller: number, blocked: boolean, nowNs: number): void {
    this.#isStale = true;
    if (blocked) this.#ready[caller] = nowNs;
    else this.#pending[caller]!--;
  }

  #find(): void {
    this.#isStale = false;
    this.#first = 0;
    this.#firstNs = this.#dueOf(0);
    for (let caller = 1; caller < this.#callers.length; caller++) {
      const due = this.#dueOf(caller);
      if (due >= this.#firstNs) continue;
      this.#first = caller;
      this.#firstNs = due;
    }
  }

  /** When a worker serves its next task: not while it is blocked, and not while it would block others of its own. */
  #dueOf(index: number): number {
    const caller = this.#callers[index]!;
    if (this.#pending[index]! > 0 && caller.call === BLOCKING) return Infinity;
    return Math.max(caller.nextAt, this.#ready[index]!);
  }
}
