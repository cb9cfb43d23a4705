import { assertEquals, assertThrows } from "@std/assert";
import { type MemorySpec, requireMemory } from "./memory_spec.ts";

const GOOD: MemorySpec = {
  pages: 64,
  pageBytes: 4096,
  growTo: 64,
  watermarks: { min: 1, low: 2, high: 3 },
};

Deno.test("requireMemory() lets memory pass that can be planned, at its edges too", () => {
  requireMemory(GOOD);
  requireMemory({ pages: 1, pageBytes: 1, growTo: 1, watermarks: { min: 0, low: 0, high: 0 } });
  requireMemory({ ...GOOD, watermarks: { min: 99, low: 99, high: 99 } });
});

const watermarks = (given: Partial<MemorySpec["watermarks"]>) => ({
  watermarks: { ...GOOD.watermarks, ...given },
});

const BAD: readonly { readonly given: Partial<MemorySpec>; readonly clause: string }[] = [
  { given: { pages: 0 }, clause: "pages must be an integer >= 1: current value is 0" },
  { given: { pages: 0.5 }, clause: "pages must be an integer >= 1: current value is 0.5" },
  { given: { pages: NaN }, clause: "pages must be an integer >= 1: current value is NaN" },
  { given: { pageBytes: 0 }, clause: "pageBytes must be an integer >= 1: current value is 0" },
  { given: { growTo: 63 }, clause: "growTo must be an integer >= 64: current value is 63" },
  { given: { growTo: 64.5 }, clause: "growTo must be an integer >= 64: current value is 64.5" },
  {
    given: watermarks({ min: -1 }),
    clause: "watermarks.min must be an integer >= 0: current value is -1",
  },
  {
    given: watermarks({ low: 0 }),
    clause: "watermarks.low must be an integer >= 1: current value is 0",
  },
  {
    given: watermarks({ high: 1 }),
    clause: "watermarks.high must be an integer >= 2: current value is 1",
  },
  {
    given: watermarks({ high: Infinity }),
    clause: "watermarks.high must be an integer >= 2: current value is Infinity",
  },
];

for (const { given, clause } of BAD) {
  Deno.test(`requireMemory() refuses memory because ${clause}`, () => {
    const { message } = assertThrows(() => requireMemory({ ...GOOD, ...given }), RangeError);
    assertEquals(message, `Cannot plan page memory as ${clause}`);
  });
}
