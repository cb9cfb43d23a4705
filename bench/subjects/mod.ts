/**
 * The registry of subjects: a new one is one file and one line here.
 *
 * @module
 */
export { nothing as "nothing" } from "./nothing.ts";
export { raw as "raw" } from "./raw.ts";
export { mempool as "mempool" } from "./mempool.ts";
export { rawFixed as "raw-fixed" } from "./raw_fixed.ts";
export { slabRaw as "slab-raw" } from "./slab_raw.ts";
export { slabMempool as "slab-mempool" } from "./slab_mempool.ts";
export { moduleRaw as "module-raw" } from "./module_raw.ts";
export { moduleLookedAt as "module-looked-at" } from "./module_looked_at.ts";
export { moduleKind as "module-kind" } from "./module_kind.ts";
export { moduleOwned as "module-owned" } from "./module_owned.ts";
export { moduleCounted as "module-counted" } from "./module_counted.ts";
export { moduleMempool as "module-mempool" } from "./module_mempool.ts";
export { zeroingRaw as "zeroing-raw" } from "./zeroing_raw.ts";
export { zeroingMempool as "zeroing-mempool" } from "./zeroing_mempool.ts";
export { freshArray as "fresh-array" } from "./fresh_array.ts";
export { thingMalloc as "thi.ng-malloc" } from "./thing_malloc.ts";
export { genericPool as "generic-pool" } from "./generic_pool.ts";
export { tarn as "tarn" } from "./tarn.ts";
