/** The arena against a set of pages, whatever is taken, given and grown in whatever order. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MAX_ORDER } from "./arena.ts";
import type { MemorySpec } from "./memory_spec.ts";
import { type ArenaBench, arenaBench, freeBlocks } from "./testing/arena_bench.ts";
import { type Block, BuddyReference } from "./testing/buddy_reference.ts";
import { memoryOf } from "./testing/memory.ts";

type Command =
  | {
    readonly what: "take";
    readonly order: number;
    readonly want: number;
    readonly floor: number;
  }
  | { readonly what: "give"; readonly pick: number; readonly count: number }
  | { readonly what: "grow"; readonly order: number };

const order = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: MAX_ORDER }));
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant("take" as const),
      order,
      want: fc.integer({ min: 1, max: 12 }),
      floor: fc.nat({ max: 20 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("give" as const),
      pick: fc.nat(),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  fc.record({ what: fc.constant("grow" as const), order }),
);

const memory: fc.Arbitrary<MemorySpec> = fc.record({
  pages: fc.integer({ min: 1, max: 150 }),
  extra: fc.nat({ max: 100 }),
  low: fc.nat({ max: 20 }),
  gap: fc.nat({ max: 20 }),
}).map(({ pages, extra, low, gap }) =>
  memoryOf({
    pages,
    growTo: pages + extra,
    watermarks: { min: low >> 1, low, high: low + gap },
  })
);

/** An arena and its reference, moved together. */
class Pair {
  readonly bench: ArenaBench;
  readonly held: Block[] = [];
  readonly #reference: BuddyReference;
  readonly #memory: MemorySpec;

  constructor(memory: MemorySpec) {
    this.#memory = memory;
    this.bench = arenaBench(memory);
    this.#reference = new BuddyReference(memory);
  }

  apply(command: Command): void {
    if (command.what === "take") this.#take(command.order, command.want, command.floor);
    else if (command.what === "grow") this.#grow(command.order);
    else this.give(command.pick, command.count);
    this.#compare();
  }

  #take(order: number, want: number, floor: number): void {
    const handles = this.bench.take(order, want, floor);
    for (const handle of handles) {
      const block = { page: (handle - 1) << order, order };
      assert(this.#reference.has(order, floor), "it took a block below the floor");
      this.#reference.take(block);
      this.held.push(block);
    }
    if (handles.length < want) {
      assert(!this.#reference.has(order, floor), "it refused a free block");
    }
    if (handles.length > 0) this.#reference.settle();
  }

  /** Gives back up to `count` held blocks of one order. */
  give(pick: number, count: number): void {
    if (this.held.length === 0) return;
    const { order } = this.held[pick % this.held.length]!;
    const blocks = this.held.filter((block) => block.order === order).slice(0, count);
    for (const block of blocks) {
      this.held.splice(this.held.indexOf(block), 1);
      this.#reference.give(block);
    }
    this.#reference.settle();
    this.bench.give(order, ...blocks.map(({ page }) => (page >> order) + 1));
  }

  #grow(order: number): void {
    const { frontier } = this.#reference;
    const room = this.#memory.growTo - frontier;
    const added = this.bench.arena.grow(order);
    assert(added <= room && (added > 0 || room === 0), `grew by ${added} with room for ${room}`);
    assert(added >= Math.min(room, 1 << order), "grew by less than a block");
    this.#reference.grow(added);
  }

  #compare(): void {
    const { arena } = this.bench;
    arena.check();
    const { freePages, frontier, short } = this.#reference;
    assertEquals([arena.freePages(), arena.pages(), arena.short()], [freePages, frontier, short]);
  }
}

Deno.test("Arena serves, joins, grows and runs short as a set of pages would, whatever the order of calls", () => {
  fc.assert(
    fc.property(memory, fc.array(command, { maxLength: 50 }), (memory, commands) => {
      const pair = new Pair(memory);
      for (const command of commands) pair.apply(command);
      while (pair.held.length > 0) pair.apply({ what: "give", pick: 0, count: 7 });
      const pages = pair.bench.arena.pages();
      assertEquals(freeBlocks(pair.bench), freeBlocks(arenaBench(memoryOf({ pages }))));
    }),
    { numRuns: 200 },
  );
});
