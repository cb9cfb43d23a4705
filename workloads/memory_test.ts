import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { memoryProblems, resolveMemory } from "./memory.ts";
import { assertRefusals } from "./testdata/sample.ts";

Deno.test("resolveMemory() spaces the watermarks from the pages, and leaves out growth", () => {
  assertEquals(resolveMemory({ pages: 4096, pageBytes: 4096, watermarks: {} }), {
    pages: 4096,
    pageBytes: 4096,
    watermarks: { min: 64, low: 80, high: 96 },
    growTo: 4096,
  });
});

Deno.test("resolveMemory() fills in what fits what was given", () => {
  const watermark = fc.option(fc.nat(120), { nil: undefined });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.record({ min: watermark, low: watermark, high: watermark }),
      (pages, watermarks) => {
        const memory = resolveMemory({ pages, pageBytes: 4096, watermarks });
        const given = Object.values(watermarks).filter((value) => value !== undefined);
        const fits = given.every((value, i) => value < pages && value >= (given[i - 1] ?? 0));
        assertEquals(memoryProblems(memory).length === 0, fits);
      },
    ),
  );
});

Deno.test("memoryProblems() refuses watermarks out of order", () => {
  const why = ", so that min <= low <= high < pages";
  const at = "3: memory.watermarks";
  assertRefusals([
    ['"low": 64', '"low": 16', `${at}.min: 32 is not allowed: give an integer from 0 to 16${why}`],
    [
      '"low": 64',
      '"low": 100',
      `${at}.low: 100 is not allowed: give an integer from 32 to 96${why}`,
    ],
    [
      '"high": 96',
      '"high": 4096',
      `${at}.high: 4096 is not allowed: give an integer from 64 to 4095${why}`,
    ],
    [
      '"pages": 4096',
      '"pages": 50',
      `${at}.high: 96 is not allowed: give numbers${why.slice(1)}`,
    ],
    ['"min": 32', '"min": -1', `${at}.min: -1 is out of range: give 0 or more`],
  ]);
});

Deno.test("memoryProblems() refuses more than one buffer holds, and growth below the start", () => {
  const room = "an integer from 4096 to 2097152 (pages to what 8 GiB holds)";
  assertRefusals([
    [
      '"pages": 4096',
      '"pages": 3000000',
      "3: memory.pages: 3000000 is not allowed: give an integer from 1 to 2097152, what 8 GiB holds",
    ],
    ['"pages": 4096', '"pages": 0', "3: memory.pages: 0 is out of range: give 1 or more"],
    [
      '"growTo": 4096',
      '"growTo": 4095',
      `3: memory.growTo: 4095 is not allowed: give ${room}`,
    ],
    [
      '"growTo": 4096',
      '"growTo": 4000000',
      `3: memory.growTo: 4000000 is not allowed: give ${room}`,
    ],
    [
      '"growTo": 4096',
      '"pageBytes": 5000',
      "3: memory.pageBytes: 5000 is not allowed: give a power of two from 512 to 1048576",
    ],
  ]);
});
