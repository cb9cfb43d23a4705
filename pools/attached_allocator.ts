/**
 * An allocator of a composition as one worker sees it.
 *
 * @module
 */
import type { Allocator, Handle } from "../allocators/allocator.ts";
import { blockOf, type FrontPlan, type Tally } from "../allocators/front.ts";
import type { AttachContext, Backend } from "../allocators/kind.ts";
import type { Source } from "../allocators/magazine.ts";
import { tagOf } from "../allocators/owner_table.ts";
import { poisoned } from "../allocators/poisoned.ts";
import { attachRaw } from "../allocators/raw.ts";
import { attachTagged } from "../allocators/tagged.ts";
import type { Region } from "../sync/mod.ts";
import type { AllocatorPlan } from "./composition_plan.ts";
import type { Poisonable } from "./idle_poison.ts";

/** Puts a layer round the allocator of the given name. */
export type Layer = (inner: Allocator, name: string) => Allocator;

/** An attached allocator. */
export interface AttachedAllocator {
  readonly name: string;
  readonly plan: AllocatorPlan;
  readonly backend: Backend;
  /** The allocator without a pool, for layers and controls. */
  readonly raw: Allocator;
  /** The same with the poison and the layer round it, for pools and composites; null where there is neither. */
  readonly wrapped: Allocator | null;
  /** Makes an element of those who use it without a pool this worker's own. */
  adopt(handle: Handle): void;
  /** Frees one that a worker had under this tag that has died. @returns false where it has another tag by now. */
  reclaim(handle: Handle, tag: number): boolean;
  /** What it counts of itself, else null. */
  readonly rawTally: Tally | null;
}

/** A magazine front together with the source behind it. */
export interface Magazines {
  readonly front: FrontPlan;
  readonly source: Source;
  readonly allocator: AllocatorPlan;
}

/** What the poison of an allocator's elements needs; null where they are not poisoned. */
export function poisonOf(
  { name, plan, backend }: Pick<AttachedAllocator, "name" | "plan" | "backend">,
  region: Region,
): Poisonable | null {
  if (plan.marks < 0) return null;
  const { bytes, parts } = backend;
  return { name, marks: { words: region.words, at: plan.marks }, bytes, ...parts && { parts } };
}

/** Attaches a planned allocator; the layer goes round it unless its elements are put together of parts. */
export function attachAllocator(
  plan: AllocatorPlan,
  context: AttachContext,
  layer: Layer | null,
): AttachedAllocator {
  const { name, marks } = plan;
  const { words } = context.region;
  const renewed = (handle: Handle) => void (words[marks + handle] = 0);
  const tagging = { owners: plan.owners, tag: tagOf(plan.rawNumber, context.participant.id) };
  const backend = plan.planned.attach({
    ...context,
    ...plan.isTagged && { tagging },
    ...marks >= 0 && { renewed },
  });
  const raw = attachRawFace(plan, context, backend);
  const poison = plan.planned.keepsIdleBytes === true
    ? poisonOf({ name, plan, backend }, context.region)
    : null;
  const checked = poison === null ? null : poisoned(raw, poison);
  const isLayered = layer !== null && plan.parts.length === 0;
  const wrapped = isLayered ? layer(checked ?? raw, name) : checked;
  return {
    name,
    plan,
    backend,
    raw,
    wrapped,
    adopt(handle) {
      if (plan.isTagged) words[tagging.owners + handle] = tagging.tag;
    },
    reclaim(handle, tag) {
      const word = tagging.owners + handle;
      if (Atomics.compareExchange(words, word, tag, tagging.tag) !== tag) return false;
      (wrapped ?? raw).free(handle);
      return true;
    },
    rawTally: raw.tally ?? null,
  };
}

/** An allocator as those see it who use it without a pool of their own. */
function attachRawFace(
  plan: AllocatorPlan,
  { region, participant }: AttachContext,
  backend: Backend,
): Allocator & { readonly tally?: Tally } {
  const { name, rawFront: front, owners, planned: { capacity } } = plan;
  const tag = tagOf(plan.rawNumber, participant.id);
  if (backend.source !== null) {
    const { source } = backend;
    return attachRaw({ name, region, participant, front, source, owners, capacity, tag });
  }
  if (!plan.isTagged) return backend.direct!;
  const at = blockOf(front, participant.id);
  return attachTagged(region, { name, at, owners, capacity, tag }, backend.direct!);
}
