import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { boundsOf } from "../deadlock.ts";
import { refusal, sampleWith } from "../testdata/sample.ts";
import { only, runConserving } from "../testing/live_run.ts";
import { plenty } from "../testing/scenarios.ts";
import { producerConsumer } from "./producer_consumer.ts";

const ROLES = { producers: null, batch: 1, ring: 64 };

function between(changes: object = {}) {
  return plenty({ kind: "producer-consumer", workers: 2, inFlight: 1, ...ROLES, ...changes });
}

for (
  const [name, changes] of Object.entries({
    "one by one": {},
    "in batches, by callers of which some may not sleep": { batch: 8, atomicShare: 0.5 },
    "from two producers to one consumer": { workers: 3, producers: 2 },
    "from one producer to two consumers": { workers: 3, producers: 1, batch: 4 },
    "several at a time": {
      take: [{ pool: "buffers", count: 3, how: "each" }],
      batch: 5,
    },
    "as bulks": { take: [{ pool: "buffers", count: 4, how: "bulk" }] },
  })
) {
  Deno.test(`producer-consumer frees everything, all of it by others, ${name}`, async () => {
    const scenario = between(changes);
    const { run, pool } = only(await runConserving(scenario));
    assertGreater(pool.allocs, 200);
    assertEquals(pool.held, 0);
    const producers = scenario.workload.workers === 3 && !("batch" in changes) ? 2 : 1;
    const took = run.workers.map(({ allocs }) => allocs > 0);
    assertEquals(took, took.map((_, worker) => worker < producers));
  });
}

Deno.test("producer-consumer goes on over a reserve that is smaller than its rings", async () => {
  const { workload, ...scenario } = between({ warmup: 0 });
  const result = await runConserving({ ...scenario, workload, pressure: { kind: "dead" } });
  const { pool } = only(result);
  assertGreater(pool.allocs, 200);
  assertEquals(pool.reserve.current, 16);
});

Deno.test("producer-consumer needs P(k-1)+1 elements for P producers that hand over batches of k", () => {
  const { workload, ...scenario } = between({ workers: 6, producers: 4, batch: 8 });
  const deadlock = {
    workers: [],
    pools: [{ name: "buffers", min: 28 }],
    self: null,
    outlook: "dead" as const,
  };
  const bound = (min: number) =>
    boundsOf(
      { ...deadlock, pools: [{ name: "buffers", min }] },
      { ...scenario, workload },
      producerConsumer,
      () => true,
    )[0];
  assertEquals([bound(28)?.tasks, bound(28)?.elements, bound(28)?.enough], [4, 8, 29]);
  assertEquals(bound(29), undefined);
});

Deno.test("producer-consumer refuses roles and batches that cannot be", () => {
  const text = (keys: string) =>
    sampleWith('"kind": "open",', `"kind": "producer-consumer", ${keys}`)
      .replace(/"arrival"[^]*?"1ms" }/, '"warmup": 0');
  const cases: [string, string][] = [
    ['"producers": 2,', "workload.producers: 2 is not allowed: give an integer from 1 to 1"],
    [
      '"batch": 9, "ring": 8,',
      "workload.batch: 9 is not allowed: a batch of 9 elements does not fit",
    ],
    ['"ring": 9,', "workload.ring: 9 is not a power of two"],
  ];
  for (const [keys, said] of cases) assertStringIncludes(refusal(text(keys)), said);
  const alone = text("").replace('"workers": 2', '"workers": 1');
  assertStringIncludes(refusal(alone), "workload.workers: 1 is not allowed: give 2 or more");
  assert(!refusal(alone).includes("\n"));
});
