/**
 * Whether the memory of the process stays flat. What is resident says little: the engine lets the young generation of each
 * thread grow to some 64 MiB whenever it likes, with the same few MiB alive in it, and keeps pages that it has freed for a while
 * (`--no-memory-pool` stops that). So two numbers are taken, both after a full collection in every thread (`--expose-gc`), while
 * all of them are at rest:
 *
 * - *alive*: what the heaps of all threads hold, and what they hold outside of themselves but for shared memory;
 * - *outside*: what is resident and in no heap: shared memory, code, what the runtime has for itself.
 *
 * A leak lifts even the least of each, so the least of the last third of the time is held against the least of the first, once all is
 * loaded, compiled and warmed up. What is alive is exact to a few percent, and a growth by more than a tenth is seen. What is outside goes
 * up and down by half of itself, since the threads of workers that have ended leave their memory with the allocator of the C library: only a
 * growth by more than half is seen there. A leak that is slower takes a longer soak to show. Memory that is reserved and not touched is in
 * neither number.
 *
 * @module
 */

/** What is loaded, compiled and warmed up before does not count, milliseconds. */
const WARMUP_MS = 60_000;

/** A growth below this share is noise. */
const GROWTH: Readonly<Record<keyof Memory, number>> = { alive: 0.1, outside: 0.5 };

/** Fewer looks than this say nothing. */
const LOOKS_MIN = 6;

const MEBI = 2 ** 20;

/** What one thread has, bytes. */
export interface ThreadMemory {
  /** What is alive in its heap, or held by that. */
  readonly alive: number;
  /** What its heap takes, whatever lives in it. */
  readonly heap: number;
}

/** What the process has, bytes. */
export interface Memory {
  /** In all heaps, or held by them. */
  readonly alive: number;
  /** Resident, in no heap. */
  readonly outside: number;
}

/** The full collection of the engine, where it was started with `--expose-gc`. */
declare const gc: (() => void) | undefined;

/** Collects the garbage of this thread, where it can, and says what is left. */
export function memoryOfThread(): ThreadMemory {
  if (typeof gc === "function") gc();
  const { heapUsed, heapTotal, external } = Deno.memoryUsage();
  return { alive: heapUsed + external, heap: heapTotal };
}

/** The memory of the process, whose threads have just said what they have. */
export function memoryOfProcess(threads: readonly ThreadMemory[]): Memory {
  const { rss } = Deno.memoryUsage();
  const sum = (of: (thread: ThreadMemory) => number) =>
    threads.reduce((total, thread) => total + of(thread), 0);
  return { alive: sum(({ alive }) => alive), outside: rss - sum(({ heap }) => heap) };
}

/** How the memory is judged. */
export interface FlatnessOptions {
  readonly warmupMs?: number;
  /** Milliseconds since whenever. */
  readonly now?: () => number;
}

interface Look extends Memory {
  readonly ms: number;
  readonly isWarm: boolean;
}

/** The memory of the process over time. */
export class Flatness {
  readonly #looks: Look[] = [];
  readonly #warmupMs: number;
  readonly #now: () => number;

  /** By the clock of this thread, after the usual warm-up, if not given otherwise. */
  constructor({ warmupMs = WARMUP_MS, now = () => performance.now() }: FlatnessOptions = {}) {
    this.#warmupMs = warmupMs;
    this.#now = now;
  }

  /** Takes a look; `isWarm` once everything has been there that is ever to be. */
  note(memory: Memory, isWarm = true): void {
    this.#looks.push({ ms: this.#now(), isWarm, ...memory });
  }

  /** The last look, in words. */
  text(): string {
    const last = this.#looks.at(-1);
    if (last === undefined) return "memory not looked at";
    return `${mebi(last.alive)} MiB alive, ${mebi(last.outside)} MiB outside of heaps`;
  }

  /** What has grown; null where nothing has, or the time was too short to see it. */
  complaint(): string | null {
    return this.#growth("alive", "alive") ?? this.#growth("outside", "outside of heaps");
  }

  /** Whether there were looks enough for a complaint. */
  get saysSomething(): boolean {
    return this.#warm().length >= LOOKS_MIN;
  }

  #warm(): Look[] {
    const first = this.#looks[0]?.ms ?? 0;
    return this.#looks.filter(({ ms, isWarm }) => isWarm && ms - first >= this.#warmupMs);
  }

  #growth(what: keyof Memory, words: string): string | null {
    const warm = this.#warm().map((look) => look[what]);
    if (warm.length < LOOKS_MIN) return null;
    const third = Math.floor(warm.length / 3);
    const before = Math.min(...warm.slice(0, third));
    const after = Math.min(...warm.slice(-third));
    if (after <= before * (1 + GROWTH[what])) return null;
    return `memory grows: from ${mebi(before)} to ${mebi(after)} MiB ${words}`;
  }
}

function mebi(bytes: number): string {
  return (bytes / MEBI).toFixed(1);
}
