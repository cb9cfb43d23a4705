/**
 * One participant's page memory, in numbers: a magazine, a depot, the free pages up to the frontier. The pool over real pages
 * is compared with it; it shares no code with it.
 *
 * @module
 */
import type { MemorySpec } from "../../allocators/arena.ts";

/** Pages that one growth step adds. */
const GROWTH = 16;

/** Counts of free elements, by where they are. */
export class PageModel {
  magazine = 0;
  depot = 0;
  free: number;
  frontier: number;
  short = false;
  /** Attempts that failed. */
  failures = { atomic: 0, blocking: 0 };
  readonly #memory: MemorySpec;
  readonly #rounds: () => number;

  /** Memory with a magazine of as many rounds as it has at the time, which is not the model's to foresee. */
  constructor(memory: MemorySpec, rounds: () => number) {
    this.#memory = memory;
    this.#rounds = rounds;
    this.free = 0;
    this.frontier = memory.pages;
    this.#addFree(memory.pages);
  }

  /** Whether one element is had, through the magazine, which keeps nothing back while frees are wanted elsewhere. */
  take(kind: "atomic" | "blocking", poisoned = false): boolean {
    const want = poisoned ? 1 : Math.max(1, this.#rounds() >> 1);
    if (this.magazine === 0) this.magazine = this.#refill(kind, want);
    if (this.magazine === 0) return false;
    this.magazine--;
    return true;
  }

  /** One element comes back, through the magazine. */
  put(): void {
    const rounds = this.#rounds();
    if (this.magazine >= rounds) {
      const older = Math.max(1, this.magazine - (rounds >> 1));
      this.magazine -= older;
      this.#giveBack(older);
    }
    this.magazine++;
  }

  /** The magazine is emptied. */
  drain(): void {
    if (this.magazine > 0) this.#giveBack(this.magazine);
    this.magazine = 0;
  }

  #addFree(pages: number): void {
    this.free += pages;
    const { low, high } = this.#memory.watermarks;
    if (this.free < low) this.short = true;
    else if (this.free >= high) this.short = false;
  }

  #giveBack(count: number): void {
    if (this.short) this.#addFree(count);
    else this.depot += count;
  }

  #refill(kind: "atomic" | "blocking", want: number): number {
    const { min } = this.#memory.watermarks;
    const got = this.#takeAbove(min, want) ||
      (kind === "blocking" ? this.#reclaim(min) : 0);
    if (got === 0) this.failures[kind]++;
    return got;
  }

  /** What a caller who may sleep gets besides: growth, then what lies below the minimum. */
  #reclaim(min: number): number {
    const grown = Math.min(this.#memory.growTo, this.frontier + GROWTH) - this.frontier;
    this.frontier += grown;
    this.#addFree(grown);
    return this.#takeAbove(min, 1) || this.#takeAbove(0, 1);
  }

  #takeAbove(floor: number, want: number): number {
    if (this.depot > 0) {
      const got = Math.min(want, this.depot);
      this.depot -= got;
      return got;
    }
    const got = Math.max(0, Math.min(this.short ? 1 : want, this.free - floor));
    if (got > 0) this.#addFree(-got);
    return got;
  }
}
