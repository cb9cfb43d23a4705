/** A waiter in a worker: sleeps on its slot, again after each "look again", and says all that it was woken with. */
import { attachWaitQueue, LOOK_AGAIN } from "../wait_queue.ts";

/** What a sleeper is told. */
export interface SleeperTask {
  readonly buffer: SharedArrayBuffer;
  readonly queueAt: number;
  readonly slot: number;
  readonly timeoutMs: number;
}

self.onmessage = ({ data }: MessageEvent<SleeperTask>) => {
  const queue = attachWaitQueue(new Int32Array(data.buffer), data.queueAt);
  const seen: number[] = [];
  for (;;) {
    const grant = queue.sleep(data.slot, data.timeoutMs);
    if (seen.at(-1) !== LOOK_AGAIN || grant !== 0) seen.push(grant);
    if (grant > 0) break;
    queue.acknowledge(data.slot);
  }
  self.postMessage(seen);
};
