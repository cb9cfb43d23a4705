import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { InputError } from "../workloads/input_error.ts";
import { readingOf } from "../workloads/traces/options.ts";
import { TraceError } from "../workloads/traces/trace.ts";
import { loadScenarios } from "./scenarios.ts";

async function inFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const file = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(file, text);
    return await use(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("loadScenarios() is the canonical scenario where nothing is named", async () => {
  const [scenario] = await loadScenarios([], {});
  assertEquals(scenario?.name, "canonical");
});

Deno.test("loadScenarios() applies the options to every scenario", async () => {
  const scenarios = await loadScenarios(["canonical", "outages"], { minReserve: "7", repeat: "3" });
  assertEquals(scenarios.map(({ repeat }) => repeat), [3, 3]);
  assertEquals(scenarios.map(({ pools }) => Object.values(pools)[0]?.minReserve), [7, 7]);
});

Deno.test("loadScenarios() makes a pool for each size class of a trace that stands alone", async () => {
  const trace = "t_ns,op,id,size,worker\n0,a,1,100,0\n10,a,2,4097,0\n20,a,3,8192,0\n" +
    "30,a,4,20000,0\n40,f,1,0,0\n50,f,2,0,0\n60,f,3,0,0\n70,f,4,0,0\n";
  await inFile(trace, async (file) => {
    const [scenario] = await loadScenarios([], { trace: file, speed: "2x" });
    assertEquals(Object.keys(scenario!.pools), [
      "size-128",
      "size-6144",
      "size-8192",
      "size-32768",
    ]);
    const { kind, speed, trace } = scenario!.workload;
    assertEquals({ kind, speed, trace }, { kind: "replay", speed: 2, trace: file });
  });
});

Deno.test("loadScenarios() keeps in the scenario how its trace is read", async () => {
  const chosen = { unfinished: "hold", spread: true, view: "bio", join: null } as const;
  await inFile("start_us,bytes\n0,100\n5,9000\n", async (file) => {
    const { join: _, ...options } = chosen;
    const [scenario] = await loadScenarios([], {
      trace: file,
      hold: "exponential:mean=1ms",
      ...options,
    });
    const { workload, seed, pools } = scenario!;
    assertEquals(Object.keys(pools), ["size-128", "size-16384"]);
    const hold = { kind: "exponential", mean: 1e6 };
    assertEquals(readingOf(workload, seed), { ...chosen, hold, seed });
  });
});

Deno.test("loadScenarios() refuses arrivals only where no holds are given", async () => {
  await inFile("start_us,bytes\n0,100\n5,9000\n", async (file) => {
    const error = await assertRejects(() => loadScenarios([], { trace: file }), TraceError);
    assertStringIncludes(error.message, "it records arrivals only");
    assertStringIncludes(error.message, "give holds with --hold, such as --hold 5ms");
  });
});

Deno.test("loadScenarios() refuses a name that is neither a scenario nor a file", async () => {
  await assertRejects(
    () => loadScenarios(["canonical", "outage"], {}),
    InputError,
    "outage: there is no such file, and no such scenario: give a file or ",
  );
});
