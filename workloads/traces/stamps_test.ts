import { assertEquals } from "@std/assert";
import { nanoseconds, Stamps } from "./stamps.ts";

/** Times of stamps `whole.fraction`, and the grain that they show. */
function read(unitNs: number, ...texts: readonly string[]) {
  const stamps = new Stamps(unitNs);
  const times = texts.map((text) => {
    const [whole = "", fraction] = text.split(".");
    return stamps.at(whole, fraction);
  });
  return { times, resolutionNs: stamps.resolutionNs };
}

Deno.test("Stamps.at() counts from the whole part of the first, to the last digit", () => {
  assertEquals(read(1e9, "2180.648664677", "2180.648664678", "2181.0").times, [
    648664677,
    648664678,
    1e9,
  ]);
  assertEquals(read(100, "128166372003061629", "128166372003061630", "128166372003061628").times, [
    0,
    100,
    -100,
  ]);
  assertEquals(read(1, "99999999999999999999", "1").times, [0, -99999999999999999998]);
});

Deno.test("Stamps.resolutionNs is the grain of the most digits, a nanosecond at least", () => {
  assertEquals(read(1e9, "1").resolutionNs, 1e9);
  assertEquals(read(1e9, "1.5", "1.123456", "1.25").resolutionNs, 1000);
  assertEquals(read(1e6, "0.091").resolutionNs, 1000);
  assertEquals(read(1e3, "1.123456").resolutionNs, 1);
});

Deno.test("nanoseconds() cuts off what is finer than a nanosecond", () => {
  assertEquals(nanoseconds("0", "000015", 1e9), 15000);
  assertEquals(nanoseconds("3", undefined, 1e9), 3e9);
  assertEquals(nanoseconds("0", "1234567890123", 1e9), 123456789);
});
