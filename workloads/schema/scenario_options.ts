/**
 * Every key of the scenario file that does not come from a registered kind, each with its range and
 * default.
 *
 * @module
 */
import type { Option } from "../../allocators/option.ts";

const SECOND_NS = 1e9;
const DAY_NS = 24 * 3600 * SECOND_NS;

/** The most bytes that page memory may reach: what one buffer can be. */
export const MEMORY_BYTES_MAX: number = 8 * 2 ** 30;

/** Elements that a reserve may keep, or a task take, where no memory sets a limit. */
export const ELEMENTS_MAX: number = 2 ** 20;

/** Bytes in the smallest and in the largest page. */
export const PAGE_BYTES: { readonly min: number; readonly max: number } = {
  min: 512,
  max: 2 ** 20,
};

type Table<Key extends string> = Readonly<Record<Key, Option>>;

/** Keys of the whole. */
export const SCENARIO: Table<"$schema" | "name" | "summary" | "debug" | "seed" | "repeat"> = {
  $schema: { type: "string", summary: "where editors find the schema of this file; not read" },
  name: { type: "string", summary: "what results are filed under; the file's name if left out" },
  summary: { type: "string", summary: "one line for lists and the head of the table", default: "" },
  debug: { type: "boolean", summary: "poison idle elements and check each free", default: false },
  seed: {
    type: "integer",
    summary: "what every random choice follows from",
    default: 1,
    min: 0,
    max: 2 ** 32 - 1,
  },
  repeat: {
    type: "integer",
    summary: "how many times the whole is run",
    default: 1,
    min: 1,
    max: 1000,
  },
};

/** Keys of `memory`. What has no default follows from `pages`. */
export const MEMORY: Table<"pages" | "pageBytes" | "growTo"> = {
  pages: { type: "integer", summary: "pages at the start", default: 4096, min: 1 },
  pageBytes: {
    type: "bytes",
    summary: "bytes in a page, a power of two",
    default: 4096,
    ...PAGE_BYTES,
  },
  growTo: { type: "integer", summary: "the most pages that growth may reach", min: 1 },
};

/** Keys of `memory.watermarks`, pages; min <= low <= high < pages. */
export const WATERMARKS: Table<"min" | "low" | "high"> = {
  min: { type: "integer", summary: "free pages that atomic callers leave alone", min: 0 },
  low: { type: "integer", summary: "free pages below which memory is short", min: 0 },
  high: { type: "integer", summary: "free pages at which memory is no longer short", min: 0 },
};

/** Keys of a pool. */
export const POOL: Table<"over" | "objectBytes" | "minReserve" | "maxReserve" | "magazine"> = {
  over: { type: "name", summary: "the allocator or pool that it stands on" },
  objectBytes: {
    type: "bytes",
    summary: "size of an element, over an allocator of any size",
    min: 1,
  },
  minReserve: { type: "integer", summary: "elements that the pool keeps in reserve" },
  maxReserve: {
    type: "integer",
    summary: "the most that it may grow to, under a policy that adapts; what there is if left out",
    min: 0,
  },
  magazine: {
    type: "integer",
    summary:
      "elements that each worker may have cached, at most; 1 is as good as none, 100 as 64 (caches double)",
    min: 1,
  },
};

/** Elements that one task takes of a pool. */
export const COUNT: Option = {
  type: "integer",
  summary: "elements taken by one task",
  default: 1,
  min: 1,
  max: ELEMENTS_MAX,
};

/** How often one of several alternatives is drawn. */
export const WEIGHT: Option = {
  type: "number",
  summary: "how often this one is drawn, beside the weights of the others",
  default: 1,
  min: 0,
  max: 1e6,
};

/** Keys of the workload that every kind has. */
export const WORKLOAD: Table<"workers" | "duration" | "warmup" | "atomicShare" | "asyncShare"> = {
  workers: {
    type: "integer",
    summary: "how many workers share the load",
    default: 2,
    min: 1,
    max: 64,
  },
  duration: {
    type: "duration",
    summary: "how long is measured, after the warm-up",
    default: 2 * SECOND_NS,
    min: 1e6,
    max: DAY_NS,
  },
  warmup: {
    type: "duration",
    summary: "how long the load runs before it is measured",
    default: SECOND_NS / 2,
    min: 0,
    max: DAY_NS,
  },
  atomicShare: {
    type: "probability",
    summary: "share of allocations by callers that may not sleep",
    default: 0,
  },
  asyncShare: {
    type: "probability",
    summary: "share of allocations awaited on the event loop",
    default: 0,
  },
};

/** Keys of the workload that only some kinds use. */
export const SPECIAL: Table<"inFlight" | "trace" | "speed"> = {
  inFlight: {
    type: "integer",
    summary: "elements that each worker keeps in flight",
    default: 64,
    min: 1,
    max: ELEMENTS_MAX,
  },
  trace: { type: "path", summary: "the recorded trace to replay, relative to this file" },
  speed: {
    type: "number",
    summary: "recorded seconds per second of replay; 0 is as fast as possible",
    default: 1,
    min: 0,
    max: 1e6,
  },
};

/** Milliseconds that a waiter of a custom policy sleeps before it tries again by itself. */
export const RETRY_MS: Option = {
  type: "number",
  summary: "milliseconds until a waiter wakes by itself and tries again",
  default: 5000,
  min: 0.1,
  max: 3_600_000,
};

/** How the reserve of a custom policy follows demand. */
export const ADAPT: Table<"growth" | "windowMs" | "giveBack"> = {
  growth: {
    type: "number",
    summary: "the reserve becomes so many times as large when it runs dry",
    default: 2,
    min: 1,
    max: 16,
  },
  windowMs: {
    type: "number",
    summary: "milliseconds that demand is looked at before something is given back",
    default: 250,
    min: 1,
    max: 3_600_000,
  },
  giveBack: {
    type: "probability",
    summary: "share of what lay unused that is given back after that",
    default: 0.5,
  },
};
