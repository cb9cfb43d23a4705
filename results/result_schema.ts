/**
 * The schema of a stored result, to read back what a file or a store holds: whoever prints, compares or draws a result
 * relies on its shape, so what is not of this shape is refused here, in one sentence, with the path of the key.
 *
 * Keys that it does not know are kept: a newer version of the program may have added them.
 *
 * @module
 */
import * as v from "valibot";
import { HISTOGRAM_TEXT } from "./histogram_text.ts";
import { checkedBy, parseEach, ResultError } from "./parse_each.ts";
import { LEVEL_NAMES, type Result, RESULT_SCHEMA } from "./result.ts";

/** What is to be given instead of something that is no result. */
export const GIVE = `give a result of ${RESULT_SCHEMA}, as bench --json prints it`;

const finite = v.pipe(v.number(), v.finite("a finite number"));
const whole = v.pipe(v.number(), v.safeInteger("a whole number"));
const count = v.pipe(whole, v.minValue(0));
const maybe = v.nullable(finite);

const latency = v.looseObject({
  count,
  min: maybe,
  mean: maybe,
  p50: maybe,
  p90: maybe,
  p99: maybe,
  "p99.9": maybe,
  "p99.99": maybe,
  max: maybe,
});

const lock = v.looseObject({ acquisitions: count, contended: count });

const level = v.looseObject({
  level: v.picklist([1, 2, 3, 4, 5]),
  name: v.picklist(LEVEL_NAMES),
  hits: count,
  rate: finite,
  latencyNs: latency,
});

const pool = v.looseObject({
  allocs: count,
  frees: count,
  held: whole,
  none: count,
  failed: count,
  leaked: whole,
  levels: v.pipe(v.array(level), v.length(LEVEL_NAMES.length)),
  latencyNs: latency,
  responseNs: v.nullable(latency),
  waits: v.looseObject({ count, maxDepth: count, maxNs: finite, abandoned: count }),
  reserve: v.looseObject({
    min: count,
    current: count,
    lowWater: count,
    peakMin: v.exactOptional(count),
    bytes: finite,
  }),
  lock,
  failures: v.exactOptional(v.looseObject({
    bursts: count,
    allocs: count,
    totalNs: finite,
    longestNs: finite,
    seenNs: finite,
  })),
});

const allocator = v.looseObject({
  allocs: count,
  frees: count,
  atomicFailures: count,
  blockingFailures: count,
  cacheHits: count,
  magazineRounds: v.exactOptional(count),
  reclaimed: count,
  peakInUse: count,
  bytes: finite,
  lock,
});

const countsByName = v.record(v.string(), count);

const death = v.looseObject({
  atNs: finite,
  message: v.nullable(v.string()),
  during: v.picklist(["lock", "queue", "load"]),
  recoveryNs: finite,
  recovered: v.looseObject({
    locks: v.array(v.string()),
    undone: count,
    returned: countsByName,
    adopted: countsByName,
    inTransit: count,
    queue: countsByName,
    kept: count,
    unrecovered: v.array(v.string()),
  }),
});

const worker = v.looseObject({
  id: count,
  allocs: count,
  startNs: finite,
  endNs: finite,
  exit: v.picklist(["done", "interrupted", "error", "died", "unstopped"]),
  died: v.exactOptional(death),
});

const histogram = v.pipe(v.string(), v.regex(HISTOGRAM_TEXT, "a list of nanoseconds*samples"));

const histograms = v.looseObject({
  levels: v.pipe(v.array(v.array(histogram)), v.length(LEVEL_NAMES.length)),
  response: v.array(histogram),
});

const steadyState = v.looseObject({
  verdict: v.picklist(["steady", "not-reached", "draining"]),
  reason: v.nullable(v.string()),
  exhaustedInNs: maybe,
});

const cell = v.looseObject({
  pool: v.string(),
  cache: count,
  cores: count,
  getBulk: count,
  putBulk: count,
  keep: count,
  pairsPerSecond: finite,
});

const poolTimeline = v.looseObject({
  live: v.array(count),
  reserve: v.array(count),
  minReserve: v.exactOptional(v.array(count)),
});

const timeline = v.pipe(
  v.looseObject({ atNs: v.array(finite), pools: v.record(v.string(), poolTimeline) }),
  v.check(
    ({ atNs, pools }) =>
      Object.values(pools).every(({ live, reserve, minReserve = live }) =>
        [live, reserve, minReserve].every(({ length }) => length === atNs.length)
      ),
    "as many numbers as moments",
  ),
);

const run = v.looseObject({
  repeat: count,
  seed: finite,
  measuredNs: finite,
  steady: v.boolean(),
  steadyState: v.exactOptional(v.nullable(steadyState)),
  cells: v.exactOptional(v.array(cell)),
  arrivals: v.exactOptional(v.nullable(v.looseObject({ due: count, begun: count }))),
  allocsPerSecond: finite,
  cpuNs: v.exactOptional(finite),
  pools: v.record(v.string(), pool),
  histograms: v.exactOptional(v.record(v.string(), histograms)),
  allocators: v.record(v.string(), allocator),
  workers: v.array(worker),
  timeline: v.exactOptional(timeline),
  leaked: whole,
});

const estimate = v.looseObject({ median: finite, low: maybe, high: maybe, confidence: maybe });

const summary = v.looseObject({
  repeats: count,
  allocsPerSecond: estimate,
  pools: v.record(
    v.string(),
    v.looseObject({
      rates: v.array(estimate),
      p50: v.nullable(estimate),
      p99: v.nullable(estimate),
      "p99.9": v.nullable(estimate),
      max: v.nullable(estimate),
    }),
  ),
});

const environment = v.looseObject({
  deno: v.string(),
  v8: v.string(),
  os: v.string(),
  arch: v.string(),
  cpu: v.string(),
  cores: count,
  clock: v.looseObject({ costNs: finite, grainNs: finite }),
  harness: v.looseObject({ floorNs: finite }),
  revision: v.nullable(v.string()),
});

const text = v.string();

const result = v.looseObject({
  schema: v.literal(RESULT_SCHEMA),
  id: v.pipe(text, v.minLength(1)),
  startedAt: v.pipe(text, v.isoTimestamp()),
  partial: v.boolean(),
  environment,
  scenario: v.looseObject({ name: text }),
  warnings: v.array(v.looseObject({ code: text, message: text, advice: text })),
  runs: v.array(run),
  summary,
});

export { ResultError };

/**
 * A value as a result.
 *
 * @throws {ResultError} a clause, where it is none: the key, what was found and what is expected.
 */
export function checkResult(value: unknown): Result {
  return checkedBy(result, value);
}

/**
 * A text as the results in it: one document, an array of them, or one a line.
 *
 * @param name what the text is called in errors: a file's name.
 * @throws {ResultError} one sentence, where something in it is no result: file, line (where there is one a line), key.
 */
export function parseResults(text: string, name: string): Result[] {
  return parseEach(text, name, { check: checkResult, what: "result", give: GIVE });
}
