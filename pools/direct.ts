/**
 * The fast path of a pool over an allocator that is called directly: another pool, a layer, the heap, a
 * user's own. One call below, one word for the owner, one count; a free looks at the worker's own limit word (0 =
 * poisoned: the reserve wants it), which shares its cache line with nobody else's.
 *
 * @module
 */
import { type Allocator, ATOMIC, type Handle } from "../allocators/allocator.ts";
import { ALLOCS, FREES, LIMIT } from "../allocators/front.ts";
import type { Exchange } from "../allocators/magazine.ts";
import { FRONT_SHIFT } from "../allocators/owner_table.ts";
import type { Region } from "../sync/region.ts";

/** Where a direct front's words are. */
export interface DirectPlace {
  readonly at: number;
  readonly owners: number;
  readonly tag: number;
  /** The tag under which the allocator below knows this worker's elements; 0 where it keeps none. */
  readonly tagBelow: number;
}

/** The fast path over a directly called allocator. `slow` starts after the atomic attempt. */
export function attachDirect(
  region: Region,
  place: DirectPlace,
  below: Allocator,
  slow: Allocator,
): Allocator {
  const words = region.words;
  const { owners, tag, tagBelow } = place;
  const front = tag >> FRONT_SHIFT;
  const limit = place.at + LIMIT;
  const allocs = place.at + ALLOCS;
  const frees = place.at + FREES;
  const ownBack = tagBelow !== 0 ? tagBelow : -tag;

  function freeBelow(handle: Handle, tagAfter: number): void {
    words[owners + handle] = tagAfter;
    words[frees] = words[frees]! + 1;
    below.free(handle);
  }

  return {
    allocate(context) {
      const handle = below.allocate(ATOMIC);
      if (handle !== 0) {
        words[owners + handle] = tag;
        words[allocs] = words[allocs]! + 1;
        return handle;
      }
      return slow.allocate(context);
    },
    free(handle) {
      const owner = words[owners + handle]!;
      if (words[limit] === 0) slow.free(handle);
      // This worker's own elements first: what is stored then waits for nothing that was loaded, a tenth of the pair.
      else if (owner === tag) freeBelow(handle, ownBack);
      else if (owner >> FRONT_SHIFT === front) {
        freeBelow(handle, tagBelow !== 0 ? tagBelow : -owner);
      } else slow.free(handle);
    },
  };
}

/** The fast path over an allocator whose elements are not tracked: only counts. */
export function attachUntracked(region: Region, at: number, below: Allocator): Allocator {
  const words = region.words;
  const allocs = at + ALLOCS;
  const frees = at + FREES;
  return {
    allocate(context) {
      words[allocs] = words[allocs]! + 1;
      return below.allocate(context);
    },
    free(handle) {
      words[frees] = words[frees]! + 1;
      below.free(handle);
    },
  };
}

/** The slow ends of a directly called allocator. Nothing is cached here. */
export function directExchange(
  { words }: Region,
  { owners, tag, tagBelow }: Omit<DirectPlace, "at">,
  below: Allocator,
): Exchange {
  // Where the allocator below takes no tags away.
  const isLast = owners >= 0 && tagBelow === 0;
  return {
    take: (context) => below.allocate(context),
    put(handle) {
      if (isLast) words[owners + handle] = -tag;
      below.free(handle);
    },
    drain: () => 0,
    settle: () => [],
  };
}
