/**
 * A pool as a program embeds it, with little memory.
 *
 * @module
 */
import {
  ATOMIC,
  createMempool,
  type CreateMempoolOptions,
  type Handle,
  type Mempool,
  type MempoolSide,
  NONE,
  PageAllocator,
  type PageAllocatorOptions,
  type Policy,
} from "../mod.ts";

/** Five levels, but nobody who waits looks again by himself before the test is over. */
export const NO_RETRY: Policy = {
  steps: ["backend-atomic", { reserve: { atLeast: 0.5 } }, "backend-blocking", "reserve", "wait"],
  retryFrom: "backend-atomic",
  retryMs: 600_000,
};

/** What differs from the usual. */
export type Given = Partial<CreateMempoolOptions> & {
  readonly memory?: Partial<PageAllocatorOptions>;
};

/** A pool of 64 pages, all of which an atomic caller may have. */
export function make({ memory, ...given }: Given = {}): MempoolSide {
  const watermarks = { min: 0, low: 0, high: 0 };
  const over = new PageAllocator({ pages: 64, pageBytes: 512, watermarks, ...memory });
  return createMempool({ over, minReserve: 4, policy: NO_RETRY, ...given });
}

/** Takes elements, as a caller that may not sleep, until there is none. */
export function takeAll(pool: Mempool): Handle[] {
  const handles: Handle[] = [];
  for (let handle = pool.allocate(ATOMIC); handle !== NONE; handle = pool.allocate(ATOMIC)) {
    handles.push(handle);
  }
  return handles;
}

/** Frees elements in order. */
export function freeAll(pool: Mempool, handles: readonly Handle[]): void {
  for (const handle of handles) pool.free(handle);
}
