import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../random.ts";
import { Dispersion } from "./dispersion.ts";

function of(times: Iterable<number>) {
  const dispersion = new Dispersion();
  for (const time of times) dispersion.add(time);
  return dispersion.indices;
}

Deno.test("Dispersion is variance over mean of the arrivals in whole windows from the first on", () => {
  // 2 and 0 in turn, in 40 windows of 1 ms: mean 1, variance 1. The last arrival's window is not over.
  const times = Array.from({ length: 20 }, (_, i) => [i * 2e6, i * 2e6 + 5]).flat();
  assertEquals(of([...times, 40e6])?.["1ms"], 1);
});

Deno.test("Dispersion is near 1 for Poisson arrivals, whatever the window", () => {
  const random = createRandom(5, 0);
  let time = 0;
  const indices = of(
    Array.from({ length: 50_000 }, () => time -= Math.log(random.uniform()) * 1e5),
  );
  assertEquals(Object.keys(indices!), ["100us", "1ms", "10ms", "100ms"]);
  assert(Object.values(indices!).slice(0, 3).every((index) => Math.abs(index - 1) < 0.2));
});

Deno.test("Dispersion says nothing of too few windows, or too few arrivals", () => {
  assertEquals(of([]), null);
  assertEquals(of([0, 1e6, 29e6]), null);
  assertEquals(of([0, 100e9]), null);
});
