import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { LiveElements, type LiveEvent } from "./live.ts";
import { type LiveCounts, newLiveCounts } from "./live_counts.ts";
import { TimeOrder } from "./time_order.ts";
import { END_UNKNOWN, TraceError, type TraceEvent } from "./trace.ts";

/** `5 a x`, `5 f x`, `5 r x`, `5 i x 10` (until 15), `5 i - 10` (without an id), `5 i - ?` (without an end), `5 a x *3` (three together). */
function eventOf(line: string): TraceEvent {
  const [timeNs = "", op = "", id = "", ...rest] = line.split(" ");
  const count = rest.find((part) => part.startsWith("*"))?.slice(1) ?? "1";
  const holdNs = op !== "i" ? 0 : rest[0] === "?" ? END_UNKNOWN : Number(rest[0]);
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

function follow(
  events: readonly TraceEvent[],
  { unfinished = "drop", liveMax }: { unfinished?: "drop" | "hold"; liveMax?: number } = {},
): { told: LiveEvent[]; counts: LiveCounts } {
  const counts = newLiveCounts();
  const told: LiveEvent[] = [];
  const observer = { event: (event: LiveEvent) => void told.push(event) };
  const options = liveMax === undefined ? { unfinished } : { unfinished, liveMax };
  const elements = new LiveElements(counts, options, observer);
  const order = new TimeOrder((event) => elements.apply(event), { late: null });
  for (const event of events) order.take(event);
  order.end();
  elements.finish();
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
    { peak: 2 },
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
    { unknownFrees: 2, unknownReallocs: 1, startNs: 2, endNs: 3 },
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
  [
    "leaves out an interval without an end, and says what the peak would be with it",
    ["0 i - 5", "1 i - ?", "2 i - 5", "9 i - 1"],
    ["0 a0", "2 a1", "5 f0", "7 f1", "9 a1", "10 f1"],
    { allocs: 3, unfinished: 1, leftOut: 1, peak: 2, peakIfHeld: 3 },
  ],
  [
    "says what the peak would be at the very moment of an interval without an end",
    ["0 i - 5", "1 i - 5", "2 i - ?", "8 i - 1"],
    ["0 a0", "1 a1", "5 f0", "6 f1", "8 a1", "9 f1"],
    { unfinished: 1, peak: 2, peakIfHeld: 3 },
  ],
];

for (const [what, recorded, told, counted] of stories) {
  Deno.test(`LiveElements ${what}`, () => {
    const outcome = follow(recorded.map(eventOf));
    assertEquals(inShort(outcome.told), told);
    assertEquals({ ...outcome.counts, ...counted }, outcome.counts);
  });
}

Deno.test("LiveElements holds an interval without an end where that was chosen", () => {
  const { told, counts } = follow(["0 i - 5", "1 i x ?", "9 i - 1"].map(eventOf), {
    unfinished: "hold",
  });
  assertEquals(inShort(told), ["0 a0", "1 a1", "5 f0", "9 a0", "10 f0"]);
  assertEquals({ ...counts, unfinished: 1, leftOut: 0, live: 1, peak: 2, peakIfHeld: 2 }, counts);
});

Deno.test("LiveElements tells of each element who allocated it, when, and how large", () => {
  const { told, counts } = follow(["3 a x", "4 a y", "9 f x"].map(eventOf));
  assertEquals(told.at(-1), {
    timeNs: 9,
    op: "f",
    element: 0,
    sizeBytes: 4,
    worker: 0,
    by: 0,
    bornNs: 3,
  });
  assertEquals(told[1]!.worker, 1);
  assertEquals(counts.workers, 2);
});

Deno.test("LiveElements refuses more live elements than fit memory", () => {
  const many = ["0 a x *40", "1 f x", "2 a y *40", "3 a z *61"].map(eventOf);
  assertEquals(follow(many, { liveMax: 101 }).counts.peak, 101);
  const error = assertThrows(() => follow(many, { liveMax: 100 }), TraceError);
  assertStringIncludes(error.message, "more than 100 elements are live at once");
});

Deno.test("LiveElements agrees with a simple model, whatever is recorded", () => {
  const event = fc.record({
    timeNs: fc.nat(30),
    op: fc.constantFrom("a" as const, "f" as const, "r" as const, "i" as const),
    id: fc.constantFrom("x", "y", "z", "a-very-long-name-of-an-element"),
    sizeBytes: fc.nat(9),
    worker: fc.constantFrom("", "w"),
    holdNs: fc.nat(10),
    count: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const { told, counts } = follow(events);
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
      assertEquals({ ...before, timeNs: event.timeNs, op: "f", by: event.by }, { ...event });
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
