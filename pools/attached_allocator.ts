/**
 * An allocator of a composition as one worker sees it.
 *
 * @module
 */
import type { Allocator } from "../allocators/allocator.ts";
import type { Arena } from "../allocators/arena.ts";
import type { FrontPlan } from "../allocators/front.ts";
import type { Backend } from "../allocators/kind.ts";
import type { Source } from "../allocators/magazine.ts";
import { tagOf } from "../allocators/owner_table.ts";
import { attachRaw, type RawAllocator } from "../allocators/raw.ts";
import type { Participant, Region } from "../sync/mod.ts";
import type { AllocatorPlan } from "./composition_plan.ts";

/** An attached allocator. */
export interface AttachedAllocator {
  readonly name: string;
  readonly plan: AllocatorPlan;
  readonly backend: Backend;
  /** The allocator without a pool, for layers and controls. */
  readonly raw: Allocator;
  /** Its counts where it has a magazine, else null. */
  readonly rawMagazine: RawAllocator | null;
}

/** A magazine front together with the source behind it. */
export interface Magazines {
  readonly front: FrontPlan;
  readonly source: Source;
  readonly allocator: AllocatorPlan;
}

/** Attaches a planned allocator. */
export function attachAllocator(
  plan: AllocatorPlan,
  region: Region,
  participant: Participant,
  arena: Arena,
  reclaim: () => boolean,
): AttachedAllocator {
  const backend = plan.planned.attach({ region, participant, arena, reclaim });
  const { name } = plan;
  if (backend.source === null) {
    return { name, plan, backend, raw: backend.direct!, rawMagazine: null };
  }
  const raw = attachRaw({
    name,
    region,
    participant,
    front: plan.rawFront,
    source: backend.source,
    owners: plan.owners,
    capacity: plan.planned.capacity,
    tag: tagOf(plan.rawNumber, participant.id),
  });
  return { name, plan, backend, raw, rawMagazine: raw };
}
