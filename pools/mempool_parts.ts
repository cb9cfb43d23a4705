/**
 * What a mempool is put together from.
 *
 * @module
 */
import type { Allocator, Handle } from "../allocators/allocator.ts";
import type { FrontPlan } from "../allocators/front.ts";
import type { Unchecked } from "../allocators/kind.ts";
import type { Source } from "../allocators/magazine.ts";
import type { Journal, Participant, Region } from "../sync/mod.ts";
import type { IdlePoison } from "./idle_poison.ts";
import type { Policy } from "./policy.ts";
import type { ReservePlan } from "./reserve_plan.ts";
import type { Ownership } from "./slow_path_parts.ts";
import type { Reclaim } from "./waiter.ts";

/** What a pool stands on: elements in batches behind a magazine, or an allocator to call. */
export type Below =
  | { readonly source: Source; readonly allocator: null }
  | {
    readonly source: null;
    readonly allocator: Allocator;
    /** The same for a fast path that looks at handles itself: not to be had if not given. */
    readonly unchecked?: Unchecked;
  };

/** Everything that attaching a mempool needs. */
export interface MempoolParts {
  readonly name: string;
  readonly region: Region;
  readonly participant: Participant;
  /** What it notes of what it changes under locks. None if not given: nobody outlives it then. */
  readonly journal?: Journal;
  readonly policy: Policy;
  readonly front: FrontPlan;
  readonly reserve: ReservePlan;
  readonly slotsPerWorker: number;
  readonly ownership: Ownership;
  readonly below: Below;
  /** Pools that stand on this one, directly or not, with their numbers in the owner table. */
  readonly above: readonly { readonly name: string; readonly number: number }[];
  /** Lets as many look again who wait in a pool that takes of this one in the end; null where none does. Under no lock. */
  readonly tellAbove: ((elements: number) => void) | null;
  /** Looks after the bytes of idle elements, where somebody debugs. */
  readonly idle: IdlePoison | null;
  readonly elementBytes: number;
  readonly bytes: (handle: Handle) => Uint8Array;
  readonly reclaim: Reclaim;
}
