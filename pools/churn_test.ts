/**
 * Workers that allocate, free and hand over at random, with sentinels in every element; rules 5, 6, 17 and 26 at rest.
 * Memory holds one element more than what could be held while everybody waits for one: T(k - 1) + 1, and the mails.
 */
import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { ATOMIC, type Handle } from "../allocators/allocator.ts";
import { type AllocatorSpec, type CompositionSpec, resolvePolicy } from "./composition_plan.ts";
import type { Policy } from "./policy.ts";
import { type Churned, ENOUGH, MAILS, MAILS_FROM } from "./testing/churn.ts";
import { eventually } from "./testing/eventually.ts";
import { type Fleet, type FleetOptions, startFleet, startFleetOver } from "./testing/fleet.ts";
import { flatMemory } from "./testing/page_pool.ts";

const WORKERS = 3;
const KEEP = 4;
const FITS = WORKERS * (KEEP - 1) + 1 + MAILS;
const RUN_MS = 500;

interface Start extends Pick<FleetOptions, "gated" | "minReserve" | "policy"> {
  readonly pages: number;
  /** Pages that callers who may not sleep leave alone. */
  readonly min: number;
}

function start({ pages, min, ...options }: Start) {
  const watermarks = { min, low: 2 * min, high: 3 * min };
  return startFleet({ workers: WORKERS, memory: { ...flatMemory(pages), watermarks }, ...options });
}

/** Takes elements until only as many are left as the workers need to go on. */
function hog(fleet: Fleet, pages: number): Handle[] {
  const handles = Array.from({ length: pages - FITS }, () => fleet.pool.allocate(ATOMIC));
  assertEquals(handles.includes(0), false);
  return handles;
}

/** On a busy machine some time is not enough for that. */
function somebodyWaited(fleet: Fleet): Promise<void> {
  return eventually("somebody waits", () => fleet.pool.stats().counts.hits[4] > 0);
}

function runTime(): Promise<void> {
  return new Promise((end) => setTimeout(end, RUN_MS));
}

/** Lets all churn for a while. Worker 3 waits on its event loop. */
async function churnAll(fleet: Fleet, meanwhile: () => Promise<void>): Promise<Churned[]> {
  await fleet.askAll({ do: "listen" });
  for (let worker = 1; worker <= WORKERS; worker++) {
    const churning = { seed: worker, keep: KEEP, async: worker === WORKERS };
    fleet.tell(worker, { do: "churn", churning });
  }
  await meanwhile();
  fleet.writeBoard(ENOUGH, 1);
  return await Promise.all([1, 2, 3].map((worker) => fleet.answer<Churned>(worker)));
}

/** Checks with everything held as it is, then has others than the holders free it, and checks again. */
async function settle(fleet: Fleet, churned: readonly Churned[], hogged: readonly Handle[]) {
  const mails = Array.from({ length: MAILS }, (_, index) => fleet.board(MAILS_FROM + index));
  const held = [...churned.flatMap(({ held }) => held), ...mails.filter((mail) => mail !== 0)];
  assertEquals(fleet.composition.outstanding("pool"), held.length + hogged.length);
  await fleet.check();
  for (const [index, { held }] of churned.entries()) {
    await fleet.ask((index + 1) % WORKERS + 1, { do: "free", handles: held });
  }
  for (const handle of [...hogged, ...mails]) if (handle !== 0) fleet.pool.free(handle);
  await fleet.check();
  assertEquals(fleet.composition.outstanding("pool"), 0);
  assertEquals(fleet.pool.currentReserve, fleet.pool.minReserve);
}

async function assertBusy(fleet: Fleet, churned: readonly Churned[]): Promise<void> {
  const counts = await fleet.counts();
  const hits = (level: number) => counts.reduce((sum, { hits }) => sum + hits[level - 1]!, 0);
  assertGreater(churned.reduce((sum, { passedOn }) => sum + passedOn, 0), 0);
  assertGreater(hits(1), 0);
  assertEquals(hits(2) + hits(4) > 0, fleet.pool.minReserve > 0);
  assertGreater(hits(5), 0);
  assertEquals(counts.map(({ failed, abandoned }) => failed + abandoned), [0, 0, 0, 0]);
  const { maxDepth } = fleet.pool.marks();
  assertGreater(maxDepth, 0);
  assertLessOrEqual(maxDepth, WORKERS);
}

const CHURNED = [
  [FITS, 0, 3, "five-level"],
  [64, 2, 5, "five-level"],
  [64, 0, 0, "five-level"],
  [FITS, 0, 3, "allocator-reservation"],
  [64, 2, 5, "allocator-reservation"],
] as const;

for (const [pages, min, minReserve, name] of CHURNED) {
  Deno.test(`Mempool rules 5, 6, 17, 26: random workers over ${pages} pages with M = ${minReserve} lose nothing under ${name}`, async () => {
    const policy = { ...resolvePolicy(name), retryMs: 60_000 };
    using fleet = await start({ gated: false, minReserve, policy, pages, min });
    fleet.composition.participant.listen();
    const hogged = hog(fleet, pages);
    const churned = await churnAll(fleet, async () => {
      await runTime();
      await somebodyWaited(fleet);
    });
    await assertBusy(fleet, churned);
    await settle(fleet, churned, hogged);
  });
}

/** What stands under the pool besides bare pages. Slabs and classes of 64 bytes: four to a page. */
const OTHERS: Readonly<Record<string, Pick<CompositionSpec, "allocators" | "pools">>> = {
  "slab": over({ kind: "slab", objectBytes: 64, align: 8 }),
  "size-class": over({ kind: "size-class" }, { objectBytes: 50 }),
  "composite": {
    allocators: {
      below: { kind: "composite", parts: [{ of: "inner", count: 2 }, { of: "page", count: 1 }] },
      object: { kind: "slab", objectBytes: 64, align: 8 },
      page: { kind: "page", order: 0 },
    },
    pools: {
      inner: { over: "object", minReserve: 4, policy: "five-level" },
      pool: {
        over: "below",
        minReserve: 2,
        policy: { ...resolvePolicy("five-level"), retryMs: 5 },
      },
    },
  },
};

function over(below: AllocatorSpec, ofSize: { readonly objectBytes?: number } = {}) {
  const pool = { over: "below", minReserve: 2, policy: "five-level", ...ofSize };
  return { allocators: { below }, pools: { pool } };
}

for (const [name, parts] of Object.entries(OTHERS)) {
  Deno.test(`Mempool rules 5, 6, 17, 26: random workers over ${name} lose nothing, and no two have the same bytes`, async () => {
    const spec = { memory: flatMemory(40), participants: WORKERS + 1, asyncSlots: 4, ...parts };
    using fleet = await startFleetOver(spec, { workers: WORKERS, gated: false });
    fleet.composition.participant.listen();
    const churned = await churnAll(fleet, runTime);
    assertGreater(churned.reduce((sum, { passedOn }) => sum + passedOn, 0), 0);
    await settle(fleet, churned, []);
  });
}

Deno.test("Mempool under adaptive loses nothing while workers run it dry and others give back, whoever is first", async () => {
  const policy: Policy = { ...resolvePolicy("adaptive"), retryMs: 60_000 };
  using fleet = await start({ gated: false, minReserve: 1, policy, pages: FITS, min: 0 });
  const { pool } = fleet;
  fleet.composition.participant.listen();
  let nowMs = 1;
  const settleDemand = () => pool.adapt(nowMs += policy.adapt!.windowMs);
  let givenBack = 0;
  const churned = await churnAll(fleet, async () => {
    const endMs = performance.now() + RUN_MS;
    while (performance.now() < endMs) {
      givenBack += settleDemand();
      await new Promise((end) => setTimeout(end, 1));
    }
    await somebodyWaited(fleet);
  });
  const { peakMin } = pool.marks();
  assertGreater(peakMin, 1);
  assertLessOrEqual(peakMin, FITS);
  for (let window = 0; window < 20; window++) givenBack += settleDemand();
  assertGreater(givenBack, 0);
  await settle(fleet, churned, []);
});

for (const name of ["five-level", "allocator-reservation"]) {
  Deno.test(`Mempool rules 5, 6, 17, 21, 26: random workers over a backend that dies and recovers lose nothing under ${name}`, async () => {
    const policy = { ...resolvePolicy(name), retryMs: 5 };
    using fleet = await start({ gated: true, minReserve: 3, policy, pages: 24, min: 2 });
    const churned = await churnAll(fleet, async () => {
      for (let turn = 0; turn < 60; turn++) {
        fleet.gate.fail({ atomic: turn % 2 === 0, blocking: turn % 4 === 0 });
        await new Promise((end) => setTimeout(end, RUN_MS / 60));
      }
      fleet.gate.die();
      await somebodyWaited(fleet);
      fleet.gate.recover();
    });
    await assertBusy(fleet, churned);
    await settle(fleet, churned, []);
  });
}
