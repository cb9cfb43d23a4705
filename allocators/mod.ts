/**
 * The registry of allocator kinds: a new allocator is one file and one line here.
 *
 * @module
 */
export type { Block, Journal, Layout, Lock, Participant, Region } from "../sync/mod.ts";
export type { TakeBulk } from "./all_or_none.ts";
export type { Allocator, ATOMIC, BLOCKING, Context, Handle } from "./allocator.ts";
export type { Arena, MemorySpec } from "./arena.ts";
export type { DepotPlan } from "./depot_plan.ts";
export type {
  AllocatorCounts,
  AllocatorKind,
  AttachContext,
  Backend,
  ElementPart,
  Footprint,
  OptionValues,
  PartHome,
  PlanContext,
  PlannedAllocator,
  PlannedPart,
  Unchecked,
} from "./kind.ts";
export type { Source, Tagging } from "./magazine.ts";
export type { Shrinker } from "./shrinker.ts";
export type { CreateAllocator, UserAllocator, UserAllocatorOptions } from "./user_allocator.ts";
export type {
  Kind,
  Option,
  Options,
  OptionType,
  OptionValue,
  PartSpec,
  ScalarValue,
  TextOptionType,
} from "./option.ts";
export { page as "page" } from "./page.ts";
export { slab as "slab" } from "./slab.ts";
export { sizeClass as "size-class" } from "./size_class.ts";
export { heap as "heap" } from "./heap.ts";
export { moduleKind as "module" } from "./module.ts";
export { composite as "composite" } from "./composite.ts";
export { nothing as "null" } from "./null.ts";
