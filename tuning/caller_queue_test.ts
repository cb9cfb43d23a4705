import { assertEquals } from "@std/assert";
import { BLOCKING } from "../allocators/allocator.ts";
import { CallerQueue } from "./caller_queue.ts";
import { ASYNC, type Call, type Caller } from "./callers.ts";

/** A worker whose tasks arrive at given times, all called alike. */
function worker(times: number[], call: Call): Caller {
  const caller: Caller = {
    ...{ nextAt: times[0]!, holdNs: 1, call, kind: 0 },
    advance() {
      times.shift();
      caller.nextAt = times[0] ?? Infinity;
    },
  };
  return caller;
}

const dueOf = (queue: CallerQueue) => [queue.first, queue.dueNs];

Deno.test("CallerQueue has the worker first whose task is due first, and of several the first", () => {
  const queue = new CallerQueue([worker([5, 9], ASYNC), worker([3, 5], ASYNC)]);
  assertEquals(dueOf(queue), [1, 3]);
  queue.advance(1);
  assertEquals(dueOf(queue), [0, 5]);
  queue.advance(0);
  assertEquals(dueOf(queue), [1, 5]);
  queue.advance(1);
  assertEquals(dueOf(queue), [0, 9]);
});

Deno.test("CallerQueue lets a blocked worker come late", () => {
  const queue = new CallerQueue([worker([1], BLOCKING), worker([4], BLOCKING)]);
  queue.sleep(0, true);
  assertEquals(dueOf(queue), [1, 4]);
  queue.wake(0, true, 3);
  assertEquals(dueOf(queue), [0, 3]);
});

Deno.test("CallerQueue keeps a task back that would block others of its worker, until the last of them waits no longer", () => {
  const queue = new CallerQueue([worker([1], BLOCKING), worker([4], BLOCKING)]);
  queue.sleep(0, false);
  queue.sleep(0, false);
  assertEquals(dueOf(queue), [1, 4]);
  queue.wake(0, false, 2);
  assertEquals(dueOf(queue), [1, 4]);
  queue.wake(0, false, 3);
  assertEquals(dueOf(queue), [0, 1]);
});

Deno.test("CallerQueue does not keep a task back that waits by itself", () => {
  const queue = new CallerQueue([worker([1], ASYNC)]);
  queue.sleep(0, false);
  assertEquals(dueOf(queue), [0, 1]);
});
