import { assertEquals } from "@std/assert";
import type { PoolResult, Run } from "../results/result.ts";
import { runScenario } from "./runner.ts";
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
