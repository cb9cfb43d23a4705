/** The hog in one thread, with a page cache and a pool that only note what they are asked for; whole runs are in `highmem_test.ts`. */
import { assertEquals } from "@std/assert";
import { type Handle, NONE } from "../../allocators/allocator.ts";
import { hog } from "./hog.ts";
import type { PressureContext } from "./pressure.ts";

/** What stands round a hog. */
interface Script {
  /** The time at each pass, nanoseconds; with the last one the run is over. */
  readonly times: readonly number[];
  /** Pages that somebody asks for, at each pass. */
  readonly asked: number;
  /** Elements that its pool has. */
  readonly elements: readonly Handle[];
  /** Pages that it may take in a second. */
  readonly rate: number;
}

/** Runs a hog. @returns the pages that it took, pass by pass, and what it said of itself. */
async function runHog({ times, asked, elements, rate }: Script) {
  const filled: number[] = [];
  const stuck: boolean[] = [];
  const left = [...elements];
  let pass = 0;
  const context = {
    seed: 1,
    worker: 0,
    maySpin: false,
    meter: { nowNs: () => times[pass++]! },
    arena: { memory: { pageBytes: 64, watermarks: { min: 0 } } },
    takes: [{ allocate: () => left.pop() ?? NONE, free() {} }],
    participant: {
      stopped: () => pass >= times.length,
      poll() {},
      park: (wait: () => void) => wait(),
      setStuck: (isStuck: boolean) => void stuck.push(isStuck),
    },
    cache: {
      fill: (pages: number) => void filled.push(pages),
      asked: () => asked,
      awaitAsked() {},
      beginWrite: () => NONE,
    },
  };
  const options = { dirtyShare: 0, rate, leave: 0, write: 0 };
  await hog.start!(options, context as unknown as PressureContext).run();
  return { filled, stuck };
}

Deno.test("hog is stuck as long as its pool has no element to write with, however often it asks for one", async () => {
  const script = { times: [0, 1, 2, 3], asked: 1, rate: 1 };
  assertEquals((await runHog({ ...script, elements: [] })).stuck, [true, true, true, true]);
  assertEquals((await runHog({ ...script, elements: [7] })).stuck, [false, true, true, true]);
});

Deno.test("hog takes all that its rate allows, however often it looks, and no more than so much at once", async () => {
  const script = { asked: 0, elements: [], rate: 1e6 };
  const { filled } = await runHog({ ...script, times: [0, 1500, 3000, 4500, 6000] });
  assertEquals(filled, [1, 2, 1, 2]);
  const late = await runHog({ ...script, times: [5e6, 5e6 + 1500] });
  assertEquals(late.filled, [1024, 1]);
});
