/**
 * The fast path of a pool over an allocator that is called directly, which one worker has for itself, and whose handles nobody has
 * looked at: a user's own. The owner table says all that is to be known, once for each call.
 *
 * - An allocation: the word of a handle that was here before and is back is below 0. No other handle has such a word: of one that is
 *   out it is above 0, of a new one and of NONE it is 0, and what is no handle has none, since the table is a view of its own.
 * - A free: the word is the worker's tag, as is the worker's own word, unless the reserve wants elements: then that is nobody's.
 *   One compare says both. Whoever poisons writes it, see `limits.ts`; it may be read late, as the limit may.
 *
 * @module
 */
import {
  type Allocator,
  ATOMIC,
  type Context,
  type Handle,
  NONE,
} from "../allocators/allocator.ts";
import { ALLOCS, FREES, OWN } from "../allocators/front.ts";
import type { Unchecked } from "../allocators/kind.ts";
import type { Region } from "../sync/region.ts";

/** Where the words of such a front are. */
export interface UncheckedPlace {
  readonly at: number;
  readonly owners: number;
  /** The largest handle. */
  readonly capacity: number;
  readonly tag: number;
}

/** The fast path over an unchecked allocator. `slow` starts after the atomic attempt. */
export function attachUnchecked(
  region: Region,
  place: UncheckedPlace,
  { allocator, verify }: Unchecked,
  slow: Allocator,
): Allocator {
  const { words } = region;
  const { owners, capacity, tag } = place;
  const table = words.subarray(owners, owners + capacity + 1);
  const own = place.at + OWN;
  const allocs = place.at + ALLOCS;
  const frees = place.at + FREES;
  const back = -tag;
  // A binding of another module is looked at in each call, whether it has a value yet.
  const context = ATOMIC;

  /** A handle that is new, none, or one that may not be. */
  function unusual(found: Handle, ready: Context): Handle {
    const handle = verify(found, context, table[found]! > 0);
    if (handle === NONE) return slow.allocate(ready);
    table[handle] = tag;
    words[allocs] = words[allocs]! + 1;
    return handle;
  }

  return {
    allocate(ready) {
      const handle = allocator.allocate(context);
      if ((handle | 0) === handle && table[handle]! < 0) {
        table[handle] = tag;
        words[allocs] = words[allocs]! + 1;
        return handle;
      }
      return unusual(handle, ready);
    },
    free(handle) {
      if (table[handle] === words[own]) {
        table[handle] = back;
        words[frees] = words[frees]! + 1;
        allocator.free(handle);
      } else slow.free(handle);
    },
  };
}
