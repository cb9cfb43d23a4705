/**
 * The exact reserve of recorded tasks against a search by a queue written apart. Small ones here, and what comes with the
 * project; a folder of traces with its `stats.json` by argument, all reserves one by one:
 *
 * `deno test -P=test tuning/size_recorded_test.ts -- --traces DIR`
 *
 * @module
 */
import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import fc from "fast-check";
import type { Target } from "../results/recommendation.ts";
import { TraceError } from "../workloads/traces/trace.ts";
import { recordedQueue } from "./experiment.ts";
import { recommend } from "./recommend.ts";
import { sizeRecorded } from "./size_recorded.ts";
import { traceSubject } from "./subjects.ts";
import { isMet, limitOf } from "./target.ts";
import { plainSize, type PlainTask, plainWaits, sortedWaits } from "./testing/plain_fifo.ts";
import { written } from "./testing/streams.ts";
import { readTasks, type TraceTasks } from "./trace_tasks.ts";

const TARGETS: readonly Target[] = [
  { kind: "wait-rate", below: 0.01 },
  { kind: "wait-rate", below: 0.2 },
  { kind: "wait-percentile", percentile: 90, belowNs: 5 },
];

function meets(waits: readonly number[], target: Target): boolean {
  return isMet(target, waits.filter((wait) => wait > limitOf(target)).length, waits.length);
}

Deno.test("sizeRecorded() finds the reserve that a search one by one finds, with a plain queue", () => {
  const tasksOf = fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 6 }),
      hold: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
        { weight: 2, arbitrary: fc.integer({ min: 0, max: 40 }) },
        { weight: 1, arbitrary: fc.constant(Infinity) },
      ),
    }),
    { minLength: 1, maxLength: 100 },
  );
  fc.assert(
    fc.property(tasksOf, fc.constantFrom(...TARGETS), (drafts, target) => {
      let start = 0;
      const tasks = drafts.map(({ gap, hold }): PlainTask => ({ start: start += gap, hold }));
      const neverWaits = plainSize(tasks, (waits) => waits.every((wait) => wait === 0));
      const { exact, recommended } = sizeRecorded({
        experiment: recordedQueue(
          () => written(tasks),
          { count: tasks.length, skipped: 0 },
          { limitNs: limitOf(target), budget: 0 },
        ),
        ...{ target, confidence: 0.99, floor: 1, neverWaits },
      });
      assertEquals(exact, plainSize(tasks, (waits) => meets(waits, target)));
      if (recommended !== null) assertGreaterOrEqual(recommended, Math.max(exact, 1));
    }),
    { numRuns: 200 },
  );
});

Deno.test("sortedWaits() and plainWaits() are the same queue", () => {
  const tasks = Array.from(
    { length: 500 },
    (_, task) => ({ start: 3 * task, hold: (task * 37) % 61 }),
  );
  for (const servers of [0, 1, 5, 12]) {
    assertEquals(sortedWaits(tasks, servers), plainWaits(tasks, servers));
  }
});

function tasksIn(trace: TraceTasks): PlainTask[] {
  const tasks: PlainTask[] = [];
  const stream = trace.stream(0, trace.count);
  for (let chunk = stream.next(1e6); chunk.count > 0; chunk = stream.next(1e6)) {
    chunk.startNs.forEach((start, task) => tasks.push({ start, hold: chunk.holdNs[task]! }));
  }
  return tasks;
}

const SUBJECT = {
  name: "trace",
  backend: { kind: "dead" },
  policy: "five-level",
  bytesPerElement: 1,
  seed: 1,
} as const;

function recommended(trace: TraceTasks, target: Target) {
  const subject = traceSubject(trace, SUBJECT);
  return recommend(subject, { target, confidence: 0.99, most: 2 ** 22 }).recommendation;
}

Deno.test("recommend() says of a recorded program what would have been enough, and that it can't tell more", async () => {
  const file = new URL("../workloads/scenarios/sqlite-memory.csv.gz", import.meta.url);
  const trace = await readTasks(file);
  const target: Target = { kind: "wait-rate", below: 0.01 };
  const { exact, neverWaits, splitHalf, warnings, because } = recommended(trace, target);
  const tasks = tasksIn(trace);
  assertEquals(meets(sortedWaits(tasks, exact!), target), true);
  assertEquals(meets(sortedWaits(tasks, exact! - 1), target), false);
  assertEquals(neverWaits, trace.peak);
  assertEquals(sortedWaits(tasks, neverWaits!).every((wait) => wait === 0), true);
  const half = tasks.length >> 1;
  const { minReserve, secondMissRate, held } = splitHalf!;
  const first = tasks.slice(0, half);
  assertEquals(meets(sortedWaits(first, minReserve), target), true);
  assertEquals(meets(sortedWaits(first, minReserve - 1), target), false);
  const second = sortedWaits(tasks, minReserve).slice(half);
  assertEquals(secondMissRate, second.filter((wait) => wait > 0).length / second.length);
  assertEquals(held, false);
  assert(warnings.some(({ code, message }) => code === "too-short" && /needed/.test(message)));
  assert(because.includes("were enough for this very input"), because);
});

const { traces } = parseArgs(Deno.args, { string: ["traces"] });

if (traces === undefined) {
  Deno.test.ignore(
    "sizeRecorded() is exact on recorded traces: no folder given (--traces DIR)",
    () => {},
  );
} else {
  const references: Readonly<Record<string, { peak?: number; timed?: boolean }>> = JSON.parse(
    await Deno.readTextFile(`${traces}/stats.json`),
  );
  for (const [file, { peak, timed }] of Object.entries(references)) {
    if (file.includes("#") || peak === undefined || !timed) continue;
    const trace = await readTasks(`${traces}/${file}`).catch((error: unknown) => error);
    if (trace instanceof TraceError) {
      Deno.test.ignore(`recommend() is exact on ${file}: skipped, ${trace.message}`, () => {});
      continue;
    }
    if (trace instanceof Error) throw trace;
    Deno.test(`recommend() is exact on ${file}`, () => searchOneByOne(trace as TraceTasks, peak));
  }
}

function searchOneByOne(trace: TraceTasks, peak: number): void {
  const tasks = tasksIn(trace);
  for (const below of [0.1, 0.01, 0.001]) {
    const target: Target = { kind: "wait-rate", below };
    const { exact, neverWaits } = recommended(trace, target);
    assertEquals(neverWaits, peak);
    // Downwards from the peak: the smallest is where the next fails, since more never make anybody wait longer.
    let size = peak;
    while (size > 0 && meets(sortedWaits(tasks, size - 1), target)) size--;
    assertEquals(exact, size, `wait rate < ${below}`);
  }
}
