/** A thread that attaches a shared mempool and does as it is told, one message a step, each with an answer. */
import { isMarked, mark } from "../../allocators/testing/sentinel.ts";
import { attachMempool, type Handle, type MempoolSide, type SharedMempool } from "../mod.ts";

/** One step. */
export type Order =
  | { readonly order: "attach"; readonly shared: SharedMempool }
  /** Takes elements, blocking, and marks each with its own handle. */
  | { readonly order: "take" | "take-async"; readonly count: number }
  /** Frees elements, and says whether each still had its mark. */
  | { readonly order: "free"; readonly handles: readonly Handle[] }
  /** The same, and then computes, without a look at the pool, until so many wait: a second answer. */
  | {
    readonly order: "free-and-compute";
    readonly handles: readonly Handle[];
    readonly waiters: number;
  }
  /** Takes up to `most` elements at a time and frees them, over and over. */
  | { readonly order: "churn"; readonly rounds: number; readonly most: number }
  | { readonly order: "detach" | "counts" };

let side: MempoolSide;

function marked(handle: Handle): Handle {
  mark(side.pool.bytes(handle), handle);
  return handle;
}

function free(handle: Handle): boolean {
  const whole = isMarked(side.pool.bytes(handle), handle);
  side.pool.free(handle);
  return whole;
}

/** @returns how many elements somebody else wrote into. */
function churn(rounds: number, most: number): number {
  let overwritten = 0;
  for (let round = 0; round < rounds; round++) {
    const handles: Handle[] = [];
    while (handles.length <= round % most) handles.push(marked(side.pool.allocate()));
    for (const handle of handles) if (!free(handle)) overwritten++;
  }
  return overwritten;
}

async function takeAsync(count: number): Promise<Handle[]> {
  const calls = Array.from({ length: count }, () => side.pool.allocateAsync());
  return (await Promise.all(calls)).map(marked);
}

function computeUntil(waiters: number): void {
  const word = new Int32Array(new SharedArrayBuffer(4));
  while (side.pool.reserve.queue.count() < waiters) Atomics.wait(word, 0, 0, 1);
}

function follow(data: Order): unknown {
  switch (data.order) {
    case "attach":
      side = attachMempool(data.shared);
      return side.pool.name;
    case "take":
      return Array.from({ length: data.count }, () => marked(side.pool.allocate()));
    case "take-async":
      return takeAsync(data.count);
    case "free":
      return data.handles.map(free);
    case "free-and-compute": {
      self.postMessage(data.handles.map(free));
      computeUntil(data.waiters);
      return "computed";
    }
    case "churn":
      return churn(data.rounds, data.most);
    case "detach":
      return side.detach();
    case "counts":
      return side.pool.counts();
  }
}

self.onmessage = async ({ data }: MessageEvent<Order>) => self.postMessage(await follow(data));
