/** Debugging of elements that are put together: rule 34. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { CorruptionError } from "../allocators/poisoned.ts";
import type { Composition } from "./composition.ts";
import { made, NESTED, reserves, SPEC } from "./testing/resync_pools.ts";

/** The bytes of every part of an element of "buffer", with their names. */
function partsOf(composition: Composition, handle: Handle) {
  return composition.allocator("buffer").backend.parts!(handle);
}

Deno.test("composite rule 34: an idle element of a reserve has all parts poisoned, and a write to any is told with part and offset", () => {
  const { sides: [one, other], down } = made({ ...SPEC, debug: true });
  const pool = one!.pool("resync");
  const names = ["general/128", "bio", "page"];
  for (let part = 0; part < 6; part++) {
    names.forEach((name) => down.add(name));
    const handle = pool.allocate(BLOCKING);
    const parts = partsOf(one!, handle);
    for (const { bytes } of parts) bytes.fill(7);
    pool.free(handle);
    for (const { bytes } of parts) {
      assert(bytes.every((byte, offset) => byte === (offset < bytes.length - 1 ? 0x6b : 0xa5)));
    }
    const { of, handle: partHandle, bytes } = parts[part]!;
    const offset = part % 2 === 0 ? bytes.length - 1 : 3;
    bytes[offset] = 9;
    const error = assertThrows(() => other!.pool("resync").allocate(ATOMIC), CorruptionError);
    assertEquals([error.handle, error.offset, error.found], [handle, offset, 9]);
    assertEquals([error.part!.of, error.part!.handle], [of, partHandle]);
    assertEquals(
      error.message,
      `Element ${handle} of "resync" was written to after it was freed: byte ${offset} ` +
        `of its part "${of}" ${partHandle} is 0x09, not ${offset === 3 ? "0x6b" : "0xa5"}`,
    );
    assertEquals(reserves(one!), { requests: 4, resync: 2 });
    one!.check();
    down.clear();
    pool.free(pool.allocate(ATOMIC));
  }
});

Deno.test("composite rule 34: nobody who behaves is told anything, in composites of composites too", () => {
  const { sides: [one, other], down } = made({ ...NESTED, debug: true });
  const pools = ["resync", "requests", "pairs"].map((name) => [one!.pool(name), other!.pool(name)]);
  const held: { pool: number; handle: Handle }[] = [];
  for (let round = 0; round < 300; round++) {
    down.clear();
    if (round % 5 === 0) down.add(["bio", "page", "general/128"][round % 3]!);
    const pool = round * 7 % 3;
    const handle = pools[pool]![round % 2]!.backend.allocate(round % 4 < 2 ? ATOMIC : BLOCKING);
    if (handle !== NONE) {
      held.push({ pool, handle });
      scribble(one!, pool, handle, round);
    }
    while (held.length > round % 9) {
      const last = held.splice(round % held.length, 1)[0]!;
      pools[last.pool]![(round >> 1) % 2]!.free(last.handle);
    }
  }
  for (const { pool, handle } of held) pools[pool]![0]!.free(handle);
  one!.check();
  assertEquals(reserves(one!), { requests: 4, resync: 2, pairs: 1 });
});

/** Writes over all bytes of an element. */
function scribble(composition: Composition, pool: number, handle: Handle, value: number): void {
  const name = ["buffer", "general/128", "pair"][pool]!;
  const { backend } = composition.allocator(name);
  const pieces = backend.parts?.(handle) ?? [{ bytes: backend.bytes(handle) }];
  for (const { bytes } of pieces) bytes.fill(value);
  if (pool === 2) assertEquals(pieces.length, 13, "two buffers of six parts, and a request");
}
