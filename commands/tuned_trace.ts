/**
 * A recorded trace as a scenario to be tuned: its replay by real workers on one pool of its largest blocks, whose back end
 * serves nothing, so that the reserve alone carries the load, as when `recommend` sizes a trace.
 *
 * @module
 */
import { resolve } from "node:path";
import type { TraceOptions } from "../workloads/traces/options.ts";
import { traceStatistics } from "../workloads/traces/statistics.ts";

const PAGE_BYTES = 4096;
const SLAB_MIN_BYTES = 8;
const SLAB_MAX_BYTES = 2 ** 20;

/** Elements besides the peak, for what workers keep and for reserves above what is needed. */
const BESIDES = 256;

/** As many workers as may spin: those that sleep until the next task are late. */
const WORKERS_MAX = 4;

/** The scenario as written; it begins with as many elements as the trace ever has live. */
export async function traceScenario(
  trace: string,
  reading: TraceOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const { peak, sizeBytes } = await traceStatistics(trace, reading);
  const { hold, unfinished, spread, view, join, seed } = reading;
  const largest = Math.max(SLAB_MIN_BYTES, sizeBytes?.max ?? PAGE_BYTES);
  const minReserve = peak ?? 1;
  const order = Math.max(0, Math.ceil(Math.log2(largest / PAGE_BYTES)));
  const isSlab = largest <= SLAB_MAX_BYTES && largest % PAGE_BYTES !== 0;
  const each = isSlab && largest < PAGE_BYTES ? 2 * largest / PAGE_BYTES : 2 ** order;
  const pages = Math.ceil((minReserve + BESIDES) * each) + BESIDES;
  return {
    name: stemOf(trace),
    memory: { pages, growTo: pages, watermarks: { min: 0, low: 0, high: 0 } },
    allocators: {
      block: isSlab ? { kind: "slab", objectBytes: largest } : { kind: "page", order },
    },
    pools: { blocks: { over: "block", minReserve, policy: "five-level" } },
    workload: {
      kind: "replay",
      take: "blocks",
      workers: Math.min(WORKERS_MAX, navigator.hardwareConcurrency),
      warmup: 0,
      trace: /^file:/.test(trace) ? trace : resolve(trace),
      ...{ unfinished, spread, view },
      ...(join === null ? {} : { join: resolve(join) }),
      ...(hold === null ? {} : { hold }),
    },
    pressure: { kind: "dead" },
    seed,
  };
}

function stemOf(trace: string): string {
  return trace.split(/[/\\]/).at(-1)!.replace(/(?:\.[a-z0-9]+)+$/i, "") || "trace";
}
