import { assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Sweep } from "../results/sweep.ts";
import { withPareto } from "../results/sweep.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { sweep } from "./sweep.ts";
import { combinationsOf, parseVaried } from "./vary.ts";

const NOBODY = { signal: new AbortController().signal, onProgress() {}, revision: null };

function swept(
  texts: readonly string[],
  simulate: boolean,
  signal = NOBODY.signal,
): Promise<Sweep> {
  const varied = texts.map(parseVaried);
  const cells = combinationsOf(varied).map(({ settings, overrides }) => ({
    settings,
    scenario: parseScenario(
      { name: "outages" },
      { duration: "100ms", warmup: 0, ...overrides },
      registered,
    ),
  }));
  return sweep(cells, { ...NOBODY, varied, simulate, signal });
}

Deno.test("sweep() gives the same bytes for the same seed, 20 times, and others for another", async () => {
  const keys = ["min-reserve=8,16"];
  const documents = new Set<string>();
  for (let run = 0; run < 20; run++) documents.add(JSON.stringify(await swept(keys, true)));
  assertEquals(documents.size, 1);
  documents.add(JSON.stringify(await swept([...keys, "seed=2"], true)));
  assertEquals(documents.size, 2);
});

Deno.test("sweep() shows that a larger reserve costs more and makes fewer wait", async () => {
  const { rows, simulated } = await swept(["min-reserve=4..32"], true);
  assertEquals([simulated, rows.map(({ minReserve }) => minReserve)], [true, [4, 8, 16, 32]]);
  rows.slice(1).forEach((row, index) => {
    assertLess(row.missRate, rows[index]!.missRate);
    assertEquals(row.bytes, row.minReserve * 4096);
  });
  assertEquals(rows.every(({ pareto }) => pareto), true);
});

Deno.test("sweep() runs with real workers, and keeps what there is when it is stopped", async () => {
  const { rows, partial } = await swept(["min-reserve=8,16"], false);
  assertEquals([rows.length, partial], [2, false]);
  assertGreater(rows[0]!.allocsPerSecond!, 0);
  const stopped = new AbortController();
  stopped.abort();
  const none = await swept(["min-reserve=8,16"], false, stopped.signal);
  assertEquals([none.rows.length, none.partial], [0, true]);
});

Deno.test("withPareto() marks what nothing beats in memory and tail both", () => {
  const row = (bytes: number, p999: number | null, missRate: number) => ({
    ...{ settings: {}, minReserve: 0, bytes, rates: [], missRate, allocsPerSecond: null },
    tailNs: { p50: 0, p99: 0, "p99.9": p999, max: null },
  });
  const rows = [
    row(1, null, 0.5),
    row(2, 100, 0.1),
    row(3, 100, 0.1),
    row(3, 50, 0),
    row(9, 60, 0),
  ];
  assertEquals(withPareto(rows).map(({ pareto }) => pareto), [true, true, false, true, false]);
  assertEquals(withPareto([row(2, 0, 0.2), row(2, 0, 0.1)]).map((each) => each.pareto), [
    false,
    true,
  ]);
});
