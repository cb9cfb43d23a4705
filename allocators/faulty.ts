/**
 * A layer that makes an allocator fail: at random by a seeded stream, apart for atomic and blocking
 * callers, or altogether while a shared word says that the back end is down. It stands above the magazines: while it fails, the
 * back end as a whole serves nothing. It always takes elements back.
 *
 * @module
 */
import type { Allocator } from "./allocator.ts";

/** What the shared word says: no faults yet, faults at random, or down altogether. */
export const FaultState = { off: 0, random: 1, down: 2 } as const;

/** When to fail. */
export interface Faults {
  /** A word that holds a {@linkcode FaultState}. */
  readonly state: { readonly words: Int32Array; readonly at: number };
  /** Probability that an atomic (0) or blocking (1) allocation fails. */
  readonly probability: readonly [number, number];
  /** Uniform draws in (0, 1). */
  readonly uniform: () => number;
}

/** What the layer refused so far. */
export interface FaultCounts {
  readonly atomicFailures: number;
  readonly blockingFailures: number;
}

/** An allocator that fails as told, and says how often. */
export interface FaultyAllocator extends Allocator {
  counts(): FaultCounts;
  resetCounts(): void;
}

/** Puts the layer round an allocator. */
export function faulty(inner: Allocator, faults: Faults): FaultyAllocator {
  const { words, at } = faults.state;
  const { probability, uniform } = faults;
  const failures: [number, number] = [0, 0];
  return {
    allocate(context) {
      const state = words[at]!;
      if (state === FaultState.off) return inner.allocate(context);
      const p = probability[context];
      if (state === FaultState.random && !(p > 0 && uniform() < p)) return inner.allocate(context);
      failures[context]++;
      return 0;
    },
    free(handle) {
      inner.free(handle);
    },
    counts: () => ({ atomicFailures: failures[0], blockingFailures: failures[1] }),
    resetCounts() {
      failures[0] = failures[1] = 0;
    },
  };
}
