import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createRegion, Layout } from "../sync/mod.ts";
import {
  attachSlabLists,
  planSlabLists,
  type SlabLists,
  type SlabListsPlan,
} from "./slab_lists.ts";

const SLABS = 6;

interface Bench {
  readonly lists: SlabLists;
  readonly plan: SlabListsPlan;
  readonly words: Int32Array;
  take(want: number): number[];
  put(...elements: readonly number[]): void;
}

function benchOf(objectsPerSlab: number): Bench {
  const layout = new Layout();
  const plan = planSlabLists(layout, "test", { slabs: SLABS, objectsPerSlab });
  const batch = layout.words("batch", 20);
  const region = createRegion(layout, 0);
  const lists = attachSlabLists(region, plan);
  return {
    lists,
    plan,
    words: region.words,
    take(want) {
      const got = lists.take(batch, want);
      return [...region.words.subarray(batch, batch + got)];
    },
    put(...elements) {
      region.words.set(elements, batch);
      lists.put(batch, elements.length);
    },
  };
}

Deno.test("SlabLists.take() takes from partial slabs before empty ones", () => {
  const { lists, take, put } = benchOf(4);
  lists.add(0);
  assertEquals(take(2), [1, 2]);
  lists.add(3);
  assertEquals(take(3), [3, 4, 13]);
  put(1);
  assertEquals(take(4), [1, 14, 15, 16]);
  assertEquals(take(1), []);
  lists.check();
});

Deno.test("SlabLists.put() gives an object to its slab, the last one first out again", () => {
  const { lists, take, put } = benchOf(4);
  lists.add(2);
  assertEquals(take(4), [9, 10, 11, 12]);
  put(10, 12);
  assertEquals([lists.freeObjects(), lists.emptySlabs()], [2, 0]);
  assertEquals(take(4), [12, 10]);
  put(9, 10, 11, 12);
  assertEquals([lists.freeObjects(), lists.emptySlabs(), lists.slabs()], [4, 1, 1]);
});

Deno.test("SlabLists.put() refuses what is not out", () => {
  const { lists, take, put } = benchOf(4);
  lists.add(0);
  take(1);
  assertThrows(() => put(2), Error, "element 2 came back, but it is not out");
  assertThrows(() => put(20), Error, "element 20 came back, but it is not out");
  put(1);
  assertThrows(() => put(1), Error, "element 1 came back, but it is not out");
  lists.check();
});

Deno.test("SlabLists.remove() takes empty slabs only", () => {
  const { lists, take, put } = benchOf(4);
  lists.add(0);
  lists.add(1);
  const [taken] = take(1);
  assertEquals([lists.remove(), lists.remove()], [taken! > 4 ? 0 : 1, -1]);
  assertEquals([lists.slabs(), lists.freeObjects()], [1, 3]);
  put(taken!);
  assertEquals([lists.remove(), lists.remove()], [taken! > 4 ? 1 : 0, -1]);
  assertEquals([lists.slabs(), lists.freeObjects(), lists.emptySlabs()], [0, 0, 0]);
  lists.check();
});

/** What to do; how many, and which of those that are out to begin with, where that matters. */
interface Command {
  readonly do: "take" | "put" | "add" | "remove";
  readonly count: number;
  readonly which: number;
}

const command: fc.Arbitrary<Command> = fc.record({
  do: fc.constantFrom("take", "take", "take", "put", "put", "put", "add", "remove"),
  count: fc.nat(20),
  which: fc.nat(),
});

/** The lists and a plain reference, slabs as sets of free elements, side by side. */
class Pair {
  readonly #bench: Bench;
  readonly #objectsPerSlab: number;
  readonly #free: Map<number, Set<number>> = new Map();
  readonly #out: number[] = [];

  constructor(objectsPerSlab: number) {
    this.#bench = benchOf(objectsPerSlab);
    this.#objectsPerSlab = objectsPerSlab;
  }

  get #freeCount(): number {
    return [...this.#free.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get #empty(): number[] {
    return [...this.#free.keys()].filter((slab) =>
      this.#free.get(slab)!.size === this.#objectsPerSlab
    );
  }

  #freeOf(element: number): Set<number> {
    return this.#free.get(Math.floor((element - 1) / this.#objectsPerSlab)) ?? new Set();
  }

  step(command: Command): void {
    this[command.do](command);
    this.#compare();
  }

  add(): void {
    const slab = Array.from({ length: SLABS }, (_, slab) => slab)
      .find((slab) => !this.#free.has(slab));
    if (slab === undefined) return;
    this.#bench.lists.add(slab);
    const first = slab * this.#objectsPerSlab + 1;
    this.#free.set(
      slab,
      new Set(Array.from({ length: this.#objectsPerSlab }, (_, i) => first + i)),
    );
  }

  remove(): void {
    const empty = this.#empty;
    const slab = this.#bench.lists.remove();
    assert(empty.length === 0 ? slab === -1 : empty.includes(slab), `slab ${slab} of ${empty}`);
    this.#free.delete(slab);
  }

  take({ count }: Command): void {
    const got = this.#bench.take(count);
    assertEquals(got.length, Math.min(count, this.#freeCount));
    for (const element of got) {
      const free = this.#freeOf(element);
      const isPartial = ({ size }: Set<number>) => size > 0 && size < this.#objectsPerSlab;
      if (!isPartial(free)) {
        assert(![...this.#free.values()].some(isPartial), "an empty slab before a partial one");
      }
      assert(free.delete(element), `element ${element} was not free`);
      this.#out.push(element);
    }
  }

  put({ count, which }: Command): void {
    const from = which % Math.max(1, this.#out.length);
    const going = this.#out.splice(from, count);
    this.#bench.put(...going);
    for (const element of going) this.#freeOf(element).add(element);
  }

  #compare(): void {
    const { lists } = this.#bench;
    lists.check();
    assertEquals(
      [lists.slabs(), lists.emptySlabs(), lists.freeObjects()],
      [this.#free.size, this.#empty.length, this.#freeCount],
    );
  }
}

Deno.test("SlabLists do as plain sets do, whatever is taken, put back, added and removed", () => {
  const run = fc.array(command, { minLength: 10, maxLength: 80 });
  fc.assert(fc.property(fc.constantFrom(1, 2, 3, 8), run, (objectsPerSlab, commands) => {
    const pair = new Pair(objectsPerSlab);
    for (const command of commands) pair.step(command);
  }));
});

/** Each spoils one word of lists with an empty slab 0, a partial slab 1 with one object out, and a full slab 2. */
const SPOILERS: Readonly<Record<string, (plan: SlabListsPlan, words: Int32Array) => void>> = {
  "a head that forgets a list": ({ at }, words) => words[at + 1] = 0,
  "a slab on the wrong list": ({ at }, words) => {
    [words[at], words[at + 1]] = [words[at + 1]!, words[at]!];
  },
  "a list that runs in a circle": ({ slabsAt }, words) => words[slabsAt + 4] = 2,
  "a link back to another slab": ({ slabsAt }, words) => words[slabsAt + 4 + 1] = 1,
  "a used count that is wrong": ({ slabsAt }, words) => words[slabsAt + 4 + 2] = 3,
  "a free list that ends early": ({ objectsAt }, words) => words[objectsAt + 4 + 2] = 0,
  "a free list that runs in a circle": ({ objectsAt }, words) => words[objectsAt + 4 + 3] = 2,
  "a free list through an object that is out": ({ objectsAt }, words) =>
    words[objectsAt + 4 + 3] = 1,
  "a slab that is on no list": ({ slabsAt }, words) => words[slabsAt + 3 * 4 + 2] = 1,
  "a wrong count of slabs": ({ at }, words) => words[at + 3] = 4,
  "a wrong count of empty slabs": ({ at }, words) => words[at + 4] = 0,
  "a wrong count of free objects": ({ at }, words) => words[at + 5] = 6,
};

for (const [what, spoil] of Object.entries(SPOILERS)) {
  Deno.test(`SlabLists.check() finds ${what}`, () => {
    const { lists, plan, words, take } = benchOf(4);
    lists.add(2);
    take(4);
    lists.add(1);
    take(1);
    lists.add(0);
    lists.check();
    spoil(plan, words);
    assertThrows(() => lists.check(), Error, "slab");
  });
}
