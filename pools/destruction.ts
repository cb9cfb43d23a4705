/**
 * The end of a pool: its reserve goes back to the back end, and whoever calls it afterwards is told.
 *
 * The fast paths pay nothing for that. A closed reserve keeps the limit of every worker poisoned, so that each free takes the
 * slow path, which looks; and an allocation takes it as soon as the worker's magazine is empty, which is asked of
 * every worker here: one that is parked is emptied at once, one that runs does it at its next slow path, before it parks,
 * or back in its event loop, and until then its magazine may still serve it. A pool over an allocator that is called directly
 * has no magazine to run empty: its own workers stop calling that allocator once they have noticed, in the same places.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import { FRONT_SHIFT, outstanding } from "../allocators/owner_table.ts";
import type { MempoolParts } from "./mempool_parts.ts";
import type { SlowPath } from "./slow_path.ts";

/** Who holds elements of a pool, as a list for a message, and how many they are. */
interface Holders {
  readonly total: number;
  readonly names: readonly string[];
}

/** Elements by holder. Exact while nobody allocates or frees. */
function holdersOf({ region: { words }, ownership, above }: MempoolParts): Holders {
  const { owners, capacity, tag } = ownership;
  if (owners < 0) return { total: 0, names: [] };
  const workers = outstanding(words, owners, capacity, tag >> FRONT_SHIFT);
  const holders = [...workers.byParticipant].map(([id, count]) => ({
    name: `worker ${id}`,
    count,
  }));
  for (const { name, number } of above) {
    // Whatever a pool above has of this one is out, with its users and in its reserve.
    const table = words.subarray(owners + 1, owners + 1 + capacity);
    const count = table.filter((word) => Math.abs(word) >> FRONT_SHIFT === number).length;
    if (count > 0) holders.push({ name: `pool "${name}"`, count });
  }
  return {
    total: holders.reduce((total, { count }) => total + count, 0),
    names: holders.map(({ name, count }) => `${name} has ${count}`),
  };
}

/** Closes the reserve. @returns what it held; null where somebody has closed it before. */
function close(parts: MempoolParts, slow: SlowPath, force: boolean): Handle[] | null {
  const { reserve } = slow.parts;
  reserve.lock.acquire();
  try {
    if (reserve.isClosed()) return null;
    const { total, names } = holdersOf(parts);
    if (total > 0 && !force) {
      throw new Error(
        `Cannot destroy mempool "${parts.name}" as ${total} of its elements are out: ${
          names.join(", ")
        }`,
      );
    }
    const handles = reserve.close();
    reserve.queue.kick(reserve.queue.count());
    return handles;
  } finally {
    reserve.lock.release();
  }
}

/**
 * Destroys a pool; a second time does nothing.
 *
 * @throws {Error} where elements are out, saying with whom, unless that is to be ignored.
 */
export function destroyPool(parts: MempoolParts, slow: SlowPath, force: boolean): void {
  const handles = close(parts, slow, force);
  if (handles === null) return;
  for (const handle of handles) slow.toBackend(handle);
  slow.parts.exchange.drain();
  parts.reclaim();
}
