/**
 * A worker that attaches to a pool and does with it what a test orders, one order after the other.
 *
 * @module
 */
import type { Context, Handle } from "../../allocators/allocator.ts";
import { churn, type Churning, tide } from "./churn.ts";
import { type Joined, type Joining, joinTest } from "./joining.ts";
import { type Afterwards, freeAndLeave, freeLateAndLeave } from "./late_free.ts";
import { freeWhatComes, takeAndPass } from "./passing.ts";

/** What a worker may be told. */
export type Order =
  | { readonly do: "join"; readonly joining: Joining }
  /** Answers once served. */
  | { readonly do: "allocate"; readonly context: Context; readonly count: number }
  /** Answers with the element, or with what the error says. */
  | { readonly do: "allocateOrSay"; readonly context: Context }
  /** Answers once served or aborted. */
  | { readonly do: "allocateAsync" }
  /** Aborts the oldest async allocation that is still under way; no answer. */
  | { readonly do: "abort" }
  | { readonly do: "free"; readonly handles: readonly Handle[] }
  /** Keeps `keep` elements and replaces one after the other. */
  | { readonly do: "replace"; readonly keep: number; readonly rounds: number }
  | { readonly do: "takeAndPass" | "freeWhatComes"; readonly rounds: number }
  | {
    readonly do: "freeAndLeave" | "freeLateAndLeave";
    readonly handles: readonly Handle[];
    readonly afterwards: Afterwards;
  }
  | { readonly do: "churn"; readonly churning: Churning }
  | { readonly do: "tide"; readonly keep: number }
  | { readonly do: "drain" }
  | { readonly do: "listen" }
  | { readonly do: "counts" };

let joined: Joined;
const aborts: AbortController[] = [];

async function allocateAsync(): Promise<Handle | "aborted"> {
  const abort = new AbortController();
  aborts.push(abort);
  try {
    return await joined.pool.allocateAsync({ signal: abort.signal });
  } catch {
    return "aborted";
  } finally {
    aborts.splice(aborts.indexOf(abort), 1);
  }
}

function allocateOrSay(context: Context): Handle | string {
  try {
    return joined.pool.allocate(context);
  } catch (error) {
    return String(error);
  }
}

function replace(keep: number, rounds: number): void {
  const { allocate, free } = joined.pool;
  const held = Array.from({ length: keep }, () => allocate());
  for (let round = 0; round < rounds; round++) {
    free(held[round % keep]!);
    held[round % keep] = allocate();
  }
  held.forEach(free);
}

function obey(order: Order): unknown {
  if (order.do === "join") {
    joined = joinTest(order.joining);
    return null;
  }
  const { pool, composition } = joined;
  switch (order.do) {
    case "allocate":
      return Array.from({ length: order.count }, () => pool.allocate(order.context));
    case "allocateOrSay":
      return allocateOrSay(order.context);
    case "allocateAsync":
      return allocateAsync();
    case "abort":
      return aborts[0]!.abort();
    case "free":
      return order.handles.forEach(pool.free);
    case "replace":
      return replace(order.keep, order.rounds);
    case "takeAndPass":
      return takeAndPass(joined, order.rounds);
    case "freeWhatComes":
      return freeWhatComes(joined, order.rounds);
    case "freeAndLeave":
      return freeAndLeave(joined, order.handles, order.afterwards);
    case "freeLateAndLeave":
      return freeLateAndLeave(joined, order.handles[0]!, order.afterwards);
    case "churn":
      return churn(joined, order.churning);
    case "tide":
      return tide(joined, order.keep);
    case "drain":
      return composition.drain();
    case "listen":
      return composition.participant.listen();
    case "counts":
      return pool.counts();
  }
}

self.onmessage = async ({ data: order }: MessageEvent<Order>) => {
  const answer = await obey(order);
  if (order.do !== "abort") self.postMessage(answer ?? null);
};
