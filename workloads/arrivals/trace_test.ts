import { assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import { createRandom } from "../random.ts";
import { withFile } from "../traces/made_up.ts";
import { TraceError } from "../traces/trace.ts";
import { trace } from "./trace.ts";

const HEADER = "t_ns,op,id,size,worker\n";

function timesOf(recorded: Float64Array, context: { worker: number; workers: number }, speed = 1) {
  const whole = { ...context, rateShare: 1 / context.workers, recorded };
  const next = trace.gaps({ file: "", speed }, whole, createRandom(1, 0));
  let now = 0;
  return Array.from({ length: 6 }, () => now += next());
}

Deno.test("trace.load() reads when a trace allocates, from its first on", async () => {
  const content = `${HEADER}100,a,1,64,0\n130,a,2,64,0\n140,f,1,,0\n160,a,3,64,0\n`;
  const recorded = await withFile(content, (file) => trace.load!({ file }));
  assertEquals([...recorded], [0, 30, 60]);
});

Deno.test("trace.gaps() goes on with the trace's beginning after its end, at the same rate", () => {
  const recorded = Float64Array.of(0, 10, 60);
  assertEquals(timesOf(recorded, { worker: 0, workers: 1 }), [0, 10, 60, 90, 100, 150]);
  assertEquals(timesOf(recorded, { worker: 0, workers: 1 }, 2), [0, 5, 30, 45, 50, 75]);
});

Deno.test("trace.gaps() lets the workers take turns", () => {
  const recorded = Float64Array.of(0, 10, 60);
  assertEquals(timesOf(recorded, { worker: 0, workers: 2 }), [0, 60, 100, 180, 240, 280]);
  assertEquals(timesOf(recorded, { worker: 1, workers: 2 }), [10, 90, 150, 190, 270, 330]);
  const many = timesOf(recorded, { worker: 7, workers: 8 });
  assertAlmostEquals(many[0]!, 190);
});

Deno.test("trace.load() refuses what has no times, or no rate", async () => {
  for (
    const [content, said] of [
      ["op,id,size,worker\na,1,64,0\na,2,64,0\n", "its clock counts operations"],
      [`${HEADER}5,a,1,64,0\n5,a,2,64,0\n`, "no two arrivals at different times"],
    ]
  ) {
    await withFile(content!, async (file) => {
      await assertRejects(() => trace.load!({ file }), TraceError, `Cannot read trace ${file}`);
      await assertRejects(() => trace.load!({ file }), TraceError, said);
    });
  }
});

Deno.test("trace.gaps() leaves no garbage behind", () => {
  const recorded = Float64Array.from({ length: 1000 }, (_, i) => i * 7.5);
  const context = { rateShare: 1, worker: 0, workers: 1, recorded };
  const next = trace.gaps({ speed: 1 }, context, createRandom(1, 0));
  const clock = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) clock[0] = clock[0]! + next();
  });
  assertLess(grown, 50_000);
});
