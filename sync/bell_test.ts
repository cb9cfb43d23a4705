import { assert, assertEquals, assertLess } from "@std/assert";
import { attachBell, planBell } from "./bell.ts";
import { createRegion, Layout } from "./region.ts";
import { HANG_MS } from "./testing/crew.ts";

function bell() {
  const layout = new Layout();
  const at = planBell(layout, "test");
  const region = createRegion(layout, 0);
  return { region, at, bell: attachBell(region, at) };
}

/** Milliseconds that a call takes. */
function timed(call: () => void): number {
  const startMs = performance.now();
  call();
  return performance.now() - startMs;
}

Deno.test("Bell.sleepUnless() does not sleep where there is something to do, else until its time is over", () => {
  const { bell: own } = bell();
  assertLess(timed(() => own.sleepUnless(() => true, 60_000)), 30_000);
  assert(timed(() => own.sleepUnless(() => false, 20)) >= 19);
});

Deno.test("Bell.ring() is not missed by who has looked and is about to sleep", () => {
  const { bell: own } = bell();
  const rings = () => {
    own.ring();
    return false; // looked before it rang
  };
  assertLess(timed(() => own.sleepUnless(rings, 60_000)), 30_000);
});

Deno.test("Bell.ring() wakes a listener that is asleep", async () => {
  const { bell: own, region: { words }, at } = bell();
  let waiting: Promise<string> | undefined;
  own.sleepUnless(() => {
    const { value } = Atomics.waitAsync(words, at, Atomics.load(words, at), HANG_MS);
    waiting = Promise.resolve(value);
    own.ring();
    return true;
  }, 1);
  assertEquals(await waiting, "ok");
});

Deno.test("planBell() gives each bell words of its own", () => {
  const layout = new Layout();
  const bells = [planBell(layout, "one"), planBell(layout, "other")];
  assertEquals(bells.map((at) => layout.blockAt(at)?.name), ["one/bell", "other/bell"]);
});

Deno.test("Bell.ring() writes nothing while the listener is awake", () => {
  const { bell: own, region, at } = bell();
  own.ring();
  assertEquals(region.words[at], 0);
  own.sleepUnless(() => true, 1);
  own.ring();
  assertEquals(region.words[at], 0);
});
