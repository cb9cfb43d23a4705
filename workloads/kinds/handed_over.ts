/**
 * Elements of a replay that one worker takes and another frees, as it was recorded.
 *
 * | block | words | who writes | who may read stale |
 * |---|---|---|---|
 * | 0: states | one for each element: 0 not there yet, its handle, -1 passed by; its handle, negated, less 1 once it is B's own | both, by compare-exchange from 0; then who frees it | nobody |
 * | 1: delays | a double for each element: how much later than recorded it is to be freed | who takes it, before its handle | who frees it, after |
 *
 * Worker A takes an element that B is to free. Either A is first, and its handle stands there when B comes, at the recorded
 * time: B frees it, later by as much as A got it too late. Or B is first, since A still waits for the element: B passes
 * it by, and A frees it itself when its hold is over. The compare-exchange from 0 lets one of the two be first, so an element is freed
 * once whoever was faster. The handle publishes the delay. Where A dies, what it left is B's; where B dies, the coordinator passes by
 * what is still to come and frees what lies there.
 *
 * @module
 */
import type { Mempool } from "../../pools/mempool.ts";
import type { Layout, Region } from "../../sync/mod.ts";
import { DueHeap } from "../due_heap.ts";
import type { Estate } from "../estate.ts";
import type { Inherited } from "../due_frees.ts";
import type { Lives } from "../traces/lives.ts";

const NOT_THERE = 0;
const PASSED_BY = -1;

/** Looks at an element that is not there yet before sleeping, where no clock says that it is late. */
const SPINS = 2000;

/** How long such an element is waited for, milliseconds. */
const PATIENCE_MS = 1;

/** Plans the words of both sides. */
export function planHandedOver(layout: Layout, elements: number): number[] {
  return [
    layout.words("replay/states", elements),
    layout.words("replay/delays", 2 * elements),
  ];
}

/** The state of an element that is its freer's own, by its handle, and the other way round. */
function owned(handle: number): number {
  return -handle - 1;
}

/** What both sides share. */
export interface HandingOver {
  readonly region: Region;
  readonly places: readonly number[];
  readonly lives: Lives;
  /** Whether events are tied to a clock; else whoever is ahead waits a little for the other. */
  readonly isTimed: boolean;
}

/** Leaves an element to the worker that is to free it. @returns false where that has passed it by. */
export function leaveElement(
  { region: { words, doubles }, places, isTimed }: HandingOver,
  life: number,
  { handle, lateBy }: { readonly handle: number; readonly lateBy: number },
): boolean {
  const state = places[0]! + life;
  doubles[places[1]! / 2 + life] = lateBy;
  const isLeft = Atomics.compareExchange(words, state, NOT_THERE, handle) === NOT_THERE;
  if (isLeft && !isTimed) Atomics.notify(words, state);
  return isLeft;
}

/** What one worker is to free of what others take. */
export class HandedOver implements Inherited {
  readonly #shared: HandingOver;
  readonly #poolOf: (life: number) => Mempool;
  /** The elements in the order of their recorded ends. */
  readonly #lives: Int32Array;
  readonly #delayed = new DueHeap();
  readonly #claimed: number[] = [];
  #next = 0;

  /** The elements that `isMine`. */
  constructor(
    shared: HandingOver,
    isMine: (life: number) => boolean,
    poolOf: (life: number) => Mempool,
  ) {
    const { count } = shared.lives;
    this.#shared = shared;
    this.#poolOf = poolOf;
    const mine = Array.from({ length: count }, (_, life) => life).filter(isMine);
    this.#lives = Int32Array.from(mine.sort((a, b) => this.#endOf(a) - this.#endOf(b)));
  }

  #endOf(life: number): number {
    const { startAt, hold } = this.#shared.lives;
    return startAt[life]! + hold[life]!;
  }

  get #nextEnd(): number {
    return this.#next < this.#lives.length ? this.#endOf(this.#lives[this.#next]!) : Infinity;
  }

  get nextAt(): number {
    return Math.min(this.#nextEnd, this.#delayed.earliest);
  }

  freeNext(): void {
    if (this.#delayed.earliest <= this.#nextEnd) {
      this.#free(this.#delayed.pop());
      return;
    }
    const life = this.#lives[this.#next++]!;
    if (!this.#isThere(life)) return;
    const { region: { doubles }, places } = this.#shared;
    const lateBy = doubles[places[1]! / 2 + life]!;
    if (lateBy > 0) this.#delayed.push(this.#endOf(life) + lateBy, life);
    else this.#free(life);
  }

  #stateOf(life: number): number {
    return this.#shared.places[0]! + life;
  }

  /** Whether an element was left here; else it is passed by. */
  #isThere(life: number): boolean {
    const { region: { words } } = this.#shared;
    const state = this.#stateOf(life);
    if (!this.#shared.isTimed) this.#waitFor(state);
    const handle = Atomics.compareExchange(words, state, NOT_THERE, PASSED_BY);
    if (handle === NOT_THERE) return false;
    this.#adopt(life, handle);
    return true;
  }

  /** Makes an element that was left here this worker's own: for others it is gone then. */
  #adopt(life: number, handle: number): void {
    this.#poolOf(life).adopt(handle);
    Atomics.store(this.#shared.region.words, this.#stateOf(life), owned(handle));
  }

  #waitFor(state: number): void {
    const { region: { words } } = this.#shared;
    for (let look = 0; look < SPINS; look++) if (Atomics.load(words, state) !== NOT_THERE) return;
    Atomics.wait(words, state, NOT_THERE, PATIENCE_MS);
  }

  #free(life: number): void {
    this.#poolOf(life).free(owned(this.#shared.region.words[this.#stateOf(life)]!));
  }

  claim(): void {
    while (this.#delayed.size > 0) this.#claimed.push(this.#delayed.pop());
    const { region: { words } } = this.#shared;
    for (const life of this.#lives.subarray(this.#next)) {
      const state = Atomics.compareExchange(words, this.#stateOf(life), NOT_THERE, PASSED_BY);
      if (state === NOT_THERE) continue;
      this.#adopt(life, state);
      this.#claimed.push(life);
    }
    this.#next = this.#lives.length;
  }

  held(): ReadonlyMap<Mempool, number> {
    const held = new Map<Mempool, number>();
    for (const pool of this.#claimed.map((life) => this.#poolOf(life))) {
      held.set(pool, (held.get(pool) ?? 0) + 1);
    }
    return held;
  }

  release(): void {
    for (const life of this.#claimed.splice(0)) this.#free(life);
  }
}

/** Who takes and who frees an element, and the pool that it is of. */
export interface HandedLife {
  readonly takes: number;
  readonly frees: number;
  readonly pool: Mempool;
}

/** What becomes of elements that are handed over when a worker is dead. */
export function handedOverEstate(
  { region: { words }, places }: Pick<HandingOver, "region" | "places">,
  lives: readonly HandedLife[],
): Estate {
  const stateOf = (life: number) => places[0]! + life;
  const lying: { readonly handle: number; readonly pool: Mempool }[] = [];

  /** What was left for the dead one is freed for it; what is still to come is passed by. */
  function inherit(dead: number): void {
    lives.forEach(({ takes, frees, pool }, life) => {
      if (frees !== dead || takes === dead) return;
      const handle = Atomics.compareExchange(words, stateOf(life), NOT_THERE, PASSED_BY);
      if (handle <= 0) return;
      pool.adopt(handle);
      Atomics.store(words, stateOf(life), owned(handle));
      lying.push({ handle, pool });
    });
  }

  return {
    close(dead) {
      inherit(dead);
      const kept = new Set<string>();
      lives.forEach(({ takes, frees, pool }, life) => {
        const handle = Atomics.load(words, stateOf(life));
        if (takes === dead && frees !== dead && handle > 0) kept.add(`${pool.name} ${handle}`);
      });
      return (pool, handle) => kept.has(`${pool} ${handle}`);
    },
    tend() {
      for (const { handle, pool } of lying.splice(0)) pool.free(handle);
    },
  };
}
