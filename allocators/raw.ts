/**
 * An allocator without a pool: a magazine in front of its source and nothing else. What a mempool is
 * measured against, and what layers and composites stand on.
 *
 * @module
 */
import type { Participant, Region } from "../sync/mod.ts";
import { type Allocator, ATOMIC, type Context, type Handle } from "./allocator.ts";
import { attachTally, blockOf, Count, type FrontPlan, type Tally } from "./front.ts";
import { attachExchange, attachMagazine, type Exchange, type Source } from "./magazine.ts";
import { FRONT_SHIFT, misuse } from "./owner_table.ts";

/** What a raw allocator stands on. */
export interface RawParts {
  readonly name: string;
  readonly region: Region;
  readonly participant: Participant;
  readonly front: FrontPlan;
  readonly source: Source;
  readonly owners: number;
  readonly capacity: number;
  readonly tag: number;
}

/** A raw allocator, its exchange and its counts. */
export interface RawAllocator extends Allocator {
  readonly exchange: Exchange;
  readonly tally: Tally;
}

/** Attaches a worker to the magazine in front of a source. */
export function attachRaw(parts: RawParts): RawAllocator {
  const { region, owners, capacity, tag } = parts;
  const { words } = region;
  const at = blockOf(parts.front, parts.participant.id);
  const exchange = attachExchange(region, at, parts.source);
  const tally = attachTally(region, at);
  const slow: Allocator = {
    allocate(context: Context): Handle {
      parts.participant.poll();
      tally.fold();
      const handle = exchange.take(context);
      if (handle === 0) return 0;
      words[owners + handle] = tag;
      tally.add(Count.hits + (context === ATOMIC ? 1 : 3), 1);
      tally.add(Count.backendServed, 1);
      return handle;
    },
    free(handle: Handle): void {
      parts.participant.poll();
      tally.fold();
      const owner = handle >= 1 && handle <= capacity ? words[owners + handle] ?? 0 : 0;
      if (owner >> FRONT_SHIFT !== tag >> FRONT_SHIFT) {
        throw misuse(words, owners, capacity, handle, parts.name);
      }
      words[owners + handle] = -owner;
      tally.add(Count.slowFrees, 1);
      tally.add(Count.backendFreed, 1);
      exchange.put(handle);
    },
  };
  return { ...attachMagazine(region, { at, owners, tag }, slow), exchange, tally };
}
