/**
 * A scenario: what to build, what to do to it and for how long, as plain data. It is parsed once, at the
 * edge; from here on every number is in base units (nanoseconds, bytes, events per second) and nothing
 * is optional. It crosses into workers as it stands, and each worker resolves its names again through
 * the same registries.
 *
 * A resolved scenario is itself a valid scenario file: keys are the same, and a bare number is in base
 * units.
 *
 * @module
 */
import type { MemorySpec } from "../allocators/arena.ts";
import type { OptionValue } from "../allocators/option.ts";
import type { PoolSpec } from "../pools/composition_plan.ts";
import type { PolicySpec } from "../pools/policy.ts";

export type { MemorySpec, PolicySpec, PoolSpec };

/** A registered kind by name, with its options resolved to base units. */
export interface Spec {
  /** The registered kind. */
  readonly kind: string;
  /** Its options, base units. */
  readonly [option: string]: OptionValue;
}

/** What one task takes: `count` elements of one pool. */
export interface TakeSpec {
  /** The pool. */
  readonly pool: string;
  /** How many elements of it. */
  readonly count: number;
  /** One by one, or all at once. */
  readonly how: "each" | "bulk";
}

/** One of several things of which a task takes one. */
export interface AlternativeSpec extends TakeSpec {
  /** How often it is drawn, beside the weights of the others. */
  readonly weight: number;
}

/** The load. */
export interface WorkloadSpec {
  /** The registered kind. */
  readonly kind: string;
  /** What one task takes. */
  readonly take: readonly TakeSpec[];
  /** What it takes after that: one of these, drawn by weight; nothing where there are none. */
  readonly takeOneOf: readonly AlternativeSpec[];
  /** How many workers run it. */
  readonly workers: number;
  /** Nanoseconds measured, after the warm-up. */
  readonly duration: number;
  /** Nanoseconds before; counted, but left out of latencies. */
  readonly warmup: number;
  /** Elements that each worker keeps in flight (`closed`). */
  readonly inFlight: number;
  /** When tasks arrive (`open`), else null. */
  readonly arrival: Spec | null;
  /** How long a task keeps its elements; null: until their place is drawn again (`closed`) or as recorded (`replay`, for which it is what arrivals only are given). */
  readonly hold: Spec | null;
  /** Share of allocations made by callers that may not sleep. */
  readonly atomicShare: number;
  /** Share of allocations awaited on the event loop. */
  readonly asyncShare: number;
  /** The recorded trace to replay: an absolute path or a `file:` URL; null elsewhere. */
  readonly trace: string | null;
  /** Recorded seconds per second of replay; 0 is as fast as possible. */
  readonly speed: number;
}

/** A whole scenario, fully resolved. */
export interface Scenario {
  /** What it is called in results. */
  readonly name: string;
  /** One line for `list` and the head of the table. */
  readonly summary: string;
  /** The page memory under every shared allocator. */
  readonly memory: MemorySpec;
  /** Allocators by name. */
  readonly allocators: Readonly<Record<string, Spec>>;
  /** Pools by name. */
  readonly pools: Readonly<Record<string, PoolSpec>>;
  /** What is done to them. */
  readonly workload: WorkloadSpec;
  /** What is done to the back ends and their memory. */
  readonly pressure: Spec;
  /** Whether elements are checked more closely, at a price. */
  readonly debug: boolean;
  /** From which every random choice follows. */
  readonly seed: number;
  /** How many times the whole is run. */
  readonly repeat: number;
}
