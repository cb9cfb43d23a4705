/**
 * What a slow path is put together from, and what it tells an observer.
 *
 * @module
 */
import type { Tally } from "../allocators/front.ts";
import type { Exchange } from "../allocators/magazine.ts";
import type { Participant, Region } from "../sync/mod.ts";
import type { CompiledPolicy } from "./compiled_policy.ts";
import type { IdlePoison } from "./idle_poison.ts";
import type { Reserve } from "./reserve.ts";

/** One of the five levels. */
export type Level = 1 | 2 | 3 | 4 | 5;

/** Where the latencies of levels 2 to 5 go, while somebody measures. */
export interface Observer {
  /** Takes one latency. Not to allocate, not to block. */
  record(level: Level, latencyNs: number): void;
}

/** Where the element is known by whom. */
export interface Ownership {
  /** The owner table's word for handle 0; -1 where elements are not tracked. */
  readonly owners: number;
  readonly capacity: number;
  readonly tag: number;
  /** The tag under which the allocator below knows this worker's elements; 0 where it keeps none. */
  readonly tagBelow: number;
}

/** What a slow path stands on. */
export interface SlowPathParts {
  readonly name: string;
  readonly region: Region;
  readonly participant: Participant;
  readonly policy: CompiledPolicy;
  readonly reserve: Reserve;
  readonly exchange: Exchange;
  readonly tally: Tally;
  /** This participant's front block. */
  readonly at: number;
  readonly ownership: Ownership;
  /** Looks after the bytes of idle elements, where somebody debugs. */
  readonly idle: IdlePoison | null;
  /** The step at which the slow path begins: 1 where the atomic attempt was made on the way here. */
  readonly firstStep: 0 | 1;
}
