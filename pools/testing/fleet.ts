/**
 * Real workers over one pool, with the test as their coordinator and first participant. Whatever a test awaits, it awaits for a
 * bounded time: a hang fails with a sentence.
 *
 * @module
 */
import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { BLOCKING, type Context, type Handle } from "../../allocators/allocator.ts";
import { createRegion, type Region } from "../../sync/mod.ts";
import { type Crew, startCrew } from "../../sync/testing/crew.ts";
import { type Composition, createComposition, joinComposition } from "../composition.ts";
import { type CompositionSpec, resolvePolicy } from "../composition_plan.ts";
import type { Mempool, MempoolCounts } from "../mempool.ts";
import type { Policy } from "../policy.ts";
import { eventually } from "./eventually.ts";
import { Gate, gated } from "./gated_backend.ts";
import { type Joining, planTest, type TestPlan } from "./joining.ts";
import { boundSleeps, type PagePoolOptions, pageSpec } from "./page_pool.ts";
import type { Order } from "./pool_worker.ts";

/** How many to start, and how. */
export interface FleetSize {
  readonly workers: number;
  /** Whether the allocators stand behind a layer that the test steers: pools then have no magazines of their own. */
  readonly gated: boolean;
  /** How long each worker's waiters sleep before they try again by themselves; the policy's own where not given. */
  readonly retryMs?: readonly number[];
}

/** What to start over pages. */
export type FleetOptions = FleetSize & Omit<PagePoolOptions, "participants" | "layer">;

/** Workers over a pool. Worker 0 is the test itself. */
export class Fleet implements Disposable {
  readonly planned: TestPlan;
  readonly region: Region;
  readonly composition: Composition;
  readonly gate: Gate;
  readonly #crew: Crew;
  readonly #workers: number;

  /** Makes the pool and hires the workers; {@linkcode startFleet} has them attach. */
  constructor(spec: CompositionSpec, options: FleetSize) {
    this.planned = planTest(spec);
    const { plan, layout, gateAt } = this.planned;
    this.region = createRegion(layout, plan.memoryBytes);
    const { words } = this.region;
    this.gate = new Gate(words, gateAt);
    this.composition = createComposition(
      plan,
      this.region,
      joinComposition(plan, this.region, 0),
      options.gated ? (inner) => gated(inner, words, gateAt) : null,
    );
    boundSleeps(this.composition);
    this.#workers = options.workers;
    this.#crew = startCrew(new URL("./pool_worker.ts", import.meta.url), options.workers);
  }

  /** The pool as the test sees it. */
  get pool(): Mempool {
    return this.composition.pool("pool");
  }

  /** Sends an order to a worker, from 1 up, and awaits its answer. */
  ask<T>(worker: number, order: Order): Promise<T> {
    this.tell(worker, order);
    return this.answer(worker);
  }

  /** Sends an order to a worker. */
  tell(worker: number, order: Order): void {
    this.#crew.send(worker - 1, order);
  }

  /** The next answer of a worker. */
  answer<T>(worker: number): Promise<T> {
    return this.#crew.answer(worker - 1);
  }

  /** Sends the same order to all workers and awaits their answers. */
  askAll<T>(order: Order): Promise<T[]> {
    return this.#crew.ask(Array(this.#workers).fill(order));
  }

  /** Has all attach. */
  async join(joinings: readonly Joining[]): Promise<void> {
    await this.#crew.ask(joinings.map((joining): Order => ({ do: "join", joining })));
  }

  /** A word of the board on which workers and test write. */
  board(place: number): number {
    return Atomics.load(this.region.words, this.planned.boardAt + place);
  }

  /** Writes on the board and wakes who waits for that. */
  writeBoard(place: number, value: number): void {
    Atomics.store(this.region.words, this.planned.boardAt + place, value);
    Atomics.notify(this.region.words, this.planned.boardAt + place);
  }

  /** Has a worker allocate in a way that waits, and returns once it is in the queue and has poisoned every limit. */
  async queueUp(worker: number, how: "blocking" | "async" = "blocking"): Promise<void> {
    const { lock, queue } = this.pool.reserve;
    const waiting = queue.count();
    this.tell(worker, how === "async" ? { do: "allocateAsync" } : allocation(1, BLOCKING));
    await eventually(`worker ${worker} queues up`, () => queue.count() > waiting);
    // It counts before it poisons, both under the lock.
    lock.acquire();
    lock.release();
  }

  /** Waits until so many stand in the queue. */
  async queued(count: number): Promise<void> {
    const { queue } = this.pool.reserve;
    await eventually(`${count} are queued`, () => queue.count() === count);
  }

  /** Takes elements from the reserve until it holds `left`, while the back end is dead. The gate stays shut. */
  leaveInReserve(left: number): Handle[] {
    this.gate.die();
    const { pool } = this;
    return Array.from({ length: pool.currentReserve - left }, () => pool.allocate(0));
  }

  /** The counts of everybody. All must be idle. */
  async counts(): Promise<MempoolCounts[]> {
    return [this.pool.counts(), ...await this.askAll<MempoolCounts>({ do: "counts" })];
  }

  /** Throws where something is lost or somebody holds a lock. All must be idle. */
  async check(): Promise<void> {
    this.composition.check();
    const { reserve, currentReserve, minReserve } = this.pool;
    const held = this.composition.outstanding("pool");
    const counts = await this.counts();
    const sum = (of: (count: MempoolCounts) => number) =>
      counts.reduce((total, count) => total + of(count), 0);
    assertEquals(sum(({ allocs }) => allocs), sum(({ frees }) => frees) + held, "hits");
    assertEquals([reserve.lock.owner(), reserve.queue.count()], [-1, 0]);
    assertEquals(this.composition.arena.lock.owner(), -1);
    assertGreaterOrEqual(currentReserve + held, minReserve, "N + held >= M");
  }

  /** Ends everybody's wait and every worker. */
  [Symbol.dispose](): void {
    this.composition.participant.stop();
    this.composition.detach();
    this.#crew[Symbol.dispose]();
  }
}

/** The order to allocate `count` elements, one by one. */
export function allocation(count: number, context: Context): Order {
  return { do: "allocate", context, count };
}

/** Starts workers over a pool of pages, all attached. */
export function startFleet(options: FleetOptions): Promise<Fleet> {
  return startFleetOver(pageSpec({ ...options, participants: options.workers + 1 }), options);
}

/** Starts workers over a composition in which "pool" is what they take from, all attached. */
export async function startFleetOver(spec: CompositionSpec, options: FleetSize): Promise<Fleet> {
  const fleet = new Fleet(spec, options);
  const joinings = Array.from({ length: options.workers }, (_, index): Joining => ({
    spec: withRetry(spec, options.retryMs?.[index]),
    buffer: fleet.region.buffer,
    id: index + 1,
    gated: options.gated,
  }));
  await fleet.join(joinings);
  return fleet;
}

/** The same composition, as a worker sees it whose waiters try again after another time. */
function withRetry(spec: CompositionSpec, retryMs: number | undefined): CompositionSpec {
  const pool = spec.pools["pool"]!;
  if (retryMs === undefined) return spec;
  const policy: Policy = { ...resolvePolicy(pool.policy), retryMs };
  return { ...spec, pools: { ...spec.pools, pool: { ...pool, policy } } };
}
