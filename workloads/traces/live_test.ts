import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { followLive, type LiveEvent } from "./live.ts";
import { type LiveCounts, liveWarnings, newLiveCounts } from "./live_counts.ts";
import { TraceError, type TraceEvent } from "./trace.ts";

/** `5 a x`, `5 f x`, `5 r x`, `5 i x 10` (until 15), `5 i - 10` (without an id), `5 a x *3` (three together). */
function eventOf(line: string): TraceEvent {
  const [timeNs = "", op = "", id = "", ...rest] = line.split(" ");
  const count = rest.find((part) => part.startsWith("*"))?.slice(1) ?? "1";
  const holdNs = op === "i" ? Number(rest[0]) : 0;
  return {
    timeNs: Number(timeNs),
    op: op as TraceEvent["op"],
    id: id === "-" ? "" : id,
    sizeBytes: Number(timeNs) + 1,
    worker: id,
    holdNs,
    count: Number(count),
  };
}

async function follow(
  events: readonly TraceEvent[],
  options: { timed?: boolean; windowRows?: number; liveMax?: number } = {},
): Promise<{ told: LiveEvent[]; counts: LiveCounts }> {
  const counts = newLiveCounts();
  const told: LiveEvent[] = [];
  await followLive(
    (async function* () {
      yield* await Promise.resolve(events);
    })(),
    counts,
    { timed: true, ...options },
    (event) => told.push(event),
  );
  return { told, counts };
}

const inShort = (events: readonly LiveEvent[]) =>
  events.map(({ timeNs, op, element }) => `${timeNs} ${op}${element}`);

/** What is recorded, what is told (time, operation and slot), and what is counted besides. */
const stories: readonly (readonly [string, string[], string[], Partial<LiveCounts>])[] = [
  [
    "uses a slot again after its free",
    ["0 a x", "1 a y", "2 f x", "3 a z"],
    ["0 a0", "1 a1", "2 f0", "3 a0"],
    { allocs: 3, frees: 1, live: 2, peak: 2 },
  ],
  [
    "puts rows in order of time",
    ["0 a x", "5 f x", "3 a y", "4 f y"],
    ["0 a0", "3 a1", "4 f1", "5 f0"],
    { outOfOrder: 1, lateRows: 0, peak: 2 },
  ],
  [
    "keeps the order of the file at one time",
    ["3 a x", "3 f x", "3 a x", "3 a y"],
    ["3 a0", "3 f0", "3 a0", "3 a1"],
    { unknownFrees: 0, implicitFrees: 0, peak: 2 },
  ],
  [
    "frees an id that is allocated again while live",
    ["0 a x", "4 a x", "5 f x"],
    ["0 a0", "4 f0", "4 a0", "5 f0"],
    { allocs: 2, frees: 2, implicitFrees: 1, peak: 1 },
  ],
  [
    "leaves out frees and resizes of what is not live",
    ["0 f x", "1 r x", "2 a x", "3 f x", "4 f x"],
    ["2 a0", "3 f0"],
    { unknownFrees: 2, unknownReallocs: 1, startNs: 0, endNs: 4 },
  ],
  ["keeps the element through a resize", ["0 a x", "1 r x", "2 f x"], ["0 a0", "2 f0"], {
    reallocs: 1,
  }],
  [
    "ends an interval before what happens at its end",
    ["0 i - 5", "5 i - 5"],
    ["0 a0", "5 f0", "5 a0", "10 f0"],
    { peak: 1, live: 0, endNs: 10 },
  ],
  [
    "ends an interval of no length after its start",
    ["5 i - 0", "5 i - 0", "5 a x"],
    ["5 a0", "5 f0", "5 a0", "5 f0", "5 a0"],
    { peak: 1, live: 1 },
  ],
  [
    "keeps intervals apart that overlap",
    ["0 i - 9", "1 i - 2", "2 i - 9"],
    ["0 a0", "1 a1", "2 a2", "3 f1", "9 f0", "11 f2"],
    { peak: 3 },
  ],
  [
    "frees an interval by its id before its end",
    ["0 i x 9", "4 f x", "5 a y", "12 f y"],
    ["0 a0", "4 f0", "5 a0", "12 f0"],
    { unknownFrees: 0 },
  ],
  [
    "forgets the end of an interval whose id is allocated again",
    ["0 i x 9", "4 i x 9"],
    ["0 a0", "4 f0", "4 a0", "13 f0"],
    { implicitFrees: 1 },
  ],
  [
    "takes and gives back several elements together",
    ["0 a x *3", "1 f x"],
    ["0 a0", "0 a1", "0 a2", "1 f0", "1 f1", "1 f2"],
    { allocs: 3, frees: 3, peak: 3 },
  ],
];

for (const [what, recorded, told, counted] of stories) {
  Deno.test(`followLive() ${what}`, async () => {
    const outcome = await follow(recorded.map(eventOf));
    assertEquals(inShort(outcome.told), told);
    assertEquals({ ...outcome.counts, ...counted }, outcome.counts);
  });
}

Deno.test("followLive() counts a row that comes later than its window, and takes it when it comes", async () => {
  const recorded = ["0 a x", "10 a y", "20 a z", "5 f x", "30 f y"].map(eventOf);
  const wide = await follow(recorded, { windowRows: 2 });
  assertEquals(inShort(wide.told), ["0 a0", "5 f0", "10 a0", "20 a1", "30 f0"]);
  assertEquals(wide.counts.lateRows, 0);
  const narrow = await follow(recorded, { windowRows: 1 });
  assertEquals(inShort(narrow.told), ["0 a0", "10 a1", "10 f0", "20 a0", "30 f1"]);
  assertEquals(narrow.counts.lateRows, 1);
  assertStringIncludes(liveWarnings(narrow.counts).join(), "rows too far out of order");
});

Deno.test("followLive() takes untimed events as they come", async () => {
  const { told } = await follow(["0 a x", "1 f x"].map(eventOf), { timed: false, windowRows: 0 });
  assertEquals(inShort(told), ["0 a0", "1 f0"]);
});

Deno.test("followLive() tells of each element who allocated it, when, and how large", async () => {
  const { told, counts } = await follow(["3 a x", "4 a y", "9 f x"].map(eventOf));
  assertEquals(told.at(-1), {
    timeNs: 9,
    op: "f",
    element: 0,
    sizeBytes: 4,
    worker: 0,
    bornNs: 3,
  });
  assertEquals(told[1]!.worker, 1);
  assertEquals(counts.workers, 2);
});

Deno.test("followLive() refuses more live elements than fit memory", async () => {
  const many = ["0 a x *40", "1 f x", "2 a y *40", "3 a z *61"].map(eventOf);
  assertEquals((await follow(many, { liveMax: 101 })).counts.peak, 101);
  const error = await assertRejects(() => follow(many, { liveMax: 100 }), TraceError);
  assertStringIncludes(error.message, "more than 100 elements are live at once");
});

Deno.test("followLive() agrees with a simple model, whatever is recorded", async () => {
  const event = fc.record({
    timeNs: fc.nat(30),
    op: fc.constantFrom("a" as const, "f" as const, "r" as const, "i" as const),
    id: fc.constantFrom("x", "y", "z", "a-very-long-name-of-an-element"),
    sizeBytes: fc.nat(9),
    worker: fc.constantFrom("", "w"),
    holdNs: fc.nat(10),
    count: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event), async (events) => {
      const { told, counts } = await follow(events);
      check(told, counts);
      assertEquals(concurrency(told), concurrencyOf(events));
    }),
    { numRuns: 500 },
  );
});

/** What holds of every story. */
function check(told: readonly LiveEvent[], counts: LiveCounts): void {
  const live = new Map<number, LiveEvent>();
  let now = -Infinity;
  let peak = 0;
  for (const event of told) {
    assert(event.timeNs >= now);
    now = event.timeNs;
    const before = live.get(event.element);
    if (event.op === "f") {
      assertEquals({ ...before, timeNs: event.timeNs, op: "f" }, { ...event });
      live.delete(event.element);
    } else {
      assertEquals(before, undefined);
      live.set(event.element, event);
    }
    peak = Math.max(peak, live.size);
    assert(event.element < counts.peak);
  }
  assertEquals(counts.peak, peak);
  assertEquals(counts.live, live.size);
  assertEquals(counts.allocs, counts.frees + counts.live);
}

/** Elements live after each allocation, in order. */
function concurrency(told: readonly LiveEvent[]): string[] {
  let live = 0;
  return told.flatMap(({ timeNs, op }) => {
    live += op === "a" ? 1 : -1;
    return op === "a" ? [`${timeNs}: ${live}`] : [];
  });
}

/** The same by a list of what is live, gone through at every event. */
function concurrencyOf(events: readonly TraceEvent[]): string[] {
  let live: { id: string; endNs: number; count: number }[] = [];
  return events.toSorted((a, b) => a.timeNs - b.timeNs).flatMap((event) => {
    live = live.filter((each) => each.endNs > event.timeNs);
    if (event.op === "r") return [];
    live = live.filter((each) => each.id !== event.id);
    if (event.op === "f") return [];
    const before = live.reduce((sum, { count }) => sum + count, 0);
    const endNs = event.op === "i" ? event.timeNs + event.holdNs : Infinity;
    live.push({ id: event.id, endNs, count: event.count });
    return Array.from({ length: event.count }, (_, i) => `${event.timeNs}: ${before + i + 1}`);
  });
}
