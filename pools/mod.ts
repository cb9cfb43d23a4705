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
export { MisuseError } from "../allocators/owner_table.ts";
export { Element } from "./element.ts";
export {
  type AllocateAsyncOptions,
  Mempool,
  type MempoolCounts,
  type MempoolMarks,
} from "./mempool.ts";
export type { Policy, Step } from "./policy.ts";
export {
  attachMempool,
  createMempool,
  type CreateMempoolOptions,
  type MempoolSide,
  PageAllocator,
  type PageAllocatorOptions,
  type SharedMempool,
} from "./shared_mempool.ts";
