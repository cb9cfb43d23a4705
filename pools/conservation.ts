/**
 * The equations that nothing is lost, for elements and for pages.
 *
 * @module
 */
import type { Arena } from "../allocators/arena.ts";
import { blockOf, LIMIT, ROUNDS, TOP } from "../allocators/front.ts";
import { isCarried, ownerOf } from "../allocators/owner_table.ts";
import type { Region } from "../sync/mod.ts";
import type { AttachedAllocator, Magazines } from "./attached_allocator.ts";
import type { CompositionPlan } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";

/** issued + reserved + cached + free = all elements of one allocator, each counted in its own place. */
export function checkElements(
  plan: CompositionPlan,
  region: Region,
  { name, plan: root, backend }: AttachedAllocator,
  pools: readonly Mempool[],
  magazines: readonly Magazines[],
): void {
  const { words } = region;
  let issued = 0;
  let reserved = 0;
  let cached = 0;
  for (let handle = 1; handle <= root.planned.capacity; handle++) {
    const tag = words[root.owners + handle]!;
    if (isCarried(tag)) {
      throw new Error(`${name}: worker ${ownerOf(tag)!.participant} still carries ${handle}`);
    }
    if (tag > 0) issued++;
  }
  pools.forEach((pool, index) => {
    if (plan.pools[index]!.root === root) {
      reserved += pool.reserve.apart() + pool.reserve.queue.collected();
    }
  });
  for (const { front, allocator } of magazines) {
    if (allocator !== root) continue;
    for (let other = 0; other < front.participants; other++) {
      cached += words[blockOf(front, other) + TOP]!;
    }
  }
  const free = backend.hoarded();
  const sum = issued + reserved + cached + free;
  const { elements } = backend.footprint();
  if (sum !== elements) {
    throw new Error(
      `${name}: ${issued} issued + ${reserved} reserved + ${cached} cached + ${free} free elements ` +
        `= ${sum}, not ${elements}`,
    );
  }
}

/** Sizes and limits within what was planned, and all magazines of a front together within their bound. */
export function checkMagazines(region: Region, { front, allocator: { name } }: Magazines): void {
  const { rounds: first, maxRounds, totalRounds, participants } = front;
  let total = 0;
  for (let other = 0; other < participants; other++) {
    const at = blockOf(front, other);
    const [top, limit, rounds] = [TOP, LIMIT, ROUNDS].map((word) => region.words[at + word]!);
    if (rounds! < first || Math.max(top!, limit!, rounds!) > maxRounds) {
      throw new Error(
        `${name}: worker ${other} has ${top} in a magazine of ${rounds} rounds with a limit of ${limit}, ` +
          `not of ${first} to ${maxRounds}`,
      );
    }
    total += rounds!;
  }
  if (total <= totalRounds) return;
  throw new Error(`${name}: magazines of ${total} rounds together, not of at most ${totalRounds}`);
}

/** Free pages + those that the allocators have + those of the page cache = all pages up to the frontier. */
export function checkPages(
  arena: Arena,
  allocators: readonly AttachedAllocator[],
  cached: number,
): void {
  const held = allocators.map(({ backend }) => backend.footprint().pages);
  const free = arena.freePages();
  const sum = held.reduce((total, pages) => total + pages, free + cached);
  if (sum !== arena.pages()) {
    const inCache = cached === 0 ? "" : ` + ${cached} in the page cache`;
    throw new Error(
      `${free} free pages + ${held} with allocators${inCache} = ${sum}, not ${arena.pages()}`,
    );
  }
}
