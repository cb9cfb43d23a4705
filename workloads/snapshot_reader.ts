/**
 * Reads {@linkcode Snapshot}s from the words that the workers of a run share: the places in the queues say which
 * worker waits in which pool, the owner tables who holds what.
 *
 * Everybody goes on meanwhile, so each number may be stale by a moment, and two of them need not belong together.
 * Conclusions are drawn from what stood still over several looks.
 *
 * @module
 */
import { outstanding } from "../allocators/owner_table.ts";
import type { Composition } from "../pools/composition.ts";
import type { CompositionPlan, PoolPlan } from "../pools/composition_plan.ts";
import { attachReserve, type Reserve } from "../pools/reserve.ts";
import type { Region, SlotState } from "../sync/mod.ts";
import type { Holding, PoolState, Snapshot } from "./snapshot.ts";

/** How long a lock is waited for, milliseconds. */
const PATIENCE_MS = 1;

/** Pools over one region. */
export interface View {
  readonly plan: CompositionPlan;
  readonly region: Region;
  /** The worker whose own they are; null where all share them. */
  readonly owner: number | null;
}

interface WatchedPool {
  readonly view: View;
  readonly plan: PoolPlan;
  readonly reserve: Reserve;
  /** The pools that it stands on, as far as their reserves may serve it while the back ends do not. */
  readonly below: readonly WatchedPool[];
}

/** One place in the queue of one pool. */
interface Place extends SlotState {
  readonly worker: number;
}

/** Reads one run. */
export class SnapshotReader {
  readonly #shared: Composition;
  readonly #pools: readonly WatchedPool[];
  readonly #views: readonly View[];

  /** Reads the pools of `views`, those of `shared` and those that workers have for themselves. */
  constructor(shared: Composition, views: readonly View[]) {
    this.#shared = shared;
    this.#pools = views.flatMap((view) => watchedPools(view, shared.participant.id));
    this.#views = views;
  }

  /** The allocators that somebody may use without a pool, but for those that elements are put together of. */
  get allocators(): Pick<PoolState, "name" | "owner">[] {
    return this.#views.flatMap(({ plan: { allocators }, owner }) => {
      const parts = allocators.flatMap((allocator) => allocator.parts.map(({ of }) => of));
      return allocators.filter(({ name }) => !parts.includes(name))
        .map(({ name }) => ({ name, owner }));
    });
  }

  /** What is to be seen now, of the workers that have not ended. */
  read(unfinished: readonly number[]): Snapshot {
    const { participant } = this.#shared;
    const workers = unfinished.map((worker) => ({
      worker,
      isStuck: participant.isStuck(worker),
      changes: participant.stuckChanges(worker),
    }));
    if (!workers.some(({ isStuck }) => isStuck)) return { workers, pools: [] };
    return { workers, pools: this.#pools.map((pool) => this.#stateOf(pool)) };
  }

  #stateOf(pool: WatchedPool): PoolState {
    const places = placesOf(pool);
    return {
      name: pool.plan.name,
      owner: pool.view.owner,
      min: pool.reserve.min(),
      below: pool.below.map(({ plan, reserve }) => ({
        name: plan.name,
        current: reserve.current(),
      })),
      beside: besideOf(pool),
      waiters: places.filter(({ isQueued }) => isQueued),
      noticing: places.filter(({ granted }) => granted !== 0).map(({ worker }) => worker),
      tries: places.reduce((sum, { tries }) => sum + tries, 0),
      refusals: pool.view.owner === null ? this.#refusals(pool) : null,
    };
  }

  #refusals({ plan, below }: WatchedPool): number | null {
    // Elements that are put together are refused where a back end below is down, and not for lack of memory alone.
    if (plan.root.parts.length > 0) return null;
    const { backend } = this.#shared.allocator(plan.root.name);
    const { atomicFailures, blockingFailures } = backend.counts();
    const policies = [plan, ...below.map((inner) => inner.plan)].map(({ policy }) => policy);
    return policies.every(({ steps }) => steps.includes("backend-blocking"))
      ? blockingFailures
      : atomicFailures;
  }

  /** Who holds how much of a pool, or of an allocator without one, from the owner table. Reads all of it. */
  holdings({ name, owner }: Pick<PoolState, "name" | "owner">): Holding[] {
    const { plan, region } = this.#views.find((view) => view.owner === owner)!;
    const pool = plan.pools.find((candidate) => candidate.name === name);
    const root = pool?.root ?? plan.allocators.find((allocator) => allocator.name === name)!;
    const { owners, planned, rawNumber } = root;
    if (owners < 0) return [];
    const { byParticipant } = outstanding(
      region.words,
      owners,
      planned.capacity,
      pool?.number ?? rawNumber,
    );
    return Array.from(byParticipant, ([participant, elements]) => ({
      worker: owner ?? participant,
      elements,
    }));
  }

  /**
   * Asks everybody who waits to look again, as at the end of `retryMs`; not in a pool whose lock somebody keeps, since that one may be dead. May
   * block for some milliseconds.
   */
  askWaiters(): void {
    for (const { reserve } of this.#pools) {
      if (reserve.queue.count() === 0 || !reserve.lock.tryAcquire(PATIENCE_MS)) continue;
      reserve.queue.kick(Infinity);
      reserve.lock.release();
    }
  }
}

function watchedPools(view: View, me: number): WatchedPool[] {
  const watched: WatchedPool[] = [];
  for (const plan of view.plan.pools) {
    const below = poolsUnder(plan.over, view.plan, watched) ?? [];
    watched.push({ view, plan, reserve: attachReserve(view.region, plan.reserve, me), below });
  }
  return watched;
}

/**
 * The pools whose reserves may serve an allocator or a pool while the back ends do not; null where these are needed. Elements
 * that are put together need them unless each part comes from a pool.
 */
function poolsUnder(
  name: string,
  plan: CompositionPlan,
  watched: readonly WatchedPool[],
): WatchedPool[] | null {
  const pool = watched.find((candidate) => candidate.plan.name === name);
  if (pool !== undefined) return [pool, ...pool.below];
  const { parts } = plan.allocators.find((candidate) => candidate.name === name)!;
  const under = parts.map(({ of }) => poolsUnder(of, plan, watched));
  return under.length === 0 || under.includes(null) ? null : under.flatMap((pools) => pools ?? []);
}

/** The other pools on the floors of a pool and of those below it. */
function besideOf({ view, plan, below }: WatchedPool): string[] {
  const own = [plan, ...below.map((inner) => inner.plan)];
  const floors = own.map(({ reserve }) => reserve.floor);
  return view.plan.pools
    .filter((other) =>
      other.reserve.floor !== null && floors.includes(other.reserve.floor) && !own.includes(other)
    )
    .map(({ name }) => name);
}

/** The places of a pool's queue, by worker. */
function placesOf({ view, plan, reserve }: WatchedPool): Place[] {
  const { slotsPerWorker } = view.plan;
  return Array.from({ length: plan.front.participants * slotsPerWorker }, (_, slot) => ({
    ...reserve.queue.look(slot),
    worker: view.owner ?? Math.floor(slot / slotsPerWorker),
  }));
}
