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
import { LEVEL_NAMES, type Result, RESULT_SCHEMA } from "./result.ts";

const GIVE = `give a result of ${RESULT_SCHEMA}, as bench --json prints it`;

/** Bad input: what should be a result is none. The message is a clause that names the key. */
export class ResultError extends Error {
  /** The class by name. */
  override readonly name = "ResultError";
}

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

const worker = v.looseObject({
  id: count,
  allocs: count,
  startNs: finite,
  endNs: finite,
  exit: v.picklist(["done", "interrupted", "error", "died"]),
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

/**
 * A value as a result.
 *
 * @throws {ResultError} a clause, where it is none: the key, what was found and what is expected.
 */
export function checkResult(value: unknown): Result {
  const checked = v.safeParse(result, value, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const path = v.getDotPath(issue) ?? "";
  const place = path === "" ? "" : `${path}: `;
  throw new ResultError(
    `${place}found ${issue.received}, not ${issue.expected ?? "what it must be"}`,
  );
}

/**
 * A text as the results in it: one document, an array of them, or one a line.
 *
 * @param name what the text is called in errors: a file's name.
 * @throws {ResultError} one sentence, where something in it is no result: file, line (where there is one a line), key.
 */
export function parseResults(text: string, name: string): Result[] {
  const document = tryJson(text);
  if (document !== undefined) {
    const values = Array.isArray(document) ? document : [document];
    if (values.length === 0) throw new ResultError(`${name}: it holds no result: ${GIVE}`);
    return values.map((value, index) =>
      checkNamed(value, values.length > 1 ? `${name}: result ${index + 1}` : name)
    );
  }
  const lines = text.split("\n").map((line, index) => ({ line, number: index + 1 }));
  const filled = lines.filter(({ line }) => line.trim() !== "");
  if (filled.length === 0) {
    throw new ResultError(`${name}: it is empty: ${GIVE}`);
  }
  return filled.map(({ line, number }) => {
    const place = `${name}: line ${number}`;
    const value = tryJson(line);
    if (value === undefined) throw new ResultError(`${place}: no JSON: give results, one a line`);
    return checkNamed(value, place);
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkNamed(value: unknown, place: string): Result {
  try {
    return checkResult(value);
  } catch (error) {
    if (!(error instanceof ResultError)) throw error;
    throw new ResultError(`${place}: ${error.message}: ${GIVE}`);
  }
}
