/**
 * An allocator that is called directly, with its elements in the owner table: what a pool and a composite find beneath
 * them where there is no magazine in front. It tags them as carried while it has them on their way to a user, and takes the tag away
 * when it has them back; what is done here is the rest.
 *
 * @module
 */
import type { Region } from "../sync/mod.ts";
import { type Allocator, NONE } from "./allocator.ts";
import { attachTally, Count, type Tally } from "./front.ts";
import { carriedTag, FRONT_SHIFT, misuse } from "./owner_table.ts";

/** Where the elements and the counts of a tagged allocator are. */
export interface TaggedPlace {
  readonly name: string;
  /** The participant's front block. */
  readonly at: number;
  readonly owners: number;
  readonly capacity: number;
  readonly tag: number;
}

/** Puts the owner table and a worker's counts round an allocator. */
export function attachTagged(
  region: Region,
  place: TaggedPlace,
  inner: Allocator,
): Allocator & { readonly tally: Tally } {
  const { words } = region;
  const { owners, capacity, tag, name } = place;
  const tally = attachTally(region, place.at);
  return {
    tally,
    allocate(context) {
      const handle = inner.allocate(context);
      if (handle === NONE) return NONE;
      words[owners + handle] = tag;
      tally.add(Count.backendServed, 1);
      return handle;
    },
    free(handle) {
      const owner = handle >= 1 && handle <= capacity ? words[owners + handle] ?? 0 : 0;
      if (owner >> FRONT_SHIFT !== tag >> FRONT_SHIFT) {
        throw misuse(words, owners, capacity, handle, name);
      }
      words[owners + handle] = carriedTag(tag);
      tally.add(Count.backendFreed, 1);
      inner.free(handle);
    },
  };
}
