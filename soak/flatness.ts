/**
 * Whether the memory of the process stays flat: its lowest in the last quarter of the time against its highest in the
 * quarter after the first, since a collector makes it go up and down but a leak lifts the lowest too. Shared memory that nobody has any more is freed
 * only by a full collection, for which the engine sees no reason, so that one is made before each look (`--expose-gc`).
 *
 * @module
 */

/** What is loaded, compiled and warmed up before does not count, milliseconds. */
const WARMUP_MS = 60_000;

/** A growth below this share is noise. */
const GROWTH = 0.1;

/** Fewer looks than this say nothing. */
const LOOKS_MIN = 4;

const MEBI = 2 ** 20;

interface Sample {
  readonly ms: number;
  readonly rss: number;
}

/** The full collection of the engine, where it was started with `--expose-gc`. */
declare const gc: (() => void) | undefined;

/** The memory of the process over time. */
export class Flatness {
  readonly #samples: Sample[] = [];
  readonly #now: () => number;
  readonly #rss: () => number;

  /** By the clock and the memory of this process if not given. */
  constructor(now: () => number = () => performance.now(), rss: () => number = rssBytes) {
    this.#now = now;
    this.#rss = rss;
  }

  /** Looks at the memory now. */
  note(): void {
    this.#samples.push({ ms: this.#now(), rss: this.#rss() });
  }

  /** The memory now, in words. */
  text(): string {
    const rss = this.#samples.at(-1)?.rss;
    return rss === undefined ? "memory not looked at" : `${(rss / MEBI).toFixed(0)} MiB resident`;
  }

  /** What has grown; null where nothing has, or the time was too short to see it. */
  complaint(): string | null {
    const first = this.#samples[0]?.ms ?? 0;
    const warm = this.#samples.filter(({ ms }) => ms - first >= WARMUP_MS);
    if (warm.length < LOOKS_MIN) return null;
    const quarter = warm.length >> 2;
    const before = Math.max(...warm.slice(0, quarter).map(({ rss }) => rss));
    const after = Math.min(...warm.slice(-quarter).map(({ rss }) => rss));
    if (after <= before * (1 + GROWTH)) return null;
    return `memory grows: from at most ${(before / MEBI).toFixed(0)} to at least ${
      (after / MEBI).toFixed(0)
    } MiB resident`;
  }
}

function rssBytes(): number {
  if (typeof gc === "function") gc();
  return Deno.memoryUsage().rss;
}
