/**
 * Results: what a run yields, how latencies are recorded and put together, and how a result is printed.
 *
 * @module
 */
export {
  type AllocatorResult,
  type ArrivalResult,
  type CellResult,
  type DeathResult,
  type Environment,
  type Estimate,
  type FailureResult,
  type LatencySummary,
  LEVEL_NAMES,
  type LevelName,
  type LevelResult,
  type LockResult,
  type PageCacheResult,
  type PoolHistograms,
  type PoolResult,
  type PoolTimeline,
  type Result,
  RESULT_SCHEMA,
  type Run,
  type SteadyState,
  type Summary,
  type Timeline,
  type Warning,
  type WorkerResult,
} from "./result.ts";
export { Histogram, type HistogramData } from "./histogram.ts";
export { Distribution, merge, type Part } from "./distribution.ts";
export { type Samples } from "./latency.ts";
export { estimate, summarize } from "./summary.ts";
export { conserved } from "./conservation.ts";
export { allocatorAcross, poolAcross } from "./across.ts";
export { type PrintOptions, type ResultFormat } from "./formats/format.ts";
export { checkResult, parseResults, ResultError } from "./result_schema.ts";
export {
  Store,
  type StoredResult,
  StoreError,
  type StoreFilter,
  type StoreOptions,
} from "./store.ts";
export { type SlotSample } from "./block.ts";
export { type Measure, type MeasureRow, measureRows, type PoolPart } from "./measures.ts";
export { machineOf, scenarioHash } from "./identity.ts";
export {
  CHANGES_SCHEMA,
  changesOf,
  type ChangesOptions,
  type FollowedRow,
  historiesOf,
  type HistoryChanges,
  type HistoryPoint,
  type RowChange,
} from "./changes.ts";
export type { Change } from "./drift.ts";
export { type Margins } from "./comparison.ts";
export { type TQuantile } from "./welch.ts";
