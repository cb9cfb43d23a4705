import { assertAlmostEquals, assertEquals } from "@std/assert";
import { erlangC, erlangSize, waitsLonger } from "./erlang.ts";

Deno.test("erlangC() agrees with the sum it abbreviates", () => {
  for (const [servers, offered] of [[1, 0.5], [3, 2], [32, 20], [120, 100]] as const) {
    let term = 1;
    let sum = 1;
    for (let n = 1; n < servers; n++) sum += term *= offered / n;
    const last = term * offered / servers * servers / (servers - offered);
    assertAlmostEquals(erlangC(servers, offered), last / (sum + last), 1e-12);
  }
  assertEquals([erlangC(1, 1), erlangC(0, 0.5)], [1, 1]);
});

Deno.test("erlangC() of tens of thousands comes to what Halfin and Whitt (1981) found for many servers", () => {
  for (const offered of [2000, 20_000, 50_000]) {
    // Twice as many in reserve as the load's standard deviation, and far beyond.
    const spare = 2 * Math.sqrt(offered);
    assertAlmostEquals(erlangC(offered + spare, offered), 0.0269, 0.002);
    assertEquals(erlangC(4 * offered, offered), 0);
  }
});

Deno.test("erlangSize() finds the smallest that meets the target", () => {
  assertEquals(erlangSize({ offered: 20, meanHoldNs: 1e6, limitNs: 0 }, 0.01), 32);
  for (const offered of [0.1, 1, 20, 200, 20_000]) {
    for (const limitNs of [0, 2e5]) {
      const load = { offered, meanHoldNs: 1e6, limitNs };
      const size = erlangSize(load, 1e-3);
      assertEquals(waitsLonger(size, load) < 1e-3 && waitsLonger(size - 1, load) >= 1e-3, true);
    }
  }
});
