/** The scenario swap-out, on less memory and for a shorter time: it goes on with a reserve of one, and locks up without. */
import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { runScenario } from "./runner.ts";
import { InputError } from "./input_error.ts";
import type { Overrides } from "./overrides.ts";
import { lockingUp, once, runToEnd, shortened } from "./testing/short_run.ts";

const PAGES = 128;

function swapOut(changes: Overrides = {}) {
  const { set = [], ...rest } = changes;
  const memory = `memory={"pages":${PAGES},"watermarks":{"min":0,"low":16,"high":24}}`;
  return shortened("swap-out", { ...rest, set: [memory, ...set] });
}

for (const workers of [1, 2, 4]) {
  Deno.test(`swap-out goes on with one element in reserve, with ${workers} workers`, async () => {
    const { pools: { "swap-io": pool }, allocators: { page } } = await runToEnd(
      swapOut({ workers }),
    );
    const { allocs, frees, levels } = pool!;
    assertGreater(frees, 100, "pages are swapped out");
    assertEquals([allocs, levels[1]!.hits > 0], [frees, true]);
    assertGreater(page!.allocs, PAGES, "what was freed was filled again");
    assertGreater(page!.blockingFailures, 0);
  });

  Deno.test(`swap-out locks up without a reserve, and who holds all pages is known, with ${workers} workers`, async () => {
    const { ending, deadlock } = await once(swapOut({ workers, ...lockingUp("swap-io") }));
    assertEquals(ending, "deadlock");
    const stuck = deadlock!.workers;
    const pages = stuck.flatMap(({ holds }) => holds.map(({ pool, elements }) => [pool, elements]));
    assert(pages.every(([pool]) => pool === "page"));
    assertEquals(pages.reduce((sum, [, elements]) => sum + Number(elements), 0), PAGES);
    for (const { holds, awaits } of stuck) {
      assertEquals(awaits.map(({ pool }) => pool), holds.length > 0 ? ["swap-io"] : []);
    }
    const holders = stuck.filter(({ holds }) => holds.length > 0).map(({ worker }) => worker);
    assertEquals(deadlock!.self, holders.length === 1 ? holders[0] : null);
  });
}

Deno.test("swap-out is told that one element would have been enough, though the back end lives", async () => {
  const { signal } = new AbortController();
  const scenario = swapOut({ workers: 1, ...lockingUp("swap-io") });
  const run = () => runScenario(scenario, { signal, onProgress() {}, revision: null });
  const { message } = await assertRejects(run, Error);
  assertEquals(
    message,
    'swap-out: self-deadlock: no progress: worker 0 waits for an element of "swap-io" and nobody else ' +
      'could free one: raise the reserve of "swap-io" to 1',
  );
});

Deno.test("swap-out finds no floor of the allocator a help: pages are taken from below it too", async () => {
  const floor = `memory={"pages":${PAGES},"watermarks":{"min":16,"low":16,"high":16}}`;
  const { ending } = await once(swapOut(lockingUp("swap-io", [floor])));
  assertEquals(ending, "deadlock");
});

const REFUSED: Readonly<Record<string, readonly [set: string, said: string]>> = {
  "several elements": [
    'workload.take=[{"pool":"swap-io","count":2}]',
    "workload.take: 2 elements are not allowed: a swap-out takes one element of one pool",
  ],
  "memory without end": [
    "allocators.page.kind=null",
    'workload.take: what "swap-io" stands on never runs out: give a pool over page memory',
  ],
  "callers that may not sleep": [
    "workload.atomicShare=0.5",
    "workload.atomicShare: 0.5 is not allowed: a workload of kind swap-out has no callers that may " +
    "not sleep, so leave it out",
  ],
  "callers on the event loop": [
    "workload.asyncShare=0.5",
    "workload.asyncShare: 0.5 is not allowed: a workload of kind swap-out has no callers on the event " +
    "loop, so leave it out",
  ],
};

for (const [what, [set, said]] of Object.entries(REFUSED)) {
  Deno.test(`swap-out refuses ${what} before anything runs, by its key`, () => {
    const { message } = assertThrows(() => swapOut({ set: [set] }), InputError);
    assertStringIncludes(message, said);
  });
}
