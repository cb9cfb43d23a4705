import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { type Allocator, ATOMIC, BLOCKING, type Context, NONE } from "./allocator.ts";
import {
  CorruptionError,
  firstCorruption,
  poison,
  POISON_END,
  POISON_FREE,
  poisoned,
} from "./poisoned.ts";

const CAPACITY = 3;

/** A free list under the layer, each element with bytes of its own; `calls` are those that reach it. */
function layerOf(elementBytes: number) {
  const elements = Array.from({ length: CAPACITY + 1 }, () => new Uint8Array(elementBytes));
  const free = [3, 2, 1];
  const calls: string[] = [];
  const inner: Allocator = {
    allocate(context) {
      calls.push(`allocate ${context}`);
      return free.pop() ?? NONE;
    },
    free(handle) {
      calls.push(`free ${handle} ${elements[handle]}`);
      free.push(handle);
    },
  };
  const marks = { words: new Int32Array(5 + CAPACITY), at: 4 };
  const attach = () =>
    poisoned(inner, { name: "buffers", marks, bytes: (handle) => elements[handle]! });
  return { layer: attach(), attach, inner, elements, calls };
}

/** Takes an element and frees it, so that it is poisoned. */
function use(layer: Allocator): number {
  const handle = layer.allocate(ATOMIC);
  layer.free(handle);
  return handle;
}

function corruption(allocate: () => unknown): CorruptionError {
  const error = assertThrows(allocate, CorruptionError);
  assertInstanceOf(error, CorruptionError);
  return error;
}

Deno.test("poison() writes 0x6b and ends with 0xa5, at every length", () => {
  const written = (length: number) => {
    const bytes = new Uint8Array(length);
    poison(bytes);
    return [...bytes];
  };
  assertEquals(written(0), []);
  assertEquals(written(1), [0xa5]);
  assertEquals(written(2), [0x6b, 0xa5]);
  assertEquals(written(5), [0x6b, 0x6b, 0x6b, 0x6b, 0xa5]);
  assertEquals([POISON_FREE, POISON_END], [0x6b, 0xa5]);
});

Deno.test("firstCorruption() finds nothing in what poison() wrote, nor in nothing", () => {
  for (const length of [0, 1, 2, 100]) {
    const bytes = new Uint8Array(length);
    poison(bytes);
    assertEquals(firstCorruption(bytes), -1);
  }
});

for (const elementBytes of [1, 2, 3, 64]) {
  Deno.test(`poisoned() finds every wrong byte at every offset of elements of ${elementBytes}`, () => {
    const { layer, elements } = layerOf(elementBytes);
    const handle = use(layer);
    for (let offset = 0; offset < elementBytes; offset++) {
      const expected = elements[handle]![offset]!;
      for (let found = 0; found < 256; found++) {
        if (found === expected) continue;
        elements[handle]![offset] = found;
        const error = corruption(() => layer.allocate(BLOCKING));
        assertEquals([error.handle, error.offset], [handle, offset]);
        assertEquals([error.found, error.expected], [found, expected]);
      }
    }
    assertEquals(layer.allocate(ATOMIC), handle, "what was found is mended");
  });
}

Deno.test("poisoned() names the element, the first of its wrong bytes, what is there and what should be", () => {
  const { layer, elements } = layerOf(16);
  const handle = use(layer);
  elements[handle]!.set([0x00, 0x0f], 9);
  elements[handle]![15] = POISON_FREE;
  const { message } = corruption(() => layer.allocate(ATOMIC));
  assertEquals(
    message,
    'Element 1 of "buffers" was written to after it was freed: byte 9 is 0x00, not 0x6b',
  );
  elements[handle]![15] = POISON_FREE;
  assertEquals(
    corruption(() => layer.allocate(ATOMIC)).message,
    'Element 1 of "buffers" was written to after it was freed: byte 15 is 0x6b, not 0xa5',
  );
});

Deno.test("poisoned() gives a corrupted element back, poisoned anew, and loses nothing", () => {
  const { layer, elements, calls } = layerOf(2);
  const handle = use(layer);
  elements[handle]!.fill(7);
  calls.length = 0;
  corruption(() => layer.allocate(BLOCKING));
  assertEquals(calls, ["allocate 1", "free 1 107,165"]);
  const all = [1, 2, 3].map(() => layer.allocate(ATOMIC));
  assertEquals([all, layer.allocate(ATOMIC)], [[1, 2, 3], NONE]);
});

Deno.test("poisoned() asks nothing of an element that was never freed, whatever is in it", () => {
  const { layer, elements } = layerOf(8);
  for (const element of elements) element.fill(0xee);
  assertEquals([1, 2, 3].map(() => layer.allocate(ATOMIC)), [1, 2, 3]);
  assertEquals(elements[2], new Uint8Array(8).fill(0xee), "what is out is left alone");
});

Deno.test("poisoned() lets an element be written while it is out, and poisons it before it is given back", () => {
  const { layer, elements, calls } = layerOf(3);
  for (let round = 0; round < 3; round++) {
    const handle = layer.allocate(ATOMIC);
    elements[handle]!.fill(round);
    layer.free(handle);
  }
  assertEquals(
    calls.filter((call) => call.startsWith("free")),
    Array(3).fill("free 1 107,107,165"),
  );
});

Deno.test("poisoned() passes on who asks, and that there is none", () => {
  const { layer, calls } = layerOf(1);
  const contexts: Context[] = [BLOCKING, ATOMIC, BLOCKING, ATOMIC];
  assertEquals(contexts.map((context) => layer.allocate(context)), [1, 2, 3, NONE]);
  assertEquals(calls, ["allocate 1", "allocate 0", "allocate 1", "allocate 0"]);
});

Deno.test("poisoned() checks what another worker poisoned, and not what another has taken since", () => {
  const { layer: first, attach, elements } = layerOf(4);
  const second = attach();
  const handle = use(first);
  elements[handle]![2] = 0;
  assertEquals(corruption(() => second.allocate(ATOMIC)).offset, 2);
  assertEquals(second.allocate(ATOMIC), handle);
  elements[handle]![2] = 0;
  second.free(handle);
  assertEquals(first.allocate(ATOMIC), handle);
});

Deno.test("poisoned() asks nothing of an element that was given back past it", () => {
  const { layer, inner, elements } = layerOf(4);
  const handle = use(layer);
  assertEquals(layer.allocate(ATOMIC), handle);
  elements[handle]!.fill(1);
  inner.free(handle);
  assertEquals(layer.allocate(ATOMIC), handle);
});

Deno.test("poisoned() has nothing to say of elements without bytes", () => {
  const { layer } = layerOf(0);
  assertEquals(use(layer), 1);
  assertEquals(layer.allocate(ATOMIC), 1);
});
