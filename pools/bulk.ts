/**
 * Several elements taken at once, on their way to a caller: all of them or none.
 *
 * @module
 */
import { ATOMIC, type Context, type Handle, NONE } from "../allocators/allocator.ts";
import type { SlowPath } from "./slow_path.ts";
import type { Level } from "./slow_path_parts.ts";

/** What one caller has of its elements so far. Nobody owns them yet; he carries them. */
export class Bulk {
  /** The caller's own array: what was taken, then NONE. */
  readonly handles: Int32Array;
  readonly #levels: Uint8Array;
  #taken = 0;

  /** A bulk that is to fill an array. */
  constructor(into: Int32Array) {
    this.handles = into.fill(NONE);
    this.#levels = new Uint8Array(into.length);
  }

  /** Elements that the caller asked for. */
  get size(): number {
    return this.handles.length;
  }

  /** Elements that it lacks. */
  get missing(): number {
    return this.size - this.#taken;
  }

  /** Whether it has them all. */
  get isComplete(): boolean {
    return this.#taken === this.size;
  }

  /** Notes an element and the level that served it. */
  add(handle: Handle, level: Level): void {
    this.#levels[this.#taken] = level;
    this.handles[this.#taken++] = handle;
  }

  /** The element that was noted last, which the bulk forgets, or NONE. */
  pop(): Handle {
    if (this.#taken === 0) return NONE;
    const handle = this.handles[--this.#taken]!;
    this.handles[this.#taken] = NONE;
    return handle;
  }

  /** The policy's steps from `from` on but for the wait, each for what is still missing up to `most` elements. */
  collect(slow: SlowPath, from: number, context: Context, most: number = this.size): void {
    const { steps } = slow.parts.policy;
    for (let index = from; index < steps.length; index++) {
      this.collectStep(slow, index, context, most);
    }
  }

  /** One step, for what is still missing up to `most` elements. */
  collectStep(slow: SlowPath, index: number, context: Context, most: number = this.size): void {
    while (this.#taken < most) {
      const handle = slow.take(index, context);
      if (handle === NONE) return;
      this.add(handle, slow.level);
    }
  }

  /** The steps of the slow path but for the wait, where nobody may keep some of the reserve who lacks more. */
  collectWhole(slow: SlowPath, context: Context): void {
    const { firstStep, policy: { steps } } = slow.parts;
    for (let index: number = firstStep; index < steps.length && !this.isComplete; index++) {
      if (!slow.takesReserve(index)) this.collectStep(slow, index, context);
      else slow.takeWhole(index, context, this.missing, () => this.collectReserve(slow));
    }
  }

  /** What the back end has at hand. */
  collectAtHand(slow: SlowPath): void {
    while (!this.isComplete) {
      const handle = slow.takeBackend(ATOMIC);
      if (handle === NONE) return;
      this.add(handle, slow.level);
    }
  }

  /** What the reserve has. Under its lock. */
  collectReserve(slow: SlowPath): void {
    const { reserve } = slow.parts;
    while (!this.isComplete && reserve.current() > 0) {
      const handle = slow.popReserve();
      if (handle !== NONE) this.add(handle, slow.level);
    }
  }

  /** Takes over what a waiter was handed, from the last element on. */
  accept(slow: SlowPath, last: Handle): void {
    const { queue } = slow.parts.reserve;
    for (let handle = last; handle !== NONE; handle = queue.before(handle)) {
      slow.carry(handle);
      this.add(handle, 5);
    }
  }

  /**
   * Makes the elements their caller's, each at the level that served it, or all at one.
   *
   * @throws {CorruptionError} where somebody wrote to one of them while it was idle; all went back.
   */
  grant(slow: SlowPath, startedMs: number, level: Level | null = null): void {
    this.#lookAtAll(slow);
    for (let index = 0; index < this.size; index++) {
      slow.grant(this.handles[index]!, level ?? this.#levels[index] as Level, startedMs);
    }
  }

  #lookAtAll(slow: SlowPath): void {
    const { idle } = slow.parts;
    if (idle === null) return;
    try {
      this.handles.forEach((handle) => idle.check(handle));
    } catch (error) {
      this.giveBack(slow);
      throw error;
    }
  }

  /** Gives everything back to where it came from, the last first; where somebody waits, to whoever does. */
  giveBack(slow: SlowPath): void {
    const { queue } = slow.parts.reserve;
    for (let handle = this.pop(); handle !== NONE; handle = this.pop()) {
      const level = this.#levels[this.#taken];
      const fromBackend = level === 1 || level === 3;
      if (fromBackend && queue.count() === 0) slow.toBackend(handle);
      else slow.giveBack(handle);
    }
  }
}
