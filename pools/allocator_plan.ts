/**
 * An allocator of a composition, planned: its own words, its owner table, and the magazines of those who use it without a
 * pool of their own.
 *
 * @module
 */
import {
  fixedRounds,
  type FrontPlan,
  type MagazineRounds,
  planFront,
} from "../allocators/front.ts";
import {
  type AllocatorKind,
  partsIn,
  type PlannedAllocator,
  type PlannedPart,
} from "../allocators/kind.ts";
import * as allocatorRegistry from "../allocators/mod.ts";
import type { PartSpec } from "../allocators/option.ts";
import { planOwners } from "../allocators/owner_table.ts";
import type { Layout } from "../sync/mod.ts";
import type { AllocatorSpec, CompositionSpec } from "./composition_spec.ts";
import { magazineRounds } from "./magazine_plan.ts";

const ALLOCATOR_KINDS: Readonly<Record<string, AllocatorKind>> = allocatorRegistry;

/** A planned allocator with its tables. */
export interface AllocatorPlan {
  readonly name: string;
  readonly kind: AllocatorKind;
  readonly planned: PlannedAllocator;
  /** What its elements are put together of, if they are. */
  readonly parts: readonly PartSpec[];
  /** The owner table, or -1 where elements are not tracked. */
  readonly owners: number;
  /** The marks of poisoned elements, or -1 where none are poisoned. */
  readonly marks: number;
  /** Whether those who use it without a pool of its own are noted there. */
  readonly isTagged: boolean;
  /** The magazines of those who use it without a pool of its own, and their number in the owner table. */
  readonly rawFront: FrontPlan;
  readonly rawNumber: number;
}

/** Allocators by their own names, and under the names of the pools that stand on them. */
export type Roots = ReadonlyMap<string, AllocatorPlan>;

/** The kind of a registered allocator. @throws {RangeError} where there is none of that name. */
export function allocatorKind(name: string): AllocatorKind {
  const kind = Object.hasOwn(ALLOCATOR_KINDS, name) ? ALLOCATOR_KINDS[name] : undefined;
  if (kind === undefined) throw new RangeError(`"${name}" is not an allocator kind`);
  return kind;
}

/** Plans one allocator; what its elements are put together of is planned already. */
export function planAllocator(
  layout: Layout,
  spec: CompositionSpec,
  { name, spec: { kind: kindName, ...options }, rawNumber, roots, fronts }: {
    readonly name: string;
    readonly spec: AllocatorSpec;
    readonly rawNumber: number;
    readonly roots: Roots;
    /** How many fronts have magazines of it. */
    readonly fronts: number;
  },
): AllocatorPlan {
  const kind = allocatorKind(kindName);
  const { memory, participants } = spec;
  const parts = partsIn(kind, options).map((part) => planPart(name, kind, part, roots));
  const planned = kind.plan(options, { layout, name, memory, participants, parts });
  const isTracked = planned.capacity > 0 || planned.elementPages > 0;
  const owners = isTracked ? planOwners(layout, name, planned.capacity) : -1;
  const isPoisoned = spec.debug === true && isTracked;
  const marks = isPoisoned ? layout.words(`${name}/poisoned`, planned.capacity + 1) : -1;
  const size = parts.length > 0 ? fixedRounds(1) : roundsFor(planned, spec, fronts);
  const rawFront = planFront(layout, name, { participants, ...size });
  const isTagged = isTracked && kind.scope === "shared";
  return { name, kind, planned, parts, owners, isTagged, marks, rawFront, rawNumber };
}

function planPart(
  name: string,
  { scope }: AllocatorKind,
  part: PartSpec,
  roots: Roots,
): PlannedPart {
  const refusal = (why: string) => new RangeError(`"${name}" has a part of "${part.of}", ${why}`);
  const root = roots.get(part.of);
  if (root === undefined) throw refusal("which is no pool, and no allocator with one size");
  if (root.kind.scope !== scope) throw refusal("which each worker has for itself");
  return { ...part, root: root.name, planned: root.planned };
}

function roundsFor(
  { elementPages }: PlannedAllocator,
  { memory, participants }: CompositionSpec,
  fronts: number,
): MagazineRounds {
  if (elementPages === 0) return fixedRounds(1);
  return magazineRounds(memory.pages / elementPages, { participants, fronts });
}
