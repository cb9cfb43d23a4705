import { assert, assertEquals } from "@std/assert";
import { createRegion, Layout } from "../sync/mod.ts";
import { ATOMIC, BLOCKING, NONE } from "./allocator.ts";
import { heap } from "./heap.ts";
import { createRig } from "./testing/page_rig.ts";
import { memoryOf } from "./testing/memory.ts";
import { isMarked, mark } from "./testing/sentinel.ts";

function heapOf(objectBytes: number) {
  const memory = memoryOf({ pages: 1 });
  const { arena, participant } = createRig({ memory, participants: 1, orders: [], rounds: 1 });
  const layout = new Layout();
  const planned = heap.plan({ objectBytes }, { layout, name: "heap", memory, participants: 1 });
  const region = createRegion(layout, 0);
  const backend = planned.attach({ region, arena, participant, reclaim: () => false });
  return { planned, backend, direct: backend.direct! };
}

Deno.test("heap gives each element bytes of its own, all 0, of the size that it was planned for", () => {
  const { planned, backend, direct } = heapOf(100);
  const handles = [1, 2, 3].map(() => direct.allocate(ATOMIC));
  assertEquals([new Set(handles).size, handles.includes(NONE)], [3, false]);
  for (const handle of handles) {
    assertEquals(backend.bytes(handle), new Uint8Array(100));
    mark(backend.bytes(handle), handle);
  }
  assert(handles.every((handle) => isMarked(backend.bytes(handle), handle)));
  assertEquals([planned.elementBytes, planned.elementPages], [100, 0]);
});

Deno.test("heap.free() drops the bytes, and the next element of that handle begins at 0", () => {
  const { backend, direct } = heapOf(8);
  const handle = direct.allocate(BLOCKING);
  backend.bytes(handle).fill(1);
  direct.free(handle);
  assertEquals(backend.bytes(handle).length, 0);
  assertEquals(direct.allocate(ATOMIC), handle);
  assertEquals(backend.bytes(handle), new Uint8Array(8));
});

Deno.test("heap counts the most elements in use at once", () => {
  const { backend, direct } = heapOf(8);
  const handles = [1, 2, 3].map(() => direct.allocate(ATOMIC));
  handles.slice(1).forEach(direct.free);
  assertEquals(backend.counts().peakInUse, 3);
  backend.resetCounts();
  assertEquals(backend.counts().peakInUse, 1);
  assertEquals([backend.shrink(), backend.hoarded(), backend.source], [0, 0, null]);
});

Deno.test("heap gives none where the engine has no memory, counted by the kind of caller, and goes on", () => {
  const { backend, direct } = heapOf(2 ** 45);
  for (const context of [ATOMIC, BLOCKING, BLOCKING] as const) {
    assertEquals(direct.allocate(context), NONE);
  }
  const { atomicFailures, blockingFailures, peakInUse } = backend.counts();
  assertEquals([atomicFailures, blockingFailures, peakInUse], [1, 2, 0]);
  backend.resetCounts();
  assertEquals(backend.counts().blockingFailures, 0);
});
