/**
 * The pools of raid1's resync in small, in one thread, over allocators that a test makes fail.
 *
 * @module
 */
import { type Allocator, ATOMIC, NONE } from "../../allocators/allocator.ts";
import type { Composition } from "../composition.ts";
import type { CompositionSpec } from "../composition_plan.ts";
import { composed, flatMemory, type PlannedPools } from "./page_pool.ts";

/** A pool of requests, and one of what is put together of two of them, a bio and three pages. */
export const SPEC: CompositionSpec = {
  memory: { ...flatMemory(60), pageBytes: 512 },
  allocators: {
    buffer: {
      kind: "composite",
      parts: [{ of: "requests", count: 2 }, { of: "bio", count: 1 }, { of: "page", count: 3 }],
    },
    general: { kind: "size-class" },
    bio: { kind: "slab", objectBytes: 60, align: 4 },
    page: { kind: "page", order: 0 },
  },
  pools: {
    resync: { over: "buffer", minReserve: 2, policy: "five-level" },
    requests: { over: "general", objectBytes: 100, minReserve: 4, policy: "five-level" },
  },
  participants: 2,
  asyncSlots: 1,
};

/** A composite of a composite, beside a pool over the inner one. */
export const NESTED: CompositionSpec = {
  ...SPEC,
  allocators: {
    pair: { kind: "composite", parts: [{ of: "buffer", count: 2 }, { of: "requests", count: 1 }] },
    ...SPEC.allocators,
  },
  pools: { pairs: { over: "pair", minReserve: 1, policy: "linux" }, ...SPEC.pools },
};

/** Which of the allocators fail, by name. */
export type Down = Set<string>;

/** Makes such pools, for each participant; the log has the calls of all allocators. */
export function made(spec = SPEC): PlannedPools & { readonly down: Down; readonly log: string[] } {
  const down: Down = new Set();
  const log: string[] = [];
  const layer = (inner: Allocator, name: string): Allocator => ({
    allocate(context) {
      log.push(`${context === ATOMIC ? "atomic" : "blocking"} ${name}`);
      return down.has(name) ? NONE : inner.allocate(context);
    },
    free(handle) {
      log.push(`free ${name}`);
      inner.free(handle);
    },
  });
  const composition = composed(spec, layer);
  log.length = 0;
  return { ...composition, down, log };
}

/** What each pool has in reserve. */
export function reserves(composition: Composition): Record<string, number> {
  return Object.fromEntries(composition.pools.map((pool) => [pool.name, pool.currentReserve]));
}
