/**
 * The scenario for a trace that is replayed without one: a pool of pages for each order that its
 * blocks need.
 *
 * @module
 */

/** Reserve of the smallest order; each further order keeps half as many, down to one. */
const SMALLEST_RESERVE = 32;

/** A scenario as written. */
export type ReplayTemplate = Readonly<Record<string, unknown>> & {
  /** Its load. */
  readonly workload: Readonly<Record<string, unknown>>;
};

/**
 * A scenario as written (see `parseScenario()`), with allocators `page-0`, `page-3` and pools
 * `pages-0`, `pages-3` and so on.
 *
 * @param trace Path or `file:` URL of the trace.
 * @param orders The page orders of its blocks.
 */
export function replayTemplate(
  trace: string,
  orders: readonly number[],
): ReplayTemplate {
  const ascending = [...new Set(orders)].sort((a, b) => a - b);
  return {
    name: "replay",
    summary: `the replay of ${trace.split(/[/\\]/).at(-1)}, a pool for each page order`,
    memory: {
      pages: 16384, // 64 MiB
      growTo: 262144, // 1 GiB, of which only what is needed is touched
      watermarks: { min: 64, low: 80, high: 96 },
    },
    allocators: Object.fromEntries(
      ascending.map((order) => [`page-${order}`, { kind: "page", order }]),
    ),
    pools: Object.fromEntries(ascending.map((order) => [`pages-${order}`, poolOf(order)])),
    workload: {
      kind: "replay",
      trace,
      take: ascending.map((order) => ({ pool: `pages-${order}` })),
      warmup: 0,
    },
  };
}

function poolOf(order: number): Readonly<Record<string, unknown>> {
  return { over: `page-${order}`, minReserve: Math.max(1, SMALLEST_RESERVE >> order) };
}
