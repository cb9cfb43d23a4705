/**
 * What a service can print of its pool at any time: plain data, from words that are there anyway.
 *
 * Who reads pays for it, some hundred nanoseconds a participant; who allocates and frees pays nothing. Counts are read while others count: each
 * is right as of a moment, and all of them together only while nobody allocates or frees.
 *
 * @module
 */
import { blockOf, Count, readCount } from "../allocators/front.ts";
import { Histogram } from "../results/histogram.ts";
import type { LatencySummary } from "../results/result.ts";
import { countsBy, type MempoolCounts, type MempoolMarks } from "./mempool_counts.ts";
import type { MempoolParts } from "./mempool_parts.ts";
import type { Level, Observer } from "./slow_path_parts.ts";

/** A pool in numbers. */
export interface MempoolStats {
  /** What all participants together counted. */
  readonly counts: MempoolCounts;
  /** What all participants together left in its marks: M, N, least N, longest queue, lock. */
  readonly marks: MempoolMarks;
  /** Those who wait now. */
  readonly waiting: number;
  /** Latencies of levels 2 to 5 in this thread, by level; null unless `observeLatencies()` was called here. */
  readonly latencyNs: Readonly<Record<2 | 3 | 4 | 5, LatencySummary>> | null;
}

/** Collects the latencies of levels 2 to 5 of one thread. */
export class LevelLatencies implements Observer {
  readonly #levels: readonly Histogram[] = Array.from({ length: 5 }, () => new Histogram());

  /** Takes one latency. */
  record(level: Level, latencyNs: number): void {
    this.#levels[level - 1]!.record(latencyNs);
  }

  /** What was taken so far. */
  summarize(): MempoolStats["latencyNs"] {
    const of = (level: Level) => this.#levels[level - 1]!.summarize();
    return { 2: of(2), 3: of(3), 4: of(4), 5: of(5) };
  }
}

/** What all participants of a pool counted together. */
export function countsOfAll({ region, front }: MempoolParts): MempoolCounts {
  const blocks = Array.from({ length: front.participants }, (_, id) => blockOf(front, id));
  return countsBy((count) => {
    const each = blocks.map((at) => readCount(region, at, count));
    return count === Count.maxWaitNs ? Math.max(...each) : each.reduce((sum, one) => sum + one, 0);
  });
}
