import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { attachParticipant, createRegion, Layout, planParticipants } from "../sync/mod.ts";
import { BLOCKING } from "./allocator.ts";
import { attachArena, MAX_ORDER, planArena } from "./arena.ts";
import { classBytes, sizeClass } from "./size_class.ts";
import { memoryOf } from "./testing/memory.ts";

const MEMORY = memoryOf({ pages: 64, pageBytes: 4096 });

/** Every class there is, smallest first. */
function allClasses(pageBytes: number): number[] {
  const memory = { ...MEMORY, pageBytes };
  const classes: number[] = [];
  for (let bytes = classBytes(1, memory); bytes > 0; bytes = classBytes(bytes + 1, memory)) {
    classes.push(bytes);
  }
  return classes;
}

/** One class of memory, planned and attached. */
function attachClass(objectBytes: number) {
  const layout = new Layout();
  const participantsAt = planParticipants(layout, "test", 1);
  const arenaPlan = planArena(layout, "memory", MEMORY);
  const to = layout.words("taken", 64);
  const planned = sizeClass.plan(
    { objectBytes },
    { layout, name: "general", memory: MEMORY, participants: 1 },
  );
  const region = createRegion(layout, MEMORY.pages * MEMORY.pageBytes);
  const participant = attachParticipant(region, participantsAt, 0, 1);
  const arena = attachArena(region, arenaPlan, 0);
  arena.initialise();
  const backend = planned.attach({ region, participant, arena, reclaim: () => false });
  return { planned, backend, region, to };
}

Deno.test("classBytes() has powers of two and three quarters of them up to two pages, then page orders", () => {
  assertEquals(allClasses(512).slice(0, 17), [
    ...[8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024],
    ...[2048, 4096, 8192],
  ]);
  assertEquals(allClasses(4096).slice(13, 21), [
    ...[1024, 1536, 2048, 3072, 4096, 6144, 8192],
    16384,
  ]);
  assertEquals(allClasses(4096).at(-1), 4096 * 2 ** MAX_ORDER);
});

Deno.test("classBytes() is the smallest class that holds an object, and wastes at most a third of it below two pages", () => {
  const classes = allClasses(4096);
  for (let bytes = 1; bytes <= 40_000; bytes++) {
    const own = classBytes(bytes, MEMORY);
    assertEquals(own, classes.find((each) => each >= bytes), String(bytes));
    if (bytes > 16 && bytes <= 8192) assertLessOrEqual(own, bytes * 1.5);
  }
  assertEquals(classBytes(4096 * 2 ** MAX_ORDER + 1, MEMORY), 0);
});

Deno.test("sizeClass.plan() makes slabs of objects up to two pages, and blocks of pages above", () => {
  const facts = [8, 96, 4096, 6144, 8192, 16384, 65536].map((bytes) => {
    const { elementBytes, elementPages, capacity } = attachClass(bytes).planned;
    return [elementBytes, elementPages, capacity];
  });
  assertEquals(facts, [
    [8, 1 / 512, 64 * 512],
    [96, 1 / 42, 64 * 42],
    [4096, 1, 64],
    [6144, 8 / 5, 40],
    [8192, 2, 32],
    [16384, 4, 16],
    [65536, 16, 4],
  ]);
});

Deno.test("sizeClass has every object start at a multiple of its class's largest power of two, up to a page", () => {
  for (const bytes of allClasses(MEMORY.pageBytes).filter((each) => each <= 65536)) {
    const { backend, region, to } = attachClass(bytes);
    const got = backend.source!.refill(to, 10, BLOCKING);
    assertGreater(got, 0);
    const align = Math.min(bytes & -bytes, MEMORY.pageBytes);
    for (const handle of region.words.subarray(to, to + got)) {
      const { byteOffset, length } = backend.bytes(handle);
      assert(byteOffset % align === 0, `${byteOffset} for ${bytes}`);
      assertEquals(length, bytes);
    }
  }
});
