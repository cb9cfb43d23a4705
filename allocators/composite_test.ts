import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Layout } from "../sync/mod.ts";
import { ATOMIC, BLOCKING, type Context, type Handle, NONE } from "./allocator.ts";
import { composite } from "./composite.ts";
import { partsIn } from "./kind.ts";
import { CompositeRig } from "./testing/composite_rig.ts";
import { memoryOf } from "./testing/memory.ts";

/** The element of raid1's resync. */
const RESYNC = [{ of: "r1bio", count: 1 }, { of: "bio", count: 1 }, { of: "page", count: 16 }];

/** Its parts one by one, as a fresh rig hands them out. */
const IN_ORDER = RESYNC.flatMap(({ of, count }) =>
  Array.from({ length: count }, (_, index) => `${of} ${index + 1}`)
);

function resync(sides = 1): CompositeRig {
  return new CompositeRig(RESYNC, 64, sides);
}

Deno.test("composite rule 37: an element is built in the listed order and taken apart in reverse order", () => {
  const rig = resync();
  const { direct, check } = rig.sides[0]!;
  const handle = direct!.allocate(BLOCKING);
  assertNotEquals(handle, NONE);
  assertEquals(rig.takeLog(), IN_ORDER.map((part) => `blocking ${part}`));
  check();
  direct!.free(handle);
  assertEquals(rig.takeLog(), IN_ORDER.toReversed().map((part) => `free ${part}`));
  check();
  assertEquals(rig.out(), 0);
});

Deno.test("composite.free() makes the parts its own before they go back, whoever has built the element", () => {
  const rig = resync(2);
  rig.sides[1]!.direct!.free(rig.sides[0]!.direct!.allocate(BLOCKING));
  assertEquals(rig.adopted.toSorted(), IN_ORDER.toSorted());
  assertEquals(rig.out(), 0);
});

for (const [name, context] of [["atomic", ATOMIC], ["blocking", BLOCKING]] as const) {
  Deno.test(`composite rule 37: when part j fails, parts 0 to j-1 go back in reverse order (${name})`, () => {
    for (let failing = 0; failing < IN_ORDER.length; failing++) {
      const rig = resync();
      const { direct, check, footprint, counts } = rig.sides[0]!;
      rig.served = failing;
      assertEquals(direct!.allocate(context), NONE);
      const taken = IN_ORDER.slice(0, failing);
      const [refused] = IN_ORDER[failing]!.split(" ");
      assertEquals(rig.takeLog(), [
        ...taken.map((part) => `${name} ${part}`),
        `${name} ${refused} 0`,
        ...taken.toReversed().map((part) => `free ${part}`),
      ]);
      check();
      assertEquals([rig.out(), footprint().elements], [0, 0]);
      const { atomicFailures, blockingFailures } = counts();
      assertEquals([atomicFailures, blockingFailures], context === ATOMIC ? [1, 0] : [0, 1]);
      rig.served = Infinity;
      assertEquals(direct!.allocate(context), 1, "the handle is not lost");
    }
  });
}

Deno.test("composite rule 38: every part is asked atomically by a caller that may not sleep", () => {
  const rig = resync();
  rig.sides[0]!.direct!.allocate(ATOMIC);
  assertEquals(rig.takeLog().map((call) => call.split(" ")[0]), IN_ORDER.map(() => "atomic"));
});

Deno.test("composite.parts() names the parts in order, with their bytes; the element has none of its own", () => {
  const { sides: [backend], planned } = resync();
  backend!.direct!.allocate(ATOMIC);
  const handle = backend!.direct!.allocate(ATOMIC);
  const parts = backend!.parts!(handle);
  assertEquals(parts.map(({ of, handle }) => `${of} ${handle}`), [
    ...["r1bio 2", "bio 2"],
    ...Array.from({ length: 16 }, (_, index) => `page ${index + 17}`),
  ]);
  assertEquals(parts.map(({ bytes }) => bytes[0]), parts.map(({ handle }) => handle));
  assertEquals(backend!.bytes(handle).length, 0);
  assertEquals([planned.elementBytes, planned.elementPages], [180, 4.5]);
});

Deno.test("composite.plan() has as many elements as the parts suffice for, whoever else there is", () => {
  const capacityOf = (...parts: [of: string, count: number, capacity: number][]) =>
    composite.plan({}, {
      layout: new Layout(),
      name: "buffer",
      memory: memoryOf({ pages: 1 }),
      participants: 1,
      parts: parts.map(([of, count, capacity]) => {
        const elementPages = capacity === -1 ? 0 : 1;
        const planned = { ...resync().planned, capacity: Math.max(0, capacity), elementPages };
        return { of, count, root: of[0]!, planned };
      }),
    }).capacity;
  assertEquals(capacityOf(["a", 1, 100], ["b", 16, 100]), 6);
  assertEquals(capacityOf(["a1", 1, 100], ["b", 1, 70], ["a2", 2, 100]), 33, "one root");
  assertEquals(capacityOf(["a", 1, 10], ["null", 3, -1]), 10, "what is not tracked never ends");
  assertEquals(capacityOf(["null", 16, -1]), 4096);
  assertEquals(capacityOf(["a", 1, 10], ["b", 1, 0]), 0);
  assertThrows(() => capacityOf(), RangeError, '"buffer" as it must have a part');
});

Deno.test("composite serves no more than its capacity, and again what came back", () => {
  const rig = new CompositeRig([{ of: "a", count: 3 }], 10);
  const { direct, check } = rig.sides[0]!;
  const handles = [1, 2, 3, 4].map(() => direct!.allocate(ATOMIC));
  assertEquals(handles, [1, 2, 3, NONE]);
  direct!.free(2);
  assertEquals([direct!.allocate(ATOMIC), direct!.allocate(ATOMIC)], [2, NONE]);
  check();
});

Deno.test("composite.check() throws where an element lacks a part, and where a handle is lost", () => {
  const rig = resync();
  const { direct, check } = rig.sides[0]!;
  direct!.free(direct!.allocate(ATOMIC) && direct!.allocate(ATOMIC));
  check();
  const [parts, handles] = [rig.wordsOf("buffer/parts"), rig.wordsOf("buffer/handles")];
  const page = parts[17]!;
  parts[17] = 0;
  assertThrows(check, Error, "buffer: element 1 has 17 of 18 parts");
  parts[17] = page;
  check();
  handles[0]!++;
  assertThrows(check, Error, "1 whole and 2 bare elements are not 1 in use and 1 free handles");
});

interface Command {
  readonly side: number;
  readonly take: boolean;
  readonly context: Context;
  /** Calls of parts that are served. */
  readonly served: number;
}

const command: fc.Arbitrary<Command> = fc.record({
  side: fc.nat(1),
  take: fc.boolean(),
  context: fc.constantFrom(ATOMIC, BLOCKING),
  served: fc.oneof(fc.nat(6), fc.constant(1000)),
});

Deno.test("composite has all parts of the elements that are out and no others, whatever fails, whoever frees", () => {
  const parts = [{ of: "a", count: 2 }, { of: "b", count: 1 }, { of: "c", count: 3 }];
  fc.assert(fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
    const rig = new CompositeRig(parts, 12, 2);
    const held: { handle: Handle; parts: string }[] = [];
    const partsOf = (handle: Handle) =>
      rig.sides[0]!.parts!(handle).map((part) => `${part.of} ${part.handle}`).join();
    for (const { side, take, context, served } of commands) {
      const { direct } = rig.sides[side]!;
      rig.served = served;
      if (take) {
        const handle = direct!.allocate(context);
        assertEquals(handle !== NONE, served >= 6 && held.length < 4);
        if (handle !== NONE) held.push({ handle, parts: partsOf(handle) });
      } else if (held.length > 0) {
        const { handle, parts } = held.shift()!;
        assertEquals(partsOf(handle), parts, "nobody touched them meanwhile");
        direct!.free(handle);
      }
      rig.sides[0]!.check();
      assertEquals([rig.out(), rig.sides[1]!.footprint().elements], [6 * held.length, held.length]);
      assertEquals(new Set(held.flatMap(({ parts }) => parts.split(","))).size, rig.out());
    }
  }));
});

Deno.test("partsIn() finds the option whose type is parts, and nothing where there is none", () => {
  assertEquals(partsIn(composite, { parts: RESYNC }), RESYNC);
  assertEquals(partsIn(composite, {}), []);
  assertEquals(partsIn({ summary: "", options: {} }, { parts: RESYNC }), []);
});
