/**
 * The consumers of a producer-consumer load: free what comes, until every producer has closed its ring and it is empty.
 *
 * @module
 */
import type { Mempool } from "../../pools/mempool.ts";
import { attachRingConsumer, type Bell, type RingConsumer } from "../../sync/mod.ts";
import { runsOf } from "../bulk_taking.ts";
import { bellOf, patience, ringPlace, rolesOf, SLEEP_MS } from "./hand_over.ts";
import type { Load, LoadContext } from "./load.ts";

/** Looks at the rings before it sleeps, where it may spin: to be woken costs a producer some 10 us. */
const SPINS = 500;

/** Tasks taken out of a ring at once, at most. */
const TASKS = 64;

/** One consumer. */
export class Consumer implements Load {
  readonly #context: LoadContext;
  readonly #rings: readonly RingConsumer[];
  readonly #producers: readonly Bell[];
  readonly #bell: Bell;
  readonly #runs: readonly number[];
  readonly #handles: Int32Array;

  /** The consumer that this worker is. */
  constructor(context: LoadContext) {
    const { region, worker, takes } = context;
    const { producers, ring } = rolesOf(context.workload);
    const consumer = worker - producers;
    this.#context = context;
    this.#rings = Array.from(
      { length: producers },
      (_, producer) => attachRingConsumer(region, ringPlace(context, { producer, consumer }), ring),
    );
    this.#producers = this.#rings.map((_, producer) => bellOf(context, producer));
    this.#bell = bellOf(context, worker);
    this.#runs = runsOf(context.workload.take);
    this.#handles = new Int32Array(TASKS * takes.length);
  }

  /** Runs until all rings are over. */
  run(): Promise<void> {
    const isGivenUp = patience(this.#context);
    while (!this.#isOver()) {
      if (this.#freeSome() > 0 || this.#spin()) continue;
      if (isGivenUp()) break;
      this.#sleep();
    }
    return Promise.resolve();
  }

  /** Frees what is in the rings, at most so many tasks of each. @returns how many elements. */
  #freeSome(): number {
    let freed = 0;
    this.#rings.forEach((ring, producer) => {
      const count = ring.peek(this.#handles);
      if (count === 0) return;
      // Its own before they have left the ring: whoever dies, they are in there or somebody's.
      this.#adopt(count);
      ring.advance(count);
      this.#producers[producer]!.ring();
      this.#free(count);
      freed += count;
    });
    this.#context.participant.poll();
    return freed;
  }

  #adopt(count: number): void {
    const { takes } = this.#context;
    for (let at = 0; at < count; at++) takes[at % takes.length]!.adopt(this.#handles[at]!);
  }

  /** Frees whole tasks, each as it was taken: one by one, or as bulks. */
  #free(count: number): void {
    const { takes } = this.#context;
    for (let task = 0; task < count; task += takes.length) {
      let index = 0;
      for (const size of this.#runs) {
        const at = task + index;
        if (size === 1) takes[index]!.free(this.#handles[at]!);
        else takes[index]!.freeBulk(this.#handles.subarray(at, at + size));
        index += size;
      }
    }
  }

  #spin(): boolean {
    if (!this.#context.maySpin) return false;
    for (let look = 0; look < SPINS; look++) if (this.#hasMore()) return true;
    return false;
  }

  #sleep(): void {
    const { participant } = this.#context;
    participant.setStuck(true);
    participant.park(() =>
      this.#bell.sleepUnless(() => this.#hasMore() || this.#isOver(), SLEEP_MS)
    );
    participant.setStuck(false);
  }

  #hasMore(): boolean {
    return this.#rings.some((ring) => !ring.isEmpty());
  }

  #isOver(): boolean {
    return this.#rings.every((ring) => ring.isOver());
  }

  /** Nothing: it frees whatever it takes out. */
  held(): ReadonlyMap<Mempool, number> {
    return new Map();
  }

  /** Nothing to do. */
  release(): void {}
}
