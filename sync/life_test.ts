import { assert, assertEquals, assertRejects } from "@std/assert";
import { whenDead } from "./life.ts";
import { attachLock } from "./lock.ts";
import type { Death, Sentence } from "./testing/mortal_worker.ts";
import { until } from "./testing/until.ts";

const NEVER = new AbortController().signal;
const [LOCK, COUNT, STOP] = [0, 16, 17];

/** A worker that has said that it lives, and what it runs on. */
async function condemn(death: Death) {
  const words = new Int32Array(new SharedArrayBuffer(128));
  const name = crypto.randomUUID();
  const worker = new Worker(new URL("./testing/mortal_worker.ts", import.meta.url), {
    type: "module",
  });
  worker.onerror = (event) => event.preventDefault();
  const alive = new Promise<void>((resolve) => worker.onmessage = () => resolve());
  const sentence: Sentence = {
    name,
    death,
    buffer: words.buffer,
    lockAt: LOCK,
    countAt: COUNT,
    stopAt: STOP,
  };
  worker.postMessage(sentence);
  await alive;
  return { name, words, worker, lock: attachLock(words, LOCK, 1) };
}

for (const death of ["throw", "reject", "close", "within", "asleep", "idle"] as const) {
  Deno.test(`whenDead() is told of a worker by ${death}, which leaves its lock held`, async () => {
    const { name, words, worker, lock } = await condemn(death);
    if (death === "idle") {
      until(words, LOCK, (state) => state !== 0, "it has the lock");
      worker.terminate();
    }
    assert(await whenDead(name, NEVER));
    assertEquals(lock.owner(), 0);
    worker.terminate();
  });
}

Deno.test("whenDead() takes nobody for dead who was terminated and still runs", async () => {
  const { name, words, worker } = await condemn("run");
  let isDead = false;
  const death = whenDead(name, NEVER).then(() => isDead = true);
  until(words, COUNT, (count) => count > 0, "it runs");
  worker.terminate();
  const count = words[COUNT]!;
  const wanted = count + 100_000;
  while (Atomics.load(words, COUNT) < wanted) await new Promise((resolve) => setTimeout(resolve));
  assertEquals(isDead, false);
  Atomics.store(words, STOP, 1);
  await death;
  const last = Atomics.load(words, COUNT);
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(Atomics.load(words, COUNT), last);
});

Deno.test("whenDead() is given up by its signal, and the next one is told", async () => {
  const { name, worker } = await condemn("idle");
  const controller = new AbortController();
  const death = whenDead(name, controller.signal);
  controller.abort();
  assertEquals(await death, false);
  worker.terminate();
  assertEquals(await whenDead(name, NEVER), true);
});

Deno.test("whenDead() takes nobody for living whom it could not ask after", async () => {
  // Names that begin so are not to be had: https://w3c.github.io/web-locks/#dom-lockmanager-request
  await assertRejects(() => whenDead("-reserved", NEVER));
});
