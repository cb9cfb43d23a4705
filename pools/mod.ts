/**
 * Mempools for programs: a reserve over an allocator, shared by workers, so that an allocation which may
 * wait never fails.
 *
 * @module
 */
export {
  type Allocator,
  ATOMIC,
  BLOCKING,
  type Context,
  type Handle,
  NONE,
} from "../allocators/allocator.ts";
export type { TakeBulk } from "../allocators/all_or_none.ts";
export type { MemorySpec } from "../allocators/arena.ts";
export type { OptionValues } from "../allocators/kind.ts";
export { CorruptionError } from "../allocators/poisoned.ts";
export { MisuseError } from "../allocators/owner_table.ts";
export type { Lock, WaitQueue } from "../sync/mod.ts";
export type { AllocatorSpec, CompositionSpec, PoolSpec } from "./composition_plan.ts";
export { DestroyedError } from "./destroyed_error.ts";
export { Element } from "./element.ts";
export {
  type AllocateAsyncOptions,
  type DestroyOptions,
  type Level,
  Mempool,
  type MempoolCounts,
  type MempoolMarks,
  type MempoolStats,
  type Observer,
} from "./mempool.ts";
export type { Adapt, Policy, PolicySpec, Step } from "./policy.ts";
export type { PoolRecovery } from "./pool_recovery.ts";
export type { RecoverOptions, Recovery } from "./recovery.ts";
export { RefusedError } from "./refused_error.ts";
export type { Reserve } from "./reserve.ts";
export {
  attachMempool,
  createMempool,
  type CreateMempoolOptions,
  type MempoolSide,
  PageAllocator,
  type PageAllocatorOptions,
  type SharedMempool,
} from "./shared_mempool.ts";
