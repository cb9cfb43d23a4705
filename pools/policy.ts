/**
 * A policy is data: the ordered steps that an allocation goes through. The mechanism (how each step is
 * taken) is in `slow_path.ts` and knows no policy by name.
 *
 * @module
 */

/** A step by its name, or a reserve step with a condition on how full the reserve is. */
export type Step =
  | "backend-atomic"
  | "backend-blocking"
  | "reserve"
  | "wait"
  /** Take from the reserve if N > 0 and N >= share * M. */
  | { readonly reserve: { readonly atLeast: number } }
  /** Take from the reserve if N > floor(share * M). */
  | { readonly reserve: { readonly moreThan: number } };

/** The steps of a policy and what a waiter does when it wakes by itself. */
export interface Policy {
  /** The steps, in order; each at most once, `wait` last if at all. */
  readonly steps: readonly Step[];
  /** The step from which a waiter that woke by itself goes on. */
  readonly retryFrom: "backend-atomic" | "backend-blocking" | "reserve";
  /** How long a waiter sleeps before it tries again by itself, milliseconds. */
  readonly retryMs: number;
  /**
   * Where the reserve is: with the pool, in a stack of its own, if not given; or inside the allocator, as a floor under its free
   * elements that the pool's reserve steps alone may take. All such pools over one allocator share that floor.
   */
  readonly reserveIn?: "pool" | "allocator";
  /** How M follows measured demand, between the pool's `minReserve` and its `maxReserve`; it stays as it is if not given. */
  readonly adapt?: Adapt;
}

/** How M follows demand. */
export interface Adapt {
  /** M becomes so many times as large when a reserve that had been full runs dry. */
  readonly growth: number;
  /** How long demand is looked at before something is given back, milliseconds. */
  readonly windowMs: number;
  /** The share of what lay unused in a window that is given back after it. */
  readonly giveBack: number;
}

/** A policy by its registered name, or as it stands. */
export type PolicySpec = string | Policy;

/** A registered policy: a policy and one line about it. */
export interface PolicyKind extends Policy {
  /** One line for `list` and `--help`. */
  readonly summary: string;
}
