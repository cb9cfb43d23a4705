/** The slab allocator against a plain reference, in random runs: bytes and books after every command. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ATOMIC, BLOCKING, type Handle } from "./allocator.ts";
import { type SlabGeometry, slabGeometry } from "./slab_geometry.ts";
import { memoryOf } from "./testing/memory.ts";
import { checkBooks, givePages, takePages } from "./testing/slab_books.ts";
import { createSlabRig, type SlabRigSpec, type SlabSide } from "./testing/slab_rig.ts";

/** What to do; how many, which of those that are out to begin with, and by whom, where that matters. */
interface Command {
  readonly do: "take" | "put" | "shrink" | "squeeze" | "relax";
  readonly count: number;
  readonly which: number;
  readonly context: typeof ATOMIC | typeof BLOCKING;
}

const command: fc.Arbitrary<Command> = fc.record({
  do: fc.constantFrom("take", "take", "take", "put", "put", "shrink", "squeeze", "relax"),
  count: fc.integer({ min: 1, max: 40 }),
  which: fc.nat(),
  context: fc.constantFrom(ATOMIC, BLOCKING),
});

/** A rig and a plain reference: who has what, and what was left in it. */
class Pair {
  readonly side: SlabSide;
  readonly #geometry: SlabGeometry;
  readonly #out: Map<Handle, number> = new Map();
  readonly #left: Map<Handle, number> = new Map();
  readonly #foreign: number[] = [];
  #taken = 0;

  constructor(objectBytes: number, memory: SlabRigSpec["memory"]) {
    this.side = createSlabRig({ objectBytes, memory });
    this.#geometry = slabGeometry({ objectBytes, align: 8 }, memory);
  }

  step(command: Command): void {
    this[command.do](command);
    checkBooks(this.side, this.#out.size, this.#foreign.length);
  }

  take({ count, context }: Command): void {
    const { arena, backend } = this.side;
    const freeBefore = arena.freePages();
    const got = this.side.refill(count, context);
    assert(got.length <= count);
    if (got.length === 0) this.#checkExhausted(context);
    if (context === ATOMIC && arena.freePages() < freeBefore) {
      assert(arena.freePages() >= arena.memory.watermarks.min, "an atomic caller went below min");
    }
    for (const handle of got) {
      assert(!this.#out.has(handle), `element ${handle} is out already`);
      const bytes = backend.bytes(handle);
      assertEquals(bytes.length, this.side.planned.elementBytes);
      const left = this.#left.get(handle) ?? 0;
      assert(
        bytes.every((byte) => byte === left) || bytes.every((byte) => byte === 0),
        `element ${handle} is neither as it was left nor constructed`,
      );
      const mark = this.#taken++ % 255 + 1;
      bytes.fill(mark);
      this.#out.set(handle, mark);
    }
  }

  /** Nothing was had: so nothing that the caller may have was there. */
  #checkExhausted(context: Command["context"]): void {
    const { arena, backend } = this.side;
    assertEquals(backend.hoarded(), 0);
    if (context === BLOCKING) assertEquals(arena.pages(), arena.memory.growTo);
    const floor = context === ATOMIC ? arena.memory.watermarks.min : 0;
    assertEquals(arena.take(this.#geometry.order, 0, 1, floor), 0, "there was room for a slab");
  }

  put({ count, which }: Command): void {
    const handles = [...this.#out.keys()];
    const going = handles.splice(which % Math.max(1, handles.length), count);
    for (const handle of going) {
      const mark = this.#out.get(handle)!;
      const bytes = this.side.backend.bytes(handle);
      assert(bytes.every((byte) => byte === mark), `element ${handle} overlaps another`);
      this.#out.delete(handle);
      this.#left.set(handle, mark);
    }
    if (going.length > 0) this.side.spill(going);
  }

  shrink(): void {
    this.side.backend.shrink();
    const { order, objectsPerSlab } = this.#geometry;
    const slabs = [...this.#out.keys()].map((handle) => Math.floor((handle - 1) / objectsPerSlab));
    assertEquals(this.side.backend.footprint().pages, new Set(slabs).size << order);
  }

  squeeze({ count }: Command): void {
    this.#foreign.push(...takePages(this.side, count));
  }

  relax({ count }: Command): void {
    givePages(this.side, this.#foreign.splice(0, count));
  }
}

const memories = fc.constantFrom(
  memoryOf({ pages: 12, pageBytes: 512 }),
  memoryOf({ pages: 16, pageBytes: 512, growTo: 40, watermarks: { min: 3, low: 6, high: 9 } }),
);

for (const objectBytes of [8, 24, 60, 64, 500, 1000, 2000]) {
  Deno.test(`slab of ${objectBytes} B does as a plain reference does, in memory that comes and goes`, () => {
    const run = fc.array(command, { minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(memories, run, (memory, commands) => {
        const pair = new Pair(objectBytes, memory);
        for (const command of commands) pair.step(command);
      }),
      { numRuns: 60 },
    );
  });
}
