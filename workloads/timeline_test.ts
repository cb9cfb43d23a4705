import { assert, assertEquals, assertGreater } from "@std/assert";
import { ATOMIC } from "../allocators/allocator.ts";
import { attachComposition, createComposition, joinComposition } from "../pools/composition.ts";
import { type CompositionSpec, planComposition } from "../pools/composition_plan.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import { runScenario } from "./runner.ts";
import { plenty } from "./testing/scenarios.ts";
import { MOMENTS_MOST, TimelineRecorder } from "./timeline.ts";

const PAGES = 6;
const COORDINATOR = 2;

const SPEC: CompositionSpec = {
  memory: {
    pages: PAGES,
    pageBytes: 4096,
    watermarks: { min: 0, low: 0, high: 0 },
    growTo: PAGES,
  },
  allocators: { page: { kind: "page", order: 0 } },
  pools: { buffers: { over: "page", minReserve: 2, policy: "five-level" } },
  participants: COORDINATOR + 1,
  asyncSlots: 2,
};

/** Two workers' pools in this thread, and who looks at them. `owners` have each a region of their own. */
function rig(owners: readonly (number | null)[] = [null]) {
  const each = owners.map((owner) => {
    const layout = new Layout();
    const plan = planComposition(layout, SPEC);
    const region = createRegion(layout, plan.memoryBytes);
    createComposition(plan, region, joinComposition(plan, region, COORDINATOR));
    const pools = [0, 1].map((id) =>
      attachComposition(plan, region, joinComposition(plan, region, id)).pool("buffers")
    );
    return { view: { plan, region, owner }, pools };
  });
  const recorder = new TimelineRecorder(each.map(({ view }) => view), COORDINATOR);
  return { recorder, pools: each.flatMap(({ pools }) => pools) };
}

Deno.test("TimelineRecorder sees what is live with all workers, and what the reserve holds", () => {
  const { recorder, pools: [a, b] } = rig();
  recorder.look(0);
  const held = [a!.allocate(ATOMIC), b!.allocate(ATOMIC), b!.allocate(ATOMIC)];
  recorder.look(10);
  // Four elements are the back end's; the fifth comes out of the reserve.
  const more = [a!.allocate(ATOMIC), a!.allocate(ATOMIC)];
  recorder.look(20.4);
  // Whoever frees an element need not be who allocated it.
  for (const handle of [...held, ...more]) a!.free(handle);
  recorder.look(30);
  assertEquals(recorder.timeline, {
    atNs: [0, 10, 20, 30],
    pools: { buffers: { live: [0, 3, 5, 0], reserve: [2, 2, 1, 2] } },
  });
});

Deno.test("TimelineRecorder counts from when the counts were reset, whatever was out before", () => {
  const layout = new Layout();
  const memory = { ...SPEC.memory, pages: 1024, growTo: 1024 };
  const plan = planComposition(layout, { ...SPEC, memory });
  const region = createRegion(layout, plan.memoryBytes);
  createComposition(plan, region, joinComposition(plan, region, COORDINATOR));
  const worker = attachComposition(plan, region, joinComposition(plan, region, 0));
  const pool = worker.pool("buffers");
  // The first fills the magazine, which the others come from.
  for (let element = 0; element < 3; element++) pool.allocate(ATOMIC);
  worker.resetCounts();
  const recorder = new TimelineRecorder([{ plan, region, owner: null }], COORDINATOR);
  recorder.look(0);
  pool.allocate(ATOMIC);
  recorder.look(1);
  assertEquals(recorder.timeline.pools["buffers"]!.live, [0, 1]);
});

Deno.test("TimelineRecorder says what the least reserve was where it moves", () => {
  const { recorder, pools: [a] } = rig();
  recorder.look(0);
  a!.resize(4);
  recorder.look(1);
  assertEquals(recorder.timeline.pools["buffers"], {
    live: [0, 0],
    reserve: [2, 4],
    minReserve: [2, 4],
  });
});

Deno.test("TimelineRecorder takes the pools that workers have for themselves together", () => {
  const { recorder, pools: [a, , c] } = rig([0, 1]);
  a!.allocate(ATOMIC);
  c!.allocate(ATOMIC);
  recorder.look(0);
  assertEquals(recorder.timeline.pools, { buffers: { live: [2], reserve: [4] } });
});

Deno.test("TimelineRecorder keeps few moments of a long run, evenly from its beginning to its end", () => {
  const { recorder } = rig();
  for (let look = 0; look < 10_000; look++) recorder.look(look);
  const { atNs } = recorder.timeline;
  assert(atNs.length <= MOMENTS_MOST && atNs.length >= MOMENTS_MOST / 2 - 1, `${atNs.length}`);
  const gaps = new Set(atNs.slice(1).map((at, index) => at - atNs[index]!));
  assertEquals([atNs[0], gaps.size], [0, 1]);
  assertGreater(atNs.at(-1)!, 9_800);
});

Deno.test("runScenario() has the timeline of each run", async () => {
  const options = { signal: new AbortController().signal, onProgress() {}, revision: null };
  const { runs } = await runScenario(plenty({ duration: 300e6 }), options);
  const { atNs, pools } = runs[0]!.timeline!;
  assertGreater(atNs.length, 1);
  assertEquals(atNs, atNs.toSorted((a, b) => a - b));
  assertEquals(new Set(pools["buffers"]!.reserve), new Set([16]));
  // Two workers of 64 each, give or take the pairs that come between the looks at what one has taken and what it has freed.
  const live = pools["buffers"]!.live.slice(1);
  assert(live.every((each) => each >= 0 && each <= 2 * 64 + 64), live.join());
  assertGreater(Math.max(...live), 100);
});
