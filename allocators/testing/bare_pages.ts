/**
 * A page allocator without magazines, whose reclaim and sleep are the test's.
 *
 * @module
 */
import {
  attachParticipant,
  createRegion,
  Layout,
  type Participant,
  planParticipants,
} from "../../sync/mod.ts";
import type { Context } from "../allocator.ts";
import { type Arena, attachArena, type MemorySpec, planArena } from "../arena.ts";
import type { Backend } from "../kind.ts";
import { page } from "../page.ts";
import { attachPageCache, type PageCache, planPageCache } from "../page_cache.ts";

/** What reclaim and sleep do. */
export interface BareOptions {
  /** 0 if not given. */
  readonly order?: number;
  /** What direct reclaim does; what it returns is whether more may come back. */
  readonly reclaim?: (bare: Bare) => boolean;
  /** What a participant does instead of sleeping. */
  readonly asleep?: (bare: Bare) => void;
}

/** A page allocator without magazines, which notes when it reclaims and sleeps. */
export interface Bare {
  readonly backend: Backend;
  readonly arena: Arena;
  /** What competes for the pages. */
  readonly cache: PageCache;
  /** How often it reclaimed. */
  readonly reclaims: () => number;
  /** How often it slept. */
  readonly sleeps: () => number;
  /** Takes a batch. @returns its handles. */
  refill(want: number, context: Context): number[];
  /** Gives a batch back. */
  spill(...handles: readonly number[]): void;
}

/** Pages of one order, for one worker. */
export function bareOf(memory: MemorySpec, options: BareOptions = {}): Bare {
  const layout = new Layout();
  const participantsAt = planParticipants(layout, "bare", 1);
  const arenaPlan = planArena(layout, "memory", memory);
  const cachePlan = planPageCache(layout, memory.growTo);
  const planned = page.plan({ order: options.order ?? 0 }, {
    layout,
    name: "pages",
    memory,
    participants: 1,
  });
  const words = layout.words("handles", memory.growTo);
  const region = createRegion(layout, memory.growTo * memory.pageBytes);
  let [reclaims, sleeps] = [0, 0];
  const attached = attachParticipant(region, participantsAt, 0, 1);
  const participant: Participant = {
    ...attached,
    park(wait) {
      sleeps++;
      options.asleep?.(bare);
      return attached.park(wait);
    },
  };
  const arena = attachArena(region, arenaPlan, 0);
  arena.initialise();
  const cache = attachPageCache(region, cachePlan, arena, 0);
  const reclaim = () => {
    reclaims++;
    return options.reclaim?.(bare) ?? false;
  };
  const backend = planned.attach({ region, arena, participant, reclaim, shrinkers: [cache] });
  const bare: Bare = {
    backend,
    arena,
    cache,
    reclaims: () => reclaims,
    sleeps: () => sleeps,
    refill(want, context) {
      const got = backend.source!.refill(words, want, context);
      return [...region.words.subarray(words, words + got)];
    },
    spill(...handles) {
      region.words.set(handles, words);
      backend.source!.spill(words, handles.length);
    },
  };
  return bare;
}
