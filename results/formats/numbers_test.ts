import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytes, count, duration, exactCount, percentage } from "./numbers.ts";

Deno.test("count() is exact below a million and short above", () => {
  const expected: [number, string][] = [
    [0, "0"],
    [999, "999"],
    [12_345, "12,345"],
    [999_999, "999,999"],
    [999_999.6, "1M"],
    [1_234_567, "1.23M"],
    [999_999_999, "1G"],
    [5e12, "5T"],
    [9e15, "9,000T"],
  ];
  for (const [value, text] of expected) assertEquals(count(value), text);
});

Deno.test("exactCount() shows every digit", () => {
  assertEquals(exactCount(2_463_293), "2,463,293");
});

Deno.test("duration() changes the unit where rounding reaches the next", () => {
  const expected: [number | null, string][] = [
    [null, "-"],
    [0, "0ns"],
    [3.14159, "3.14ns"],
    [96, "96ns"],
    [999.4, "999ns"],
    [999.6, "1us"],
    [1_240, "1.24us"],
    [3_500_000, "3.5ms"],
    [2.1e9, "2.1s"],
    [999_700, "1ms"],
    [3.6e12, "3,600s"],
  ];
  for (const [value, text] of expected) assertEquals(duration(value), text);
});

Deno.test("bytes() counts in powers of 1024", () => {
  const expected = ["0B", "512B", "1KiB", "4KiB", "15.8MiB"];
  assertEquals([0, 512, 1024, 4096, 16_515_072].map(bytes), expected);
});

Deno.test("percentage() never rounds something to nothing, nor almost all to all", () => {
  const expected: [number, string][] = [
    [0, "0%"],
    [1e-9, "<0.001%"],
    [0.00003, "0.003%"],
    [0.0005, "0.050%"],
    [0.0053, "0.53%"],
    [0.025, "2.5%"],
    [0.5, "50.0%"],
    [0.9523, "95.2%"],
    [0.9995, "99.950%"],
    [0.99997, "99.997%"],
    [0.9999999, ">99.99%"],
    [1, "100%"],
  ];
  for (const [value, text] of expected) assertEquals(percentage(value), text);
});

Deno.test("count(), duration() and percentage() keep to a column of seven characters", () => {
  const magnitude = fc.double({ min: 0, max: 15, noNaN: true }).map((power) => 10 ** power);
  fc.assert(fc.property(magnitude, (value) => {
    for (const text of [count(value), duration(value), percentage(1 / value)]) {
      assert(text.length <= 7 || value > 1e12, `${text} of ${value}`);
    }
    assert(percentage(1 / value) !== "0%" && (value === 1 || percentage(1 / value) !== "100%"));
  }));
});
