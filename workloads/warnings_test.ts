import { assertEquals } from "@std/assert";
import type { PoolResult, Run } from "../results/result.ts";
import { runScenario } from "./runner.ts";
import type { PoolSpec, Spec } from "./scenario.ts";
import { plenty } from "./testing/scenarios.ts";
import { warningsOf } from "./warnings.ts";

const SCENARIO = plenty({ workers: 1, duration: 20e6, warmup: 0 });
const CLOCK = { costNs: 0, grainNs: 1 };

/** The warnings of a real run of which one pool was changed. */
async function codesOf(change: (pool: PoolResult) => Partial<PoolResult>): Promise<string[]> {
  const { signal } = new AbortController();
  const { runs } = await runScenario(SCENARIO, { signal, onProgress() {}, revision: null });
  const run = { ...runs[0]!, steadyState: null };
  const buffers = run.pools.buffers!;
  const changed: Run = { ...run, pools: { buffers: { ...buffers, ...change(buffers) } } };
  return warningsOf(SCENARIO, [changed], CLOCK).map(({ code }) => code);
}

Deno.test("warningsOf() has nothing to say of a run in order", async () => {
  assertEquals(await codesOf(() => ({})), []);
});

Deno.test("warningsOf() says that an element is missing from the equation", async () => {
  assertEquals(await codesOf(({ frees }) => ({ frees: frees - 1 })), ["not-conserved"]);
});

Deno.test("warningsOf() says that an element leaked", async () => {
  const codes = await codesOf(({ frees, leaked }) => ({ frees: frees - 1, leaked: leaked + 1 }));
  assertEquals(codes, ["leaked"]);
});

Deno.test("warningsOf() counts the worker of the pressure among those that share the cores", () => {
  const cores = navigator.hardwareConcurrency;
  const messages = (pressure: string) => {
    const scenario = { ...plenty({ workers: cores }), pressure: { kind: pressure } };
    return warningsOf(scenario, [], CLOCK).map(({ message }) => message);
  };
  assertEquals(messages("none"), []);
  assertEquals(messages("hog"), [
    `${cores + 1} workers, that of the hog included, share ${cores} cores`,
  ]);
});

Deno.test("warningsOf() says which keys of a pool change nothing", () => {
  const ignored = (allocator: Spec, pool: Partial<PoolSpec>) => {
    const { pools: { buffers }, ...scenario } = SCENARIO;
    const pools = { buffers: { ...buffers!, over: "some", ...pool } };
    const allocators = { page: { kind: "page", order: 0 }, some: allocator };
    return warningsOf({ ...scenario, allocators, pools }, [], CLOCK).map(({ message }) => message);
  };
  const bound = "pools.buffers.maxReserve changes nothing: the pool's policy does not adapt";
  const magazine = "pools.buffers.magazine changes nothing: what the pool stands on is not cached";
  const heap = { kind: "heap", objectBytes: 64 };
  const pages = { kind: "composite", parts: [{ of: "page", count: 2 }] };
  assertEquals(ignored(heap, { maxReserve: 100, magazine: 8 }), [bound, magazine]);
  assertEquals(ignored(pages, { policy: "adaptive", maxReserve: 100, magazine: 8 }), [magazine]);
  assertEquals(ignored({ kind: "page", order: 0 }, { policy: "linux", magazine: 8 }), []);
});
