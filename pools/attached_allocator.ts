/**
 * An allocator of a composition as one worker sees it.
 *
 * @module
 */
import type { Allocator, Handle } from "../allocators/allocator.ts";
import type { Arena } from "../allocators/arena.ts";
import type { FrontPlan } from "../allocators/front.ts";
import type { Backend } from "../allocators/kind.ts";
import type { Source } from "../allocators/magazine.ts";
import { tagOf } from "../allocators/owner_table.ts";
import type { Poison } from "../allocators/poisoned.ts";
import { attachRaw, type RawAllocator } from "../allocators/raw.ts";
import type { Participant, Region } from "../sync/mod.ts";
import type { AllocatorPlan } from "./composition_plan.ts";

/** Puts a layer round the allocator of the given name. */
export type Layer = (inner: Allocator, name: string) => Allocator;

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

/** What the poison of an allocator's elements needs; null where they are not poisoned. */
export function poisonOf(
  { name, plan, backend }: AttachedAllocator,
  region: Region,
): Poison | null {
  if (plan.marks < 0) return null;
  return { name, marks: { words: region.words, at: plan.marks }, bytes: backend.bytes };
}

/** Attaches a planned allocator. */
export function attachAllocator(
  plan: AllocatorPlan,
  region: Region,
  participant: Participant,
  arena: Arena,
  reclaim: () => boolean,
): AttachedAllocator {
  const { name, marks } = plan;
  const { words } = region;
  const renewed = (handle: Handle) => void (words[marks + handle] = 0);
  const context = { region, participant, arena, reclaim };
  const backend = plan.planned.attach(marks < 0 ? context : { ...context, renewed });
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
