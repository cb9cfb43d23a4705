/** One thread of a program in a worker of its own. */
import { installHooks } from "./hooks.ts";
import type { LockstepOrder } from "./lockstep.ts";
import { UNWIND } from "./program.ts";
import type { PoolThreads } from "./pool_program.ts";

installHooks();
const { LockstepThread } = await import("./lockstep_thread.ts");
const { poolThreads, programOf } = await import("./pool_program.ts");
const { loadSubject } = await import("./subject.ts");
let threads: PoolThreads;
let me = 0;

async function follow(order: LockstepOrder): Promise<void> {
  if (order.order === "load") {
    threads = poolThreads(await loadSubject(), programOf(order.program)!);
    me = order.thread;
    return;
  }
  const thread = new LockstepThread(me, order);
  threads.world.watchBy(thread);
  try {
    await threads.threads[me]!.script(thread);
  } catch (error) {
    if (error === UNWIND) return;
    thread.breakOff();
    throw error;
  }
}

self.onmessage = async ({ data }: MessageEvent<LockstepOrder>) => {
  try {
    await follow(data);
    self.postMessage("done");
  } catch (error) {
    self.postMessage(`failed: ${(error as Error).message}`);
  }
};
self.postMessage("ready");
