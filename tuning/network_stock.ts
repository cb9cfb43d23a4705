/**
 * The elements of simulated pools that stand on allocators and on one another: what each has in reserve, what each allocator
 * has given, and the policies' steps without the wait. A pool beneath another, or in an element that is put together, takes
 * its own steps and never lets the one above wait.
 *
 * @module
 */
import { ATOMIC, type Context } from "../allocators/allocator.ts";
import { type CompiledStep, Op } from "../pools/compiled_policy.ts";
import type { Network, NetworkPool, Part, Source } from "./network.ts";
import type { Serves } from "./scripted_backend.ts";

/** What the stock hears from. */
export interface StockOptions {
  readonly network: Network;
  /** The reserve of each pool when it is full. */
  readonly minReserves: readonly number[];
  /** Whether a call of an allocator serves. */
  readonly serves: Serves;
  /** Offers what was freed to those who wait for the pool. @returns whether one of them has it now. */
  readonly offer: (pool: number) => boolean;
}

/** The elements of a network. */
export class NetworkStock {
  // Invariant: 0 <= current[p] <= minReserves[p], and = 0 while somebody waits for p; given[a] = elements of allocator a
  // that are out or in a reserve, less those with which the reserves were filled.
  /** The reserve of each pool now. */
  readonly current: Int32Array;
  /** Each reserve at its lowest. */
  readonly lowWater: Int32Array;
  /** Whether something went where who waits for a pool above may find it, since this was last set to false. */
  gaveBeneath = false;
  /** Whether others stand on a pool. */
  readonly #isStoodOn: readonly boolean[];
  readonly #pools: readonly NetworkPool[];
  readonly #least: Int32Array;
  readonly #given: Int32Array;
  readonly #serves: Serves;
  readonly #offer: (pool: number) => boolean;

  /** A stock whose reserves are full. */
  constructor({ network, minReserves, serves, offer }: StockOptions) {
    this.#pools = network.pools;
    this.#least = Int32Array.from(minReserves);
    this.current = Int32Array.from(minReserves);
    this.lowWater = Int32Array.from(minReserves);
    this.#given = new Int32Array(network.allocators);
    this.#serves = serves;
    this.#offer = offer;
    const { pools } = network;
    this.#isStoodOn = pools.map((_, pool) => pools.some(({ source }) => standsOn(source, pool)));
  }

  /** The steps of a pool from one on, for one element. @returns the level that served it, 0 for none. */
  take(pool: number, from: number, context: Context, nowNs: number): number {
    const { policy: { steps }, source } = this.#pools[pool]!;
    for (let index = from; index < steps.length; index++) {
      const step = steps[index]!;
      if (step.op === Op.reserve) {
        const level = this.#takeReserve(pool, step, context, 1);
        if (level > 0) return level;
      } else if (step.op === Op.backendAtomic) {
        if (this.#takeFrom(source, ATOMIC, nowNs)) return 1;
      } else if (context !== ATOMIC && this.#takeFrom(source, context, nowNs)) return 3;
    }
    return 0;
  }

  /** Level 1 by itself, which who is about to sleep tries once more. */
  takeAtHand(pool: number, nowNs: number): boolean {
    return this.#takeFrom(this.#pools[pool]!.source, ATOMIC, nowNs);
  }

  /**
   * The steps for several elements, each step for what is still missing.
   *
   * @param whole whether the reserve is touched only where it has all that is missing.
   * @returns how many were taken.
   */
  collect(
    pool: number,
    wanted: { readonly count: number; readonly whole: boolean },
    from: number,
    context: Context,
    nowNs: number,
  ): number {
    const { policy: { steps }, source } = this.#pools[pool]!;
    const { count, whole } = wanted;
    let taken = 0;
    for (let index = from; index < steps.length; index++) {
      const step = steps[index]!;
      const asks = step.op === Op.backendAtomic ? ATOMIC : context;
      const one = step.op === Op.reserve
        ? () => this.#takeReserve(pool, step, context, whole ? count - taken : 1) > 0
        : step.op === Op.backendBlocking && context === ATOMIC
        ? () => false
        : () => this.#takeFrom(source, asks, nowNs);
      while (taken < count && one()) taken++;
    }
    return taken;
  }

  /** An element that nobody has any more: to who waits, to the reserve, or to what the pool stands on. */
  give(pool: number): void {
    if (this.#offer(pool)) return;
    if (this.#isStoodOn[pool]!) this.gaveBeneath = true;
    if (this.current[pool]! < this.#least[pool]!) this.current[pool]!++;
    else this.#giveTo(this.#pools[pool]!.source);
  }

  /** Takes one where the step admits `count` of them. */
  #takeReserve(pool: number, step: CompiledStep, context: Context, count: number): number {
    const current = this.current[pool]!;
    const least = this.#least[pool]!;
    const atLast = current - count + 1;
    if (atLast <= 0 || !(context === ATOMIC || step.admits(atLast, least))) return 0;
    this.current[pool] = current - 1;
    if (current <= this.lowWater[pool]!) this.lowWater[pool] = current - 1;
    return 2 * current >= least ? 2 : 4;
  }

  #takeFrom(source: Source, context: Context, nowNs: number): boolean {
    if (source.kind === "pool") return this.take(source.pool, 0, context, nowNs) > 0;
    if (source.kind === "parts") return this.#build(source.parts, context, nowNs);
    if (!this.#serves(context, nowNs, this.#given[source.allocator]!)) return false;
    this.#given[source.allocator]!++;
    return true;
  }

  /** Takes all parts, or none: what goes back then was there before, so nobody need look for it. */
  #build(parts: readonly Part[], context: Context, nowNs: number): boolean {
    const gaveBefore = this.gaveBeneath;
    for (let part = 0; part < parts.length; part++) {
      if (this.#takePart(parts[part]!, context, nowNs)) continue;
      for (let taken = part - 1; taken >= 0; taken--) this.#givePart(parts[taken]!);
      this.gaveBeneath = gaveBefore;
      return false;
    }
    return true;
  }

  #takePart({ source, count }: Part, context: Context, nowNs: number): boolean {
    let taken = 0;
    if (source.kind === "pool" && count > 1) {
      taken = this.collect(source.pool, { count, whole: true }, 0, context, nowNs);
    } else while (taken < count && this.#takeFrom(source, context, nowNs)) taken++;
    if (taken === count) return true;
    while (taken-- > 0) this.#giveTo(source);
    return false;
  }

  #givePart({ source, count }: Part): void {
    for (let given = 0; given < count; given++) this.#giveTo(source);
  }

  #giveTo(source: Source): void {
    this.gaveBeneath = true;
    if (source.kind === "pool") this.give(source.pool);
    else if (source.kind === "allocator") this.#given[source.allocator]!--;
    else {for (let part = source.parts.length - 1; part >= 0; part--) {
        this.#givePart(source.parts[part]!);
      }}
  }
}

function standsOn(source: Source, pool: number): boolean {
  if (source.kind === "parts") return source.parts.some((part) => standsOn(part.source, pool));
  return source.kind === "pool" && source.pool === pool;
}
