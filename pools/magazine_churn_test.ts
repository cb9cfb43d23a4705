/**
 * Workers whose magazines change their sizes at the very time at which a pool poisons and lifts their limits and others ask for what
 * they have cached, with sentinels in every element: nothing is lost, nothing doubled.
 */
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { blockOf, LIMIT, ROUNDS } from "../allocators/front.ts";
import { HANG_MS } from "../sync/testing/crew.ts";
import { ENOUGH } from "./testing/churn.ts";
import { type Fleet, startFleet } from "./testing/fleet.ts";
import { flatMemory } from "./testing/page_pool.ts";

const WORKERS = 2;
const KEEP = 300;
const RUN_MS = 300;
const MIN_RESERVE = 4;

/** Sizes and limits of the workers' magazines. */
function found({ planned: { plan }, region: { words } }: Fleet, word: number): number[] {
  const { front } = plan.pools[0]!;
  return [1, 2].map((worker) => Atomics.load(words, blockOf(front, worker) + word));
}

/** Poisons and lifts, and asks for what is cached now and then, until the first worker's magazine has grown and shrunk. */
async function disturb(fleet: Fleet, first: number): Promise<void> {
  const startMs = performance.now();
  let [size, grew, shrank] = [first, 0, 0];
  for (let turn = 0; performance.now() < startMs + RUN_MS || grew === 0 || shrank === 0; turn++) {
    assertLess(performance.now(), startMs + HANG_MS, `it grew ${grew} times, shrank ${shrank}`);
    fleet.pool.resize(MIN_RESERVE + turn % 2 * 16);
    const [now] = found(fleet, ROUNDS);
    if (now! > size) grew++;
    if (now! < size) shrank++;
    size = now!;
    if (turn % 64 === 0) fleet.composition.participant.requestDrain(() => {});
    if (turn % 8 === 0) await new Promise((end) => setTimeout(end, 1));
  }
  fleet.pool.resize(MIN_RESERVE);
}

Deno.test("Mempool loses nothing while magazines grow and shrink, and limits are poisoned and lifted", async () => {
  const memory = flatMemory(8192);
  using fleet = await startFleet({
    workers: WORKERS,
    gated: false,
    minReserve: MIN_RESERVE,
    memory,
  });
  const { front } = fleet.planned.plan.pools[0]!;
  assertLess(front.rounds, KEEP);
  for (let worker = 1; worker <= WORKERS; worker++) fleet.tell(worker, { do: "tide", keep: KEEP });
  await disturb(fleet, front.rounds);
  fleet.writeBoard(ENOUGH, 1);
  for (const worker of [1, 2]) assertGreater(await fleet.answer<number>(worker), 0);

  await fleet.check();
  assertEquals(fleet.composition.outstanding("pool"), 0);
  await fleet.askAll({ do: "drain" });
  assertEquals(found(fleet, ROUNDS), [front.rounds, front.rounds]);
  assertEquals(found(fleet, LIMIT), [front.rounds, front.rounds]);
  await fleet.check();
});
