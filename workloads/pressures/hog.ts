/**
 * A worker that fills memory with a cache of pages, as a file copied on the side does: it takes what is free above the
 * watermark, again and again, so that atomic allocations fail and blocking ones have to reclaim.
 *
 * Clean pages are there for anybody's direct reclaim. Dirty ones are written out when reclaim asks for it, each with an
 * element of the measured pool, held until the write is done. These elements are allocated and freed like everybody's, and
 * counted like everybody's; their latencies are in no histogram.
 *
 * @module
 */
import { BLOCKING, NONE } from "../../allocators/allocator.ts";
import type { OptionValues } from "../../allocators/kind.ts";
import type { PageCache } from "../../allocators/page_cache.ts";
import type { Mempool } from "../../pools/mempool.ts";
import { notWithin } from "../clauses.ts";
import type { Load } from "../kinds/load.ts";
import { streamOf } from "../kinds/streams.ts";
import { realClock } from "../load_clock.ts";
import { rootOf } from "../planned_root.ts";
import type { Problem } from "../problem.ts";
import type { Registries } from "../registries.ts";
import type { Scenario } from "../scenario.ts";
import { SwapArea } from "../swap_area.ts";
import type { PressureContext, PressureKind } from "./pressure.ts";

/** How often it looks for free pages, unless it is asked for something before, milliseconds. */
const LOOK_MS = 1;

/** Pages that it takes at a look, at most. */
const MOST_PAGES = 1024;

class HogLoad implements Load {
  readonly #context: PressureContext;
  readonly #cache: PageCache;
  /** Where it takes elements to write with. */
  readonly #pool: Mempool;
  /** Free pages that it leaves to others. */
  readonly #floor: number;
  readonly #pagesPerNs: number;
  readonly #writeNs: number;
  readonly #isDirty: () => boolean;
  readonly #swap: SwapArea;
  #filledAtNs = 0;

  constructor(options: OptionValues, context: PressureContext) {
    const { meter, participant, maySpin, cache, arena, takes } = context;
    const random = streamOf(context, "fault");
    const dirtyShare = Number(options.dirtyShare);
    this.#context = context;
    this.#cache = cache;
    this.#pool = takes[0]!;
    this.#floor = Math.max(Number(options.leave), arena.memory.watermarks.min);
    this.#pagesPerNs = Number(options.rate) / 1e9;
    this.#writeNs = Number(options.write);
    this.#isDirty = () => random.uniform() < dirtyShare;
    const clock = realClock(meter, participant, { speed: 1, maySpin });
    this.#swap = new SwapArea(arena.memory.pageBytes, clock, participant.stopped);
  }

  run(): Promise<void> {
    const { participant } = this.#context;
    const cache = this.#cache;
    while (!participant.stopped()) {
      participant.poll();
      this.#fill();
      const asked = cache.asked();
      if (asked > 0 && this.#writeOut()) continue;
      // Whatever free pages it takes, nobody is the better for it.
      participant.setStuck(true);
      participant.park(() => cache.awaitAsked(asked, LOOK_MS));
    }
    return Promise.resolve();
  }

  /** Takes the free pages that its rate allows since the last time, whole ones; what is left of a page counts the next time. */
  #fill(): void {
    const nowNs = this.#context.meter.nowNs();
    const due = Math.floor((nowNs - this.#filledAtNs) * this.#pagesPerNs);
    if (due === 0) return;
    this.#filledAtNs = due > MOST_PAGES ? nowNs : this.#filledAtNs + due / this.#pagesPerNs;
    this.#cache.fill(Math.min(due, MOST_PAGES), this.#floor, this.#isDirty);
  }

  /** Writes one page out. @returns false where the pool has no element for it: the run is over, or its policy does not wait. */
  #writeOut(): boolean {
    const element = this.#pool.allocate(BLOCKING);
    if (element === NONE) return false;
    // Not before: who tries in vain each time is as stuck as who waits.
    this.#context.participant.setStuck(false);
    const page = this.#cache.beginWrite();
    if (page !== NONE) {
      this.#swap.write(this.#cache.bytes(page), this.#writeNs);
      this.#cache.endWrite(page);
    }
    this.#pool.free(element);
    return true;
  }

  held(): ReadonlyMap<Mempool, number> {
    return new Map();
  }

  release(): void {
    this.#cache.drain();
  }
}

/** Memory that nobody takes pages of, and pages left to others that are all there are. */
function hogProblems(scenario: Scenario, kinds: Registries["allocators"]): Problem[] {
  const { pools, memory: { growTo }, pressure } = scenario;
  const takesPages = (pool: string) => rootOf(pool, scenario, kinds)?.planned.elementPages !== 0;
  if (!Object.keys(pools).some(takesPages)) {
    const clause = '"hog" is not allowed: it fills page memory, and no pool stands on any: ' +
      "give another pressure";
    return [{ path: ["pressure", "kind"], clause }];
  }
  const leave = Number(pressure.leave);
  if (leave < growTo) return [];
  const clause = notWithin(leave, 0, growTo - 1, `, fewer than the memory's ${growTo} pages`);
  return [{ path: ["pressure", "leave"], clause }];
}

/** A cache of reclaimable pages that grows wherever memory is free. */
export const hog: PressureKind = {
  summary: "a worker fills memory with reclaimable pages, a share of them dirty",
  options: {
    dirtyShare: {
      type: "probability",
      summary: "share of the pages that must be written out first, each with an element",
      default: 0,
    },
    rate: {
      type: "rate",
      summary: "pages that it takes in a second, at most, of those that are free",
      default: 100_000,
      min: 1,
      max: 1e9,
    },
    leave: {
      type: "integer",
      summary: "free pages that it leaves to others, and the min watermark in any case",
      default: 0,
      min: 0,
    },
    write: {
      type: "duration",
      summary: "how long it takes to write a page out",
      default: 1e5,
      min: 0,
      max: 1e9,
    },
  },
  problems: hogProblems,
  pressure: () => null,
  start: (options, context) => new HogLoad(options, context),
};
