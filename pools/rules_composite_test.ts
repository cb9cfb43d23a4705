/**
 * The second half of rule 39 with real workers: an element that has k of one pool as one part is put together by any number of
 * workers at M = k, over a back end that serves nothing. Who sleeps does not try again by himself, so that two workers who got into each
 * other's way would sleep until the test gives up.
 *
 * Most of the time whoever frees hands a whole element over, and chance finds no way to get into each other's way. So the first
 * test plays them all: a worker stops in each of its calls in turn, with whatever it has in hand then.
 *
 * Give 4 for the whole of it: `deno test -P=test pools/rules_composite_test.ts -- 4`.
 */
import { assertEquals, assertGreater } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle } from "../allocators/allocator.ts";
import { type CompositionSpec, resolvePolicy } from "./composition_plan.ts";
import type { Step } from "./policy.ts";
import { eventually, soon } from "./testing/eventually.ts";
import { allocation, type Fleet, startFleetOver } from "./testing/fleet.ts";
import { flatMemory } from "./testing/page_pool.ts";

const LARGEST = Number(Deno.args[0] ?? 3);
const TO_LARGEST = Array.from({ length: LARGEST - 1 }, (_, index) => index + 2);
const ROUNDS = 2000;
const HOUR_MS = 3600_000;

/** A pool of nothing in reserve over elements that are k of another pool's, which has k in reserve. */
function specOf(workers: number, k: number, steps?: readonly Step[]): CompositionSpec {
  const policy = { ...resolvePolicy("five-level"), retryMs: HOUR_MS };
  const inner = { ...policy, steps: steps ?? policy.steps };
  return {
    memory: flatMemory(64),
    allocators: {
      page: { kind: "page", order: 0 },
      bundle: { kind: "composite", parts: [{ of: "inner", count: k }] },
    },
    pools: {
      inner: { over: "page", minReserve: k, policy: inner },
      pool: { over: "bundle", minReserve: 0, policy },
    },
    participants: workers + 1,
    asyncSlots: 1,
  };
}

/** Has those who sleep look again. */
function wakeSleepers({ pool: { reserve: { lock, queue } } }: Fleet): void {
  lock.acquire();
  queue.kick(Infinity);
  lock.release();
}

/** A worker that takes an element. */
interface Taking {
  readonly worker: number;
  readonly taken: Promise<Handle>;
}

/** Has a worker take an element; comes back once it is served, sleeps, or `stops`. */
async function takeOrSleep(
  fleet: Fleet,
  worker: number,
  stops: () => boolean = () => false,
): Promise<Taking> {
  let isServed = false;
  fleet.tell(worker, allocation(1, BLOCKING));
  const taken = fleet.answer<Handle[]>(worker).then(([handle]) => {
    isServed = true;
    return handle!;
  });
  const { participant } = fleet.composition;
  await eventually(
    `worker ${worker} is served, sleeps or stops`,
    () => isServed || participant.isStuck(worker) || stops(),
  );
  return { worker, taken };
}

/**
 * Frees what one of two was served, then what the other was served in consequence: by that free or, where its parts came
 * back one by one around the other's last look before it slept, by looking again.
 */
async function freeBoth(fleet: Fleet, takings: readonly Taking[]): Promise<void> {
  const first = await soon(
    "one of both",
    Promise.race(takings.map(({ worker, taken }) => taken.then((handle) => ({ worker, handle })))),
  );
  fleet.pool.free(first.handle);
  wakeSleepers(fleet);
  const other = takings.find(({ worker }) => worker !== first.worker)!;
  fleet.pool.free(await soon("the other", other.taken));
}

Deno.test("Mempool rule 39: wherever a worker stands that lacks some, somebody is served once there are enough", async () => {
  // The back end is asked once more after the reserve: a worker can be stopped where that has not been enough.
  const steps = ["backend-atomic", "reserve", "backend-atomic", "wait"] as const;
  using fleet = await startFleetOver(specOf(2, 2, steps), { workers: 2, gated: true });
  const { gate, composition } = fleet;
  gate.die();
  const inner = composition.pool("inner");
  const isStopped = () => gate.isStopped(ATOMIC);
  for (let call = 1;; call++) {
    const other = inner.allocate(ATOMIC);
    gate.stopAt(ATOMIC, call);
    const first = await takeOrSleep(fleet, 1, isStopped);
    const sleeps = !isStopped();
    if (sleeps) gate.stopAt(ATOMIC, 0);
    inner.free(other);
    if (sleeps) {
      assertGreater(call, 4, "two looks before it queues up, and one after");
      fleet.pool.free(await soon("who sleeps above", first.taken));
      break;
    }
    const second = await takeOrSleep(fleet, 2);
    gate.release(ATOMIC);
    await freeBoth(fleet, [first, second]);
    assertEquals([inner.currentReserve, composition.outstanding("inner")], [2, 0]);
  }
  await fleet.check();
});

/**
 * Awaits the end of a worker. What it freed last may have come too late for the last look of one who went to sleep meanwhile, and
 * nobody frees anything after it.
 */
async function ended(fleet: Fleet, worker: number): Promise<void> {
  await fleet.answer(worker);
  wakeSleepers(fleet);
}

for (const workers of TO_LARGEST) {
  for (const k of TO_LARGEST) {
    Deno.test(`Mempool rule 39: ${workers} workers that take ${k} as a bulk part of one composite element never deadlock at M = ${k}`, async () => {
      using fleet = await startFleetOver(specOf(workers, k), { workers, gated: true });
      fleet.gate.die();
      const ids = Array.from({ length: workers }, (_, index) => index + 1);
      for (const id of ids) fleet.tell(id, { do: "replace", keep: 1, rounds: ROUNDS });
      await Promise.all(ids.map((id) => ended(fleet, id)));
      await fleet.check();
      const { currentReserve } = fleet.composition.pool("inner");
      assertEquals([currentReserve, fleet.composition.outstanding("inner")], [k, 0]);
      const counts = await fleet.counts();
      const allocs = counts.reduce((sum, count) => sum + count.allocs, 0);
      assertEquals(allocs, workers * (ROUNDS + 1));
    });
  }
}
