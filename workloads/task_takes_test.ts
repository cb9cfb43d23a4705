import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Mempool } from "../pools/mempool.ts";
import type { LoadContext } from "./kinds/load.ts";
import { runScenario } from "./runner.ts";
import type { AlternativeSpec } from "./scenario.ts";
import { taskTakes } from "./task_takes.ts";
import { plenty } from "./testing/scenarios.ts";

const QUIETLY = { revision: null, signal: new AbortController().signal, onProgress() {} };

/** Stands for a pool: only its name matters. */
const poolOf = (name: string) => ({ name }) as Mempool;

function contextOf(takeOneOf: readonly AlternativeSpec[], worker = 0): LoadContext {
  const take = [{ pool: "bio", count: 2, how: "bulk" as const }];
  const { workload } = plenty({ take, takeOneOf });
  return {
    workload,
    seed: 1,
    worker,
    takes: [poolOf("bio"), poolOf("bio")],
    takesOneOf: takeOneOf.map(({ pool, count }) => Array(count).fill(poolOf(pool))),
  } as unknown as LoadContext;
}

const MIX: readonly AlternativeSpec[] = [
  { pool: "small", count: 1, how: "each", weight: 60 },
  { pool: "never", count: 9, how: "each", weight: 0 },
  { pool: "large", count: 3, how: "each", weight: 30 },
  { pool: "huge", count: 3, how: "bulk", weight: 10 },
];

/** What the first tasks take after what they always take. */
function drawn(context: LoadContext, tasks: number): string[] {
  const takes = taskTakes(context);
  return Array.from({ length: tasks }, () => {
    const name = takes.takes[2]!.name;
    takes.advance();
    return name;
  });
}

Deno.test("taskTakes() has every task take the same where there is nothing to draw", () => {
  const takes = taskTakes(contextOf([]));
  for (let task = 0; task < 3; task++) {
    assertEquals([takes.takes.map(({ name }) => name), takes.runs], [["bio", "bio"], [2]]);
    takes.advance();
  }
  assertEquals(takes.width, 2);
});

Deno.test("taskTakes() draws one alternative for each task, by weight, after what all take", () => {
  const takes = taskTakes(contextOf(MIX));
  const runs: Record<string, readonly number[]> = {
    small: [2, 1],
    large: [2, 1, 1, 1],
    huge: [2, 3],
  };
  const counts: Record<string, number> = { small: 0, large: 0, huge: 0 };
  for (let task = 0; task < 20_000; task++) {
    const names = takes.takes.map(({ name }) => name);
    const last = names.at(-1)!;
    assertEquals(names, ["bio", "bio", ...Array(last === "small" ? 1 : 3).fill(last)]);
    assertEquals(takes.runs, runs[last]);
    counts[last]!++;
    takes.advance();
  }
  for (const { pool, weight } of MIX.filter(({ weight }) => weight > 0)) {
    assertAlmostEquals(counts[pool]! / 20_000, weight / 100, 0.015, pool);
  }
  assertEquals(takes.width, 11);
});

Deno.test("taskTakes() draws the same from the same seed, and each worker for itself", () => {
  assertEquals(drawn(contextOf(MIX), 50), drawn(contextOf(MIX), 50));
  const same = drawn(contextOf(MIX, 1), 50).filter((name, task) =>
    name === drawn(contextOf(MIX), 50)[task]
  );
  assertEquals(same.length < 50, true);
});

for (
  const changes of [
    { kind: "closed", hold: { kind: "constant", time: 1e5 }, inFlight: 8 },
    { kind: "closed", inFlight: 8 },
    { kind: "closed", inFlight: 8, asyncShare: 0.5 },
    {
      kind: "open",
      arrival: { kind: "poisson", rate: 20_000 },
      hold: { kind: "constant", time: 1e5 },
      asyncShare: 0.3,
    },
  ]
) {
  Deno.test(`runScenario() has each task of a load take one alternative and give it back: ${JSON.stringify(changes)}`, async () => {
    const { pools, ...scenario } = plenty({
      ...changes,
      takeOneOf: [
        { pool: "one", count: 1, how: "each", weight: 3 },
        { pool: "two", count: 2, how: "bulk", weight: 1 },
      ],
    });
    const other = { ...pools.buffers!, minReserve: 4 };
    const { runs: [run] } = await runScenario(
      { ...scenario, pools: { ...pools, one: other, two: other } },
      QUIETLY,
    );
    const { buffers, one, two } = run!.pools;
    assertEquals([run!.leaked, buffers!.allocs], [0, one!.allocs + two!.allocs / 2]);
    assertEquals(buffers!.held, one!.held + two!.held / 2);
    assertAlmostEquals(one!.allocs / buffers!.allocs, 0.75, 0.1);
  });
}
