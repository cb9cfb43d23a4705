/**
 * The scenario for a trace that is replayed without one: a pool for each size class that its blocks need, as kmalloc has
 * them. At most eight pools, since each is a table to be read: classes that cost the least memory to do without are
 * left out, and their blocks live in the next larger one.
 *
 * @module
 */
import { MAX_ORDER } from "../allocators/arena.ts";
import { classBytes } from "../allocators/size_class.ts";

/** Pools, at most. */
const POOLS_MAX = 8;

const PAGE_BYTES = 4096;

/** The largest block that there is. */
const LARGEST_BYTES = PAGE_BYTES * 2 ** MAX_ORDER;

/** Reserve of a pool of blocks up to a page; twice the size keeps half as many, down to one. */
const SMALL_RESERVE = 32;

/** A scenario as written. */
export type ReplayTemplate = Readonly<Record<string, unknown>> & {
  /** Its load. */
  readonly workload: Readonly<Record<string, unknown>>;
};

/**
 * A scenario as written (see `parseScenario()`), with pools `size-64`, `size-4096` and so on over one allocator.
 *
 * @param trace Path or `file:` URL of the trace.
 * @param sizes How many blocks of each size were allocated; 0 is an unknown size, a page where all are.
 */
export function replayTemplate(trace: string, sizes: ReadonlyMap<number, number>): ReplayTemplate {
  const classes = classesFor(sizes);
  return {
    name: "replay",
    summary: `the replay of ${trace.split(/[/\\]/).at(-1)}, a pool for each size class`,
    memory: {
      pages: 16384, // 64 MiB
      pageBytes: PAGE_BYTES,
      growTo: 262144, // 1 GiB, of which only what is needed is touched
      watermarks: { min: 64, low: 80, high: 96 },
    },
    allocators: { general: { kind: "size-class" } },
    pools: Object.fromEntries(classes.map((bytes) => [`size-${bytes}`, poolOf(bytes)])),
    workload: {
      kind: "replay",
      trace,
      take: classes.map((bytes) => ({ pool: `size-${bytes}` })),
      warmup: 0,
    },
  };
}

/** The classes that blocks of these sizes live in, the smallest first. */
function classesFor(sizes: ReadonlyMap<number, number>): number[] {
  const counts = new Map<number, number>();
  const isUnsized = Array.from(sizes.keys()).every((size) => size === 0);
  for (const [size, count] of sizes) {
    const bytes = isUnsized ? PAGE_BYTES : classOf(size);
    counts.set(bytes, (counts.get(bytes) ?? 0) + count);
  }
  const classes = [...counts.keys()].sort((a, b) => a - b);
  while (classes.length > POOLS_MAX) {
    const wasted = classes.slice(0, -1).map((bytes, i) =>
      counts.get(bytes)! * (classes[i + 1]! - bytes)
    );
    const least = wasted.indexOf(Math.min(...wasted));
    const [left] = classes.splice(least, 1);
    counts.set(classes[least]!, counts.get(classes[least]!)! + counts.get(left!)!);
  }
  return classes;
}

/** What is larger than any block is refused by the replay itself, which knows how large that is. */
function classOf(size: number): number {
  return classBytes(Math.min(size, LARGEST_BYTES), { pageBytes: PAGE_BYTES });
}

function poolOf(objectBytes: number): Readonly<Record<string, unknown>> {
  const times = Math.max(1, objectBytes / PAGE_BYTES);
  return {
    over: "general",
    objectBytes,
    minReserve: Math.max(1, Math.floor(SMALL_RESERVE / times)),
  };
}
