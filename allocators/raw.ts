/**
 * An allocator without a pool: a magazine in front of its source and nothing else. What a mempool is
 * measured against, and what layers and composites stand on.
 *
 * @module
 */
import type { Participant, Region } from "../sync/mod.ts";
import type { Allocator } from "./allocator.ts";
import { attachTally, blockOf, type FrontPlan, type Tally } from "./front.ts";
import {
  attachExchange,
  attachMagazine,
  attachMiss,
  type Exchange,
  type Source,
} from "./magazine.ts";
import { misuse } from "./owner_table.ts";

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
  const { front, participant, source } = parts;
  const exchange = attachExchange(region, front, participant.id, source, { owners, tag });
  const tally = attachTally(region, at);
  const miss = attachMiss(region, { at, owners, tag }, { ...parts, exchange, tally });
  const slow: Allocator = {
    allocate: miss.allocate,
    free(handle) {
      if (!miss.free(handle)) throw misuse(words, owners, capacity, handle, parts.name);
    },
  };
  return { ...attachMagazine(region, { at, owners, tag }, slow), exchange, tally };
}
