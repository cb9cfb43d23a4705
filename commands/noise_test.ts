import { assertAlmostEquals, assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { measureNoise, noiseOf } from "./noise.ts";

Deno.test("noiseOf() finds nothing where both sides took the same time", () => {
  const times = Array.from({ length: 60 }, () => 5);
  const { windows, pairSpread, detectable, speeds, sliceMs } = noiseOf({ a: times, b: times });
  assertEquals({ windows, pairSpread, detectable, speeds, sliceMs }, {
    windows: 3,
    pairSpread: 0,
    detectable: 0,
    speeds: 1,
    sliceMs: 5,
  });
});

Deno.test("noiseOf() reports the worst window, whichever side was slower", () => {
  const a = Array.from({ length: 60 }, () => 5);
  const b = a.map((time, pair) => pair >= 20 && pair < 40 ? time * 1.1 : time);
  assertAlmostEquals(noiseOf({ a, b }).detectable, 0.1, 1e-9);
  assertAlmostEquals(noiseOf({ a: b, b: a }).detectable, 0.1, 1e-9);
});

Deno.test("noiseOf() is not moved by one disturbed pair of a window, but shows the speeds", () => {
  const a = Array.from({ length: 40 }, () => 5);
  const b = a.with(7, 20);
  assertEquals(noiseOf({ a, b }).detectable, 0);
  assertEquals(noiseOf({ a, b }).speeds, 4);
});

Deno.test("measureNoise() takes both sides equally often", async () => {
  const { signal } = new AbortController();
  const noise = await measureNoise({ durationMs: 200, now: () => performance.now(), signal });
  assertEquals([noise.pairs, noise.windows], [20, 1]);
  assertGreaterOrEqual(noise.speeds, 1);
});

Deno.test("measureNoise() ends when it is interrupted", async () => {
  const controller = new AbortController();
  const noise = measureNoise({
    durationMs: 3600e3,
    now: () => performance.now(),
    signal: controller.signal,
  });
  setTimeout(() => controller.abort());
  assertLess((await noise).pairs, 1000);
});
