import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Environment } from "../results/result.ts";
import { adviceOn } from "./diagnosis.ts";
import { diagnosisText } from "./diagnosis_text.ts";
import type { Noise } from "./noise.ts";

const environment: Environment = {
  deno: "2.9.6",
  v8: "15.0",
  os: "linux",
  arch: "x86_64",
  cpu: "EPYC",
  cores: 2,
  clock: { costNs: 100, grainNs: 20 },
  harness: { floorNs: 2 },
  revision: null,
};
const noise: Noise = {
  pairs: 300,
  pairsPerWindow: 20,
  windows: 15,
  sliceMs: 5,
  pairSpread: 0.04,
  detectable: 0.0123,
  speeds: 1.05,
};
const workerClock = { offsetNs: -120, withinNs: 300 };

Deno.test("adviceOn() says what a quiet machine cannot show, and nothing more", () => {
  assertEquals(adviceOn({ environment, workerClock, noise }), [
    "An operation that takes less than about 200 ns cannot be timed alone: only batches of it can.",
    "Differences under about 1.2 % cannot be seen on this machine.",
    "Up to 2 workers run at the same time; more take turns.",
  ]);
});

Deno.test("adviceOn() warns of noise, of changing speed and of a single core", () => {
  const advice = adviceOn({
    environment: { ...environment, cores: 1 },
    workerClock,
    noise: { ...noise, detectable: 0.2, speeds: 1.8 },
  }).join("\n");
  for (const said of ["noisy", "1.8 times as long", "one core"]) assertStringIncludes(advice, said);
});

Deno.test("diagnosisText() shows what was measured, then the advice", () => {
  const text = diagnosisText(
    { schema: "mempool-bench/doctor@1", environment, workerClock, noise, advice: ["Be careful."] },
    { color: false, columns: 80 },
  );
  assertEquals(text.split("\n"), [
    "machine   2 cores, EPYC, linux x86_64",
    "runtime   Deno 2.9.6, V8 15.0",
    "clock     a read costs 100ns, the smallest step is 20ns",
    "harness   2ns for a pair that does nothing (null allocator)",
    "workers   a worker's clock differs by -120ns, known to within 300ns",
    "noise     identical work in 300 interleaved pairs of 5ms: 95 of 100 pairs within",
    "          4.0%, medians of 15 windows of 20 pairs within 1.2%, slowest to",
    "          fastest 1.05",
    "",
    "- Be careful.",
    "",
  ]);
});
