import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { slabGeometry } from "./slab_geometry.ts";
import { memoryOf } from "./testing/memory.ts";

const large = memoryOf({ pages: 4096, pageBytes: 4096 });

Deno.test("slabGeometry() takes the smallest order with little waste and 8 objects, else what fits", () => {
  const chosen = [8, 24, 256, 512, 520, 1000, 3000, 4096, 4104, 5000, 12000, 32768, 100000, 2 ** 20]
    .map((objectBytes) => {
      const { order, objectsPerSlab } = slabGeometry({ objectBytes, align: 8 }, large);
      return [objectBytes, order, objectsPerSlab];
    });
  assertEquals(chosen, [
    [8, 0, 512],
    [24, 0, 170],
    [256, 0, 16],
    [512, 0, 8],
    [520, 1, 15],
    [1000, 1, 8],
    [3000, 3, 10],
    [4096, 3, 8],
    [4104, 3, 7],
    [5000, 2, 3],
    [12000, 2, 1],
    [32768, 3, 1],
    [100000, 5, 1],
    [2 ** 20, 8, 1],
  ]);
});

Deno.test("slabGeometry() rounds objects up to their alignment", () => {
  const strides = [[8, 8], [9, 8], [9, 1], [100, 64], [24, 4096]].map(([objectBytes, align]) =>
    slabGeometry({ objectBytes: objectBytes!, align: align! }, large).strideBytes
  );
  assertEquals(strides, [8, 16, 9, 128, 4096]);
});

Deno.test("slabGeometry() takes no larger slab than memory has room for", () => {
  const geometry = (growTo: number) => {
    const memory = memoryOf({ pages: 1, growTo, pageBytes: 4096 });
    const { order, objectsPerSlab, slabs } = slabGeometry({ objectBytes: 4096, align: 8 }, memory);
    return [order, objectsPerSlab, slabs];
  };
  assertEquals([1, 4, 7, 8, 17].map(geometry), [
    [0, 1, 1],
    [0, 1, 4],
    [0, 1, 7],
    [3, 8, 1],
    [3, 8, 2],
  ]);
});

Deno.test("slabGeometry() has no slab where an object fits into no block", () => {
  const slabs = (objectBytes: number, pages: number, pageBytes: number) =>
    slabGeometry({ objectBytes, align: 8 }, memoryOf({ pages, pageBytes })).slabs;
  assertEquals([slabs(100000, 31, 4096), slabs(100000, 32, 4096)], [0, 1]);
  assertEquals([slabs(2 ** 20, 1 << 12, 512), slabs(2 ** 19, 1 << 12, 512)], [0, 4]);
});

Deno.test("slabGeometry() wastes at most 1/8 wherever 8 objects fit into 8 pages", () => {
  const spec = fc.record({
    objectBytes: fc.integer({ min: 8, max: 2 ** 17 }),
    align: fc.integer({ min: 0, max: 16 }).map((log) => 2 ** log),
  });
  fc.assert(fc.property(spec, (object) => {
    const { order, slabBytes, strideBytes, objectsPerSlab } = slabGeometry(object, large);
    const tail = slabBytes - objectsPerSlab * strideBytes;
    assertEquals(slabBytes, 4096 << order);
    assert(objectsPerSlab >= 1 && tail >= 0 && tail < strideBytes);
    assert(strideBytes % object.align === 0 && strideBytes >= object.objectBytes);
    if (strideBytes <= 4096) assert(objectsPerSlab >= 8 && tail * 8 <= slabBytes && order <= 3);
  }));
});
