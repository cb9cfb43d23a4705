/** A source with a known stock, which notes every batch. */
import type { Region } from "../../sync/mod.ts";
import type { Context } from "../allocator.ts";
import type { Source } from "../magazine.ts";

/** A source and what it was asked for. */
export interface CountingSource extends Source {
  /** What it has: the last goes out first. */
  readonly stock: number[];
  /** How often each batch finds a lock held, and whether memory is short. */
  readonly state: { meets: number; isShort: boolean };
  /** Every refill: what was wanted, by whom. */
  readonly refills: { readonly want: number; readonly context: Context }[];
  /** Every spill: what came back. */
  readonly spills: number[][];
}

/** A source of the given elements over a region's words. */
export function countingSource(region: Region, elements: readonly number[]): CountingSource {
  const { words } = region;
  const stock = [...elements];
  const state = { meets: 0, isShort: false };
  let met = 0;
  const refills: CountingSource["refills"] = [];
  const spills: number[][] = [];
  return {
    state,
    stock,
    refills,
    spills,
    refill(to, want, context, top) {
      met += state.meets;
      refills.push({ want, context });
      const batch = stock.splice(Math.max(0, stock.length - want));
      words.set(batch, to);
      if (top !== undefined && batch.length > 0) words[top] = batch.length;
      return batch.length;
    },
    spill(from, count, word, value = 0) {
      if (word !== undefined) words[word] = value;
      met += state.meets;
      const batch = [...words.subarray(from, from + count)];
      spills.push(batch);
      stock.push(...batch);
    },
    contended: () => met,
    isShort: () => state.isShort,
  };
}
