import { assert, assertEquals } from "@std/assert";
import { type Allocator, ATOMIC, BLOCKING, type Context, NONE } from "./allocator.ts";
import { FaultState, faulty } from "./faulty.ts";

const HANDLE = 7;

/** A layer over an allocator that always serves; draws go round in `draws`. */
function layerOf(probability: readonly [number, number], draws: readonly number[] = [0.5]) {
  const calls: string[] = [];
  const inner: Allocator = {
    allocate(context) {
      calls.push(`allocate ${context}`);
      return HANDLE;
    },
    free: (handle) => void calls.push(`free ${handle}`),
  };
  const words = new Int32Array(4);
  let drawn = 0;
  const uniform = () => draws[drawn++ % draws.length]!;
  const layer = faulty(inner, { state: { words, at: 2 }, probability, uniform });
  return {
    layer,
    calls,
    drawn: () => drawn,
    set: (state: number) => words[2] = state,
    allocate: (context: Context, times: number) =>
      Array.from({ length: times }, () => layer.allocate(context)),
  };
}

Deno.test("faulty() lets everything through while it is off, certain failure or not", () => {
  const { layer, calls, drawn, allocate } = layerOf([1, 1]);
  assertEquals([...allocate(ATOMIC, 2), ...allocate(BLOCKING, 1)], [HANDLE, HANDLE, HANDLE]);
  assertEquals(calls, ["allocate 0", "allocate 0", "allocate 1"]);
  assertEquals([layer.counts(), drawn()], [{ atomicFailures: 0, blockingFailures: 0 }, 0]);
});

Deno.test("faulty() fails each kind of caller by its own probability, as the draws have it", () => {
  const { layer, set, allocate } = layerOf([0.6, 0.25], [0.2, 0.6, 0.59, 0.9, 0.24, 0.25]);
  set(FaultState.random);
  assertEquals(allocate(ATOMIC, 6), [NONE, HANDLE, NONE, HANDLE, NONE, NONE]);
  assertEquals(allocate(BLOCKING, 6), [NONE, HANDLE, HANDLE, HANDLE, NONE, HANDLE]);
  assertEquals(layer.counts(), { atomicFailures: 4, blockingFailures: 2 });
});

Deno.test("faulty() fails never at 0, always at 1, and draws nothing for a caller that never fails", () => {
  const { set, allocate, drawn } = layerOf([0, 1], [0.000001, 0.999999]);
  set(FaultState.random);
  assertEquals(allocate(ATOMIC, 3), [HANDLE, HANDLE, HANDLE]);
  assertEquals(drawn(), 0);
  assertEquals(allocate(BLOCKING, 4), [NONE, NONE, NONE, NONE]);
});

Deno.test("faulty() serves nothing while it is down, whatever the probability, and asks nobody", () => {
  const { layer, calls, set, allocate } = layerOf([0, 0]);
  set(FaultState.down);
  assertEquals([...allocate(ATOMIC, 2), ...allocate(BLOCKING, 1)], [NONE, NONE, NONE]);
  assertEquals([calls, layer.counts()], [[], { atomicFailures: 2, blockingFailures: 1 }]);
  set(FaultState.off);
  assertEquals(layer.allocate(ATOMIC), HANDLE);
});

Deno.test("faulty() always takes elements back, and resetCounts() keeps it failing", () => {
  const { layer, calls, set, allocate } = layerOf([1, 1]);
  set(FaultState.down);
  allocate(ATOMIC, 1);
  layer.free(HANDLE);
  assertEquals(calls, [`free ${HANDLE}`]);
  layer.resetCounts();
  assertEquals(layer.counts(), { atomicFailures: 0, blockingFailures: 0 });
  assert(allocate(BLOCKING, 1)[0] === NONE);
});
