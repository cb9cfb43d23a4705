/**
 * A mempool over a scripted back end in one thread, put together as a composition does it. Several participants
 * may share it, each with its own `Mempool`: they take turns in this thread.
 *
 * @module
 */
import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import type { Handle } from "../../allocators/allocator.ts";
import { planDepot } from "../../allocators/depot_plan.ts";
import { fixedRounds, initialiseFront, planFront } from "../../allocators/front.ts";
import { outstanding, planOwners, tagOf } from "../../allocators/owner_table.ts";
import {
  attachParticipant,
  createRegion,
  Layout,
  type Participant,
  planParticipants,
} from "../../sync/mod.ts";
import { resolvePolicy } from "../composition_plan.ts";
import { IdlePoison } from "../idle_poison.ts";
import { Mempool, type MempoolParts } from "../mempool.ts";
import type { Policy } from "../policy.ts";
import { planReserve, type ReservePlan } from "../reserve_plan.ts";
import { ScriptedBackend } from "./scripted_backend.ts";

const FRONT = 1;
const ELEMENT_BYTES = 64;

/** A caller that has slept so often is never served: some seconds. */
const MOST_SLEEPS = 100;

/** The policy of the one participant that drains the reserve for a test. */
const RESERVE_ONLY: Policy = { steps: ["reserve"], retryFrom: "reserve", retryMs: 60_000 };

/** What to make. */
export interface ScriptedPoolOptions {
  readonly minReserve: number;
  /** "five-level" if not given. */
  readonly policy?: string | Policy;
  /** 1 if not given. */
  readonly participants?: number;
  /** Async callers of one participant that may stand in the queue: 4 if not given. */
  readonly asyncSlots?: number;
  /** The largest M that there is room for: `minReserve` if not given. */
  readonly maxReserve?: number;
  /** Whether idle elements of the pool are poisoned and checked. */
  readonly debug?: boolean;
  /** Elements that the back end has: 32 if not given. */
  readonly capacity?: number;
}

/** What all participants counted together. */
export interface TotalCounts {
  readonly allocs: number;
  readonly frees: number;
  readonly hits: readonly number[];
  readonly none: number;
  readonly failed: number;
}

/** A pool, its back end, and what there is to check. */
export class ScriptedPool {
  readonly backend: ScriptedBackend;
  /** The pool as each participant sees it. */
  readonly sides: readonly Mempool[];
  readonly participants: readonly Participant[];
  /** Stands for what a waiter does between queueing up and its last look: asking others for what they have cached. */
  reclaim: () => void = () => {};
  readonly #taker: Mempool;
  readonly #outstanding: () => number;

  /** Plans and attaches a pool; {@linkcode scriptedPool} fills it too. */
  constructor(options: ScriptedPoolOptions) {
    const { minReserve, participants: sides = 1, asyncSlots = 4, capacity = 32 } = options;
    const participants = sides + 1;
    const layout = new Layout();
    const participantsAt = planParticipants(layout, "test", participants);
    const front = planFront(layout, "test", { participants, ...fixedRounds(1) });
    const slotsPerWorker = 1 + asyncSlots;
    const policy = resolvePolicy(options.policy ?? "five-level");
    // The scripted back end has no depot: one that keeps nothing but the floor stands for it.
    const floor = policy.reserveIn === "allocator"
      ? { depot: planDepot(layout, "test", capacity), members: [] as ReservePlan[] }
      : null;
    const reserve = planReserve(layout, "test", {
      max: options.maxReserve ?? minReserve,
      participants,
      slotsPerWorker,
      capacity,
      front,
      floor,
      adapt: policy.adapt === undefined ? null : { ...policy.adapt, least: minReserve },
    });
    floor?.members.push(reserve);
    const owners = planOwners(layout, "test", capacity);
    const marksAt = layout.words("test/marks", capacity + 1);
    const region = createRegion(layout, 0);
    initialiseFront(region, front);
    this.backend = new ScriptedBackend(capacity);
    const memory = new Uint8Array(capacity * ELEMENT_BYTES);
    const bytesOf = (handle: Handle) =>
      memory.subarray((handle - 1) * ELEMENT_BYTES, handle * ELEMENT_BYTES);
    const parts: Omit<MempoolParts, "participant" | "ownership" | "policy"> = {
      name: "test",
      region,
      front,
      reserve,
      slotsPerWorker,
      below: { source: null, allocator: this.backend },
      above: [],
      tellAbove: null,
      idle: options.debug === true
        ? new IdlePoison({
          name: "test",
          marks: { words: region.words, at: marksAt },
          bytes: bytesOf,
        })
        : null,
      elementBytes: ELEMENT_BYTES,
      bytes: bytesOf,
      reclaim: () => this.reclaim(),
    };
    this.participants = Array.from(
      { length: participants },
      (_, id) => attachParticipant(region, participantsAt, id, participants),
    );
    const attach = (participant: Participant, policy: Policy) =>
      new Mempool({
        ...parts,
        participant,
        policy,
        ownership: { owners, capacity, tag: tagOf(FRONT, participant.id), tagBelow: 0 },
      });
    this.sides = this.participants.slice(0, sides).map((one) => attach(one, policy));
    this.#taker = attach(this.participants[sides]!, RESERVE_ONLY);
    this.#outstanding = () => outstanding(region.words, owners, capacity, FRONT).total;
  }

  /** The pool as the first participant sees it. */
  get pool(): Mempool {
    return this.sides[0]!;
  }

  /** Elements that are out with somebody, as the owner table has it. */
  get held(): number {
    return this.#outstanding();
  }

  /** How often the pool's lock was taken. */
  get locked(): number {
    return this.pool.reserve.lock.acquisitions();
  }

  /** Plays what others do while the first participant's blocking caller waits: one act in place of each sleep. */
  duringWait(...acts: readonly (() => void)[]): void {
    const script = acts.values();
    this.participants[0]!.whileWaiting = () => {
      const { value: act, done } = script.next();
      if (done) throw new Error("the caller sleeps where nobody is left to wake it");
      act();
      return 0;
    };
  }

  /** Notes every slot that is woken from here on, whoever does it. */
  watchWakes(): number[] {
    const woken: number[] = [];
    for (const { reserve: { queue } } of this.sides) {
      const { wake } = queue;
      queue.wake = (slot) => {
        woken.push(slot);
        wake(slot);
      };
    }
    return woken;
  }

  /** Acts before each sleep of the first participant's blocking caller, which then sleeps for as long as it does. */
  beforeSleeps(act: () => void): void {
    let sleeps = 0;
    this.participants[0]!.whileWaiting = () => {
      if (++sleeps > MOST_SLEEPS) throw new Error("the caller sleeps and sleeps");
      act();
      return Infinity;
    };
  }

  /** Has one more participant take from the reserve, and from nowhere else, until it holds `left`. */
  leaveInReserve(left: number): Handle[] {
    const length = this.pool.currentReserve - left;
    return Array.from({ length }, () => this.#taker.allocate());
  }

  /** The counts of all participants together. */
  counts(): TotalCounts {
    const counts = [...this.sides, this.#taker].map((side) => side.counts());
    const sum = (of: (index: number) => number) =>
      counts.reduce((total, _, index) => total + of(index), 0);
    return {
      allocs: sum((index) => counts[index]!.allocs),
      frees: sum((index) => counts[index]!.frees),
      hits: [0, 1, 2, 3, 4].map((level) => sum((index) => counts[index]!.hits[level]!)),
      none: sum((index) => counts[index]!.none),
      failed: sum((index) => counts[index]!.failed),
    };
  }

  /** Throws where an invariant does not hold: between calls, at any time, unless a resize could not fill the reserve. */
  check(): void {
    this.checkConserved();
    const { reserve, currentReserve, minReserve } = this.pool;
    const kept = currentReserve + reserve.queue.collected() + this.held;
    assertGreaterOrEqual(kept, minReserve, "N + collected + held >= M");
  }

  /** The same, whatever a resize could do. */
  checkConserved(): void {
    const { reserve, currentReserve } = this.pool;
    reserve.check();
    const { allocs, frees, hits } = this.counts();
    assertEquals(reserve.lock.owner(), -1, "somebody holds the lock");
    assertEquals(hits.reduce((a, b) => a + b), frees + this.held, "hits = frees + held");
    assertEquals(allocs, frees + this.held, "allocs = frees + held");
    const idle = currentReserve + reserve.queue.collected();
    assertEquals(this.backend.out.size, idle + this.held, "out = N + collected + held");
  }
}

/** A pool over a scripted back end with its reserve filled and its log empty. */
export function scriptedPool(options: ScriptedPoolOptions): ScriptedPool {
  const scripted = new ScriptedPool(options);
  scripted.pool.fill(options.minReserve);
  scripted.backend.takeLog();
  return scripted;
}
