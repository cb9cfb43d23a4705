import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import type { Participant } from "./participant.ts";
import { attachSlots, createSlots, leadSlots } from "./slots.ts";

/** A participant that only sleeps, and when it is told that the run is over. */
function sleeper(stopped: () => boolean = () => false): Participant {
  return { park: <T>(wait: () => T) => wait(), stopped } as Partial<Participant> as Participant;
}

/** A worker that serves as many as its slot has kind and milliseconds, and sends home what it did. */
const WORKER = `
import { attachSlots } from "${new URL("./slots.ts", import.meta.url)}";
self.onmessage = ({ data: { buffer, worker, deaf } }) => {
  const participant = { park: (wait) => wait(), stopped: () => false };
  const post = attachSlots(buffer, worker, participant);
  let slots = 0;
  for (let slot = post.next(); slot !== null; slot = post.next()) {
    slots++;
    if (!deaf) post.end({ count: 1000 * worker + slot.kind, ns: slot.ms * 1e6 });
  }
  self.postMessage(slots);
};`;

/** Workers of their own threads at their posts. */
function crew(buffer: SharedArrayBuffer, count: number, deaf = -1) {
  const url = URL.createObjectURL(new Blob([WORKER], { type: "text/typescript" }));
  const workers = Array.from({ length: count }, () => new Worker(url, { type: "module" }));
  const home = workers.map((worker, id) => {
    worker.postMessage({ buffer, worker: id, deaf: id === deaf });
    return new Promise<number>((resolve) => worker.onmessage = ({ data }) => resolve(data));
  });
  return {
    home: () => Promise.all(home),
    [Symbol.dispose]() {
      URL.revokeObjectURL(url);
      for (const worker of workers) worker.terminate();
    },
  };
}

Deno.test("leadSlots() has those work that it names, hears what they did, and sends all home", async () => {
  const buffer = createSlots(3);
  using workers = crew(buffer, 3);
  const lead = leadSlots(buffer);
  const did = (kind: number, who: number[]) => lead.run({ kind, ms: 2.5 }, who, 60_000);
  assertEquals(did(1, [0, 1, 2]), [0, 1, 2].map((id) => ({ count: 1000 * id + 1, ns: 2.5e6 })));
  assertEquals(did(2, [1]), [{ count: 1002, ns: 2.5e6 }]);
  assertEquals(did(3, [2, 0])!.map(({ count }) => count), [2003, 3]);
  lead.end();
  assertEquals(await workers.home(), [2, 2, 2]);
});

Deno.test("leadSlots() waits for nobody longer than it should", async () => {
  const buffer = createSlots(2);
  using workers = crew(buffer, 2, 1);
  const lead = leadSlots(buffer);
  assertEquals(lead.run({ kind: 1, ms: 1 }, [0], 60_000)!.length, 1);
  const startMs = performance.now();
  assertEquals(lead.run({ kind: 1, ms: 1 }, [0, 1], 30), null);
  assertGreaterOrEqual(performance.now() - startMs, 29);
  lead.end();
  // Who was too slow to see the last slot goes home without it.
  assertEquals((await workers.home()).length, 2);
});

Deno.test("attachSlots() goes home where the run is over, whoever said so", () => {
  const buffer = createSlots(1);
  assertEquals(attachSlots(buffer, 0, sleeper(() => true)).next(), null);
  leadSlots(buffer).end();
  assertEquals(attachSlots(buffer, 0, sleeper()).next(), null);
});

Deno.test("attachSlots() sleeps parked, so that others may take what it has cached", () => {
  const buffer = createSlots(1);
  leadSlots(buffer).end();
  let parked = 0;
  const participant = {
    ...sleeper(),
    park<T>(wait: () => T): T {
      parked++;
      return wait();
    },
  };
  attachSlots(buffer, 0, participant).next();
  assert(parked === 1);
});
