import { assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import { mean } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import { withFile } from "../traces/made_up.ts";
import { TraceError } from "../traces/trace.ts";
import { trace } from "./trace.ts";

const RECORDED = Float64Array.of(1, 2, 3, 4, 5);

function times(order: string, worker: number, workers: number, draws: number): number[] {
  const context = { worker, workers, recorded: RECORDED };
  return Array.from({ length: draws }, trace.times({ order }, createRandom(3, worker), context));
}

Deno.test("trace.load() reads the holds in order of their allocation, without those that never end", async () => {
  const content = "t_ns,op,id,size,worker\n" +
    "0,a,1,64,0\n10,a,2,64,0\n20,a,3,64,0\n30,f,3,,0\n40,f,1,,0\n50,a,1,64,0\n55,f,1,,0\n";
  const recorded = await withFile(content, (file) => trace.load!({ file }));
  assertEquals([...recorded], [40, 10, 5]);
});

Deno.test("trace.load() refuses a trace that frees nothing", async () => {
  await withFile("t_ns,op,id,size,worker\n0,a,1,64,0\n", async (file) => {
    await assertRejects(() => trace.load!({ file }), TraceError, "it frees nothing");
  });
});

Deno.test("trace.times() lets the workers take turns, round after round", () => {
  assertEquals(times("recorded", 0, 1, 7), [1, 2, 3, 4, 5, 1, 2]);
  assertEquals(times("recorded", 0, 2, 5), [1, 3, 5, 2, 4]);
  assertEquals(times("recorded", 1, 2, 5), [2, 4, 1, 3, 5]);
  assertEquals(times("recorded", 6, 7, 4), [2, 4, 1, 3]);
});

Deno.test("trace.times() resampled draws each as often as another, by the seed", () => {
  const drawn = times("resampled", 0, 1, 50_000);
  for (const hold of RECORDED) {
    const share = drawn.filter((time) => time === hold).length / drawn.length;
    assertAlmostEquals(share, 0.2, 0.01);
  }
  assertAlmostEquals(mean(drawn), 3, 0.03);
  assertEquals(drawn, times("resampled", 0, 1, 50_000));
});

Deno.test("trace.times() leaves no garbage behind", () => {
  const context = { worker: 0, workers: 1, recorded: RECORDED };
  const next = trace.times({ order: "resampled" }, createRandom(3, 2), context);
  const total = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) total[0] = total[0]! + next();
  });
  assertLess(grown, 50_000);
});
