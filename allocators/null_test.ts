import { assertEquals } from "@std/assert";
import { createRegion, Layout } from "../sync/mod.ts";
import { ATOMIC, BLOCKING } from "./allocator.ts";
import { nothing } from "./null.ts";
import { createRig } from "./testing/page_rig.ts";
import { memoryOf } from "./testing/memory.ts";

Deno.test("nothing serves everybody with an element that has no bytes and takes no memory", () => {
  const memory = memoryOf({ pages: 1 });
  const { arena, participant } = createRig({ memory, participants: 1, orders: [], rounds: 1 });
  const layout = new Layout();
  const planned = nothing.plan({}, { layout, name: "null", memory, participants: 1 });
  assertEquals([planned.capacity, planned.elementBytes, planned.elementPages], [0, 0, 0]);
  const region = createRegion(layout, 0);
  const backend = planned.attach({ region, arena, participant, reclaim: () => false });
  for (const context of [ATOMIC, BLOCKING] as const) {
    const handle = backend.direct!.allocate(context);
    assertEquals(backend.bytes(handle).length, 0);
    backend.direct!.free(handle);
  }
  assertEquals([arena.freePages(), backend.shrink(), backend.hoarded()], [1, 0, 0]);
});
