/**
 * The elements of a dead participant: in its magazines, and with itself.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import { attachExchange } from "../allocators/magazine.ts";
import { isCarried, ownerOf, restTag } from "../allocators/owner_table.ts";
import type { AttachedAllocator, Magazines } from "./attached_allocator.ts";
import { add, type Counts, type RecoverOptions, type RecoveryParts } from "./recovery_parts.ts";

/** Who has elements of an allocator's table under a number of his own. */
interface Front {
  readonly name: string;
  readonly reclaim: (handle: Handle, tag: number) => boolean;
}

/** Gives back what lies in a magazine of the dead one: by the step after which nobody else finds it there. */
export function emptyMagazine(
  { region }: RecoveryParts,
  { front, source, allocator }: Magazines,
  counts: Counts,
): void {
  const { words } = region;
  const exchange = attachExchange(region, front, counts.participant, source);
  for (const handle of Array.from(exchange.settle())) {
    const word = allocator.owners + handle;
    // It was allocated, but has not gone yet; or freed, and its tag was not taken away yet.
    if (words[word]! > 0) words[word] = restTag(words[word]!);
  }
  add(counts.adopted, allocator.name, exchange.drain());
}

/** The fronts of an allocator's elements by their numbers in its owner table. */
function frontsOf({ plan, pools }: RecoveryParts, allocator: AttachedAllocator) {
  const fronts = new Map<number, Front>([[allocator.plan.rawNumber, allocator]]);
  plan.pools.forEach(({ name, root, number }, index) => {
    if (root !== allocator.plan) return;
    const { recovery } = pools[index]!;
    fronts.set(number, { name, reclaim: (handle, tag) => recovery.reclaim(handle, tag) });
  });
  return fronts;
}

/** Frees what the dead one has of an allocator's elements, but for the parts of elements that others have. */
export function returnElements(
  parts: RecoveryParts,
  allocator: AttachedAllocator,
  { keep = () => false }: RecoverOptions,
  counts: Counts,
): void {
  const { words } = parts.region;
  const { owners, planned: { capacity } } = allocator.plan;
  const fronts = frontsOf(parts, allocator);
  const found: { readonly handle: Handle; readonly tag: number; readonly front: Front }[] = [];
  for (let handle = 1; handle <= capacity; handle++) {
    const tag = words[owners + handle]!;
    const owner = ownerOf(tag);
    if (owner?.participant !== counts.participant) continue;
    const front = fronts.get(owner.front);
    if (front !== undefined) found.push({ handle, tag, front });
  }
  // After the tags: who takes an element apart makes its parts his own before they leave it.
  const inUse = new Map<string, Set<Handle>>();
  for (
    const { of, handle } of parts.allocators.flatMap((each) => each.backend.partsInUse?.() ?? [])
  ) {
    inUse.set(of, (inUse.get(of) ?? new Set()).add(handle));
  }
  for (const { handle, tag, front } of found) {
    if (inUse.get(front.name)?.has(handle)) continue;
    if (!isCarried(tag) && keep(front.name, handle)) counts.kept++;
    else if (!front.reclaim(handle, tag)) continue;
    else if (isCarried(tag)) counts.inTransit++;
    else add(counts.returned, front.name, 1);
  }
}
