/**
 * The producers of a producer-consumer load: take elements as fast as they can and hand them over to the consumers in turn,
 * or to one whose ring has room.
 *
 * @module
 */
import { ATOMIC, BLOCKING, type Context, type Handle, NONE } from "../../allocators/allocator.ts";
import type { Mempool } from "../../pools/mempool.ts";
import { attachRingProducer, type Bell, type RingProducer } from "../../sync/mod.ts";
import { runsOf, takeBulk } from "../bulk_taking.ts";
import type { PoolMeter } from "../meter.ts";
import type { Random } from "../random.ts";
import { bellOf, patience, ringPlace, rolesOf, SLEEP_MS } from "./hand_over.ts";
import type { Load, LoadContext } from "./load.ts";
import { streamOf } from "./streams.ts";
import { runPasses } from "./two_passes.ts";

/** Tasks between two looks at the clock. */
const SLICE = 1024;

/** Mean tasks from one that is timed to the next. */
const MEAN_GAP = 64;

/** One call for elements. */
interface Call {
  readonly pool: Mempool;
  readonly meter: PoolMeter;
  /** Where to put them, from the beginning of the task on. */
  readonly index: number;
  /** Room for a bulk; null for a single element. */
  readonly bulk: Int32Array | null;
}

function callsOf({ workload, takes, meter }: LoadContext): Call[] {
  let index = 0;
  return runsOf(workload.take).map((size) => {
    const pool = takes[index]!;
    const bulk = size > 1 ? new Int32Array(size) : null;
    const call = { pool, meter: meter.of(pool), index, bulk };
    index += size;
    return call;
  });
}

/** One producer. What it has taken and not handed over yet is the batch that it is at. */
export class Producer implements Load {
  readonly #context: LoadContext;
  readonly #random: Random;
  readonly #calls: readonly Call[];
  readonly #width: number;
  readonly #rings: readonly RingProducer[];
  readonly #consumers: readonly Bell[];
  readonly #bell: Bell;
  readonly #batch: Int32Array;
  #filled = 0;
  #next = 0;
  #untilTimed = MEAN_GAP;

  /** The producer that this worker is. */
  constructor(context: LoadContext) {
    const { takes, region, worker } = context;
    const { producers, consumers, ring, batch } = rolesOf(context.workload);
    this.#context = context;
    this.#random = streamOf(context, "caller");
    this.#calls = callsOf(context);
    this.#width = takes.length;
    this.#rings = Array.from(
      { length: consumers },
      (_, consumer) =>
        attachRingProducer(region, ringPlace(context, { producer: worker, consumer }), ring),
    );
    this.#consumers = this.#rings.map((_, consumer) => bellOf(context, producers + consumer));
    this.#bell = bellOf(context, worker);
    this.#batch = new Int32Array(batch * takes.length);
  }

  /** Runs until the time is over, hands over what is left, and closes its rings. */
  run(): Promise<void> {
    runPasses(this.#context.meter, {
      untimed: () => this.#slice(false),
      timed: () => this.#slice(true),
    });
    if (this.#filled > 0) this.#handOver();
    this.#rings.forEach((ring) => ring.close());
    this.#consumers.forEach((bell) => bell.ring());
    return Promise.resolve();
  }

  #slice(isTimed: boolean): number {
    const { atomicShare } = this.#context.workload;
    let served = 0;
    for (let task = 0; task < SLICE; task++) {
      const isAtomic = atomicShare > 0 && this.#random.uniform() < atomicShare;
      const times = isTimed && --this.#untilTimed === 0;
      if (times) this.#untilTimed = 1 + this.#random.below(2 * MEAN_GAP - 1);
      if (!this.#take(isAtomic ? ATOMIC : BLOCKING, times)) continue;
      served += this.#width;
      if (this.#filled === this.#batch.length) this.#handOver();
    }
    return served;
  }

  /** Takes the elements of one task. @returns false, with nothing taken, where one is not to be had. */
  #take(context: Context, isTimed: boolean): boolean {
    for (const call of this.#calls) {
      const at = this.#filled + call.index;
      const isServed = isTimed ? this.#callTimed(call, context, at) : this.#call(call, context, at);
      if (isServed) continue;
      for (let index = call.index - 1; index >= 0; index--) this.#free(this.#filled + index);
      return false;
    }
    this.#filled += this.#width;
    return true;
  }

  #call({ pool, bulk }: Call, context: Context, at: number): boolean {
    if (bulk === null) return (this.#batch[at] = pool.allocate(context)) !== NONE;
    if (!takeBulk(pool, bulk, context)) return false;
    this.#batch.set(bulk, at);
    return true;
  }

  #callTimed(call: Call, context: Context, at: number): boolean {
    const { meter, bulk } = call;
    const { slowEvents } = meter;
    const startMs = performance.now();
    const isServed = this.#call(call, context, at);
    const latencyNs = (performance.now() - startMs) * 1e6;
    if (!isServed || meter.slowEvents !== slowEvents) return isServed;
    for (let element = bulk?.length ?? 1; element > 0; element--) meter.recordFast(latencyNs);
    return true;
  }

  #free(at: number): void {
    this.#context.takes[at % this.#width]!.free(this.#batch[at]! as Handle);
    this.#batch[at] = NONE;
  }

  /** Hands the batch over; waits where all rings are full. */
  #handOver(): void {
    const { participant } = this.#context;
    const isGivenUp = patience(this.#context);
    while (!this.#push() && !isGivenUp()) {
      participant.setStuck(true);
      participant.park(() => this.#bell.sleepUnless(() => this.#hasRoom(), SLEEP_MS));
      participant.setStuck(false);
    }
  }

  #hasRoom(): boolean {
    return this.#rings.some((ring) => ring.hasRoom(this.#filled));
  }

  #push(): boolean {
    for (let tried = 0; tried < this.#rings.length; tried++) {
      const consumer = this.#next;
      this.#next = (consumer + 1) % this.#rings.length;
      if (!this.#rings[consumer]!.push(this.#batch, this.#filled)) continue;
      this.#consumers[consumer]!.ring();
      this.#filled = 0;
      return true;
    }
    return false;
  }

  /** What it could not hand over. */
  held(): ReadonlyMap<Mempool, number> {
    const held = new Map<Mempool, number>();
    for (let at = 0; at < this.#filled; at++) {
      const pool = this.#context.takes[at % this.#width]!;
      held.set(pool, (held.get(pool) ?? 0) + 1);
    }
    return held;
  }

  /** Frees that. */
  release(): void {
    for (let at = 0; at < this.#filled; at++) this.#free(at);
    this.#filled = 0;
  }
}
