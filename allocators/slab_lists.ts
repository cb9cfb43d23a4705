/**
 * The slabs of one allocator, on three lists by how many of their objects are out: empty, partial, full. Objects are
 * taken from partial slabs before empty ones, so that empty slabs stay empty and can go.
 *
 * A slab's free objects are linked by index in words of their own, never in the objects' bytes: what a
 * user or a constructor left there survives.
 *
 * Invariants, under the lock: a slab stands on the list that its used count says; used + (length of its free list) =
 * objects in a slab; free objects = the sum of all free lists; slabs = the slabs on all three lists.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0, 1, 2 | heads of the lists empty, partial, full: slab + 1, or 0 | under the lock | nobody |
 * | 3 | slabs | under the lock | results |
 * | 4 | empty slabs | under the lock | nobody |
 * | 5 | free objects | under the lock | results |
 * | per slab 0, 1 | next, prev: slab + 1, or 0 | under the lock | nobody |
 * | per slab 2 | used + 1: objects out of it; 0 where there is no slab | under the lock | nobody |
 * | per slab 3 | first free object: index + 1, or 0 | under the lock | nobody |
 * | per object | next free object: index + 1, or 0; -1 while it is out | under the lock | nobody |
 *
 * @module
 */
import { type Journal, unlogged } from "../sync/journal.ts";
import { type Layout, LINE_WORDS, type Region } from "../sync/region.ts";
import type { SlabGeometry } from "./slab_geometry.ts";

const EMPTY = 0;
const PARTIAL = 1;
const FULL = 2;
const LISTS = ["empty", "partial", "full"] as const;

const SLABS = 3;
const EMPTY_SLABS = 4;
const FREE_OBJECTS = 5;

const NEXT = 0;
const PREV = 1;
const USED = 2;
const FIRST_FREE = 3;
const SLAB_WORDS = 4;

const OUT = -1;

/** Where the lists are. */
export interface SlabListsPlan {
  readonly slabs: number;
  readonly objectsPerSlab: number;
  readonly at: number;
  readonly slabsAt: number;
  readonly objectsAt: number;
}

/** Plans the lists of all slabs that the memory has room for. */
export function planSlabLists(
  layout: Layout,
  name: string,
  { slabs, objectsPerSlab }: Pick<SlabGeometry, "slabs" | "objectsPerSlab">,
): SlabListsPlan {
  return {
    slabs,
    objectsPerSlab,
    at: layout.words(`${name}/lists`, LINE_WORDS),
    slabsAt: layout.words(`${name}/slabs`, slabs * SLAB_WORDS),
    objectsAt: layout.words(`${name}/objects`, slabs * objectsPerSlab),
  };
}

/**
 * One worker's view of the lists. Object i of slab s is element s * objectsPerSlab + i + 1. All but the counts must
 * be called under the allocator's lock.
 */
export interface SlabLists {
  /** Moves up to `want` elements, from partial slabs first, to the words from `to` on. @returns how many. */
  take(to: number, want: number): number;
  /** Takes `count` elements back from the words from `from` on. @throws {Error} where one is not out. */
  put(from: number, count: number): void;
  /** Adds a slab whose objects are all free. */
  add(slab: number): void;
  /** Takes an empty slab off the lists. @returns its number, or -1 where none is empty. */
  remove(): number;
  /** Slabs; exact under the lock. */
  slabs(): number;
  /** Slabs of which no object is out; exact under the lock. */
  emptySlabs(): number;
  /** Free objects in all slabs; exact under the lock. */
  freeObjects(): number;
  /** Throws where an invariant does not hold. */
  check(): void;
}

/** Attaches to the lists, with the journal of whoever changes them. */
export function attachSlabLists(
  region: Region,
  plan: SlabListsPlan,
  journal: Journal = unlogged(region.words),
): SlabLists {
  const { words } = region;
  const { at, objectsPerSlab, objectsAt } = plan;
  const slabAt = (slab: number) => plan.slabsAt + slab * SLAB_WORDS;

  function listFor(used: number): number {
    if (used === 0) return EMPTY;
    return used === objectsPerSlab ? FULL : PARTIAL;
  }

  function link(slab: number, list: number): void {
    const own = slabAt(slab);
    const head = words[at + list]!;
    journal.set(own + NEXT, head);
    journal.set(own + PREV, 0);
    if (head !== 0) journal.set(slabAt(head - 1) + PREV, slab + 1);
    journal.set(at + list, slab + 1);
    if (list === EMPTY) journal.set(at + EMPTY_SLABS, words[at + EMPTY_SLABS]! + 1);
  }

  function unlink(slab: number, list: number): void {
    const own = slabAt(slab);
    const next = words[own + NEXT]!;
    const prev = words[own + PREV]!;
    journal.set(prev === 0 ? at + list : slabAt(prev - 1) + NEXT, next);
    if (next !== 0) journal.set(slabAt(next - 1) + PREV, prev);
    if (list === EMPTY) journal.set(at + EMPTY_SLABS, words[at + EMPTY_SLABS]! - 1);
  }

  /** Changes a slab's used count, and its list where that follows. */
  function use(slab: number, count: number): void {
    const own = slabAt(slab);
    const before = words[own + USED]! - 1;
    const used = before + count;
    journal.set(own + USED, used + 1);
    journal.set(at + FREE_OBJECTS, words[at + FREE_OBJECTS]! - count);
    if (listFor(before) === listFor(used)) return;
    unlink(slab, listFor(before));
    link(slab, listFor(used));
  }

  /** Takes up to `want` objects of one slab. */
  function takeFrom(slab: number, to: number, want: number): number {
    const own = slabAt(slab);
    const first = slab * objectsPerSlab;
    let next = words[own + FIRST_FREE]!;
    let got = 0;
    while (got < want && next !== 0) {
      words[to + got++] = first + next;
      const object = objectsAt + first + next - 1;
      next = words[object]!;
      journal.set(object, OUT);
    }
    journal.set(own + FIRST_FREE, next);
    use(slab, got);
    return got;
  }

  function putOne(element: number): void {
    const object = element - 1;
    if (words[objectsAt + object] !== OUT) {
      throw new Error(`slab: element ${element} came back, but it is not out`);
    }
    const slab = Math.floor(object / objectsPerSlab);
    const own = slabAt(slab);
    journal.set(objectsAt + object, words[own + FIRST_FREE]!);
    journal.set(own + FIRST_FREE, object - slab * objectsPerSlab + 1);
    use(slab, -1);
  }

  /** Walks the free list of a slab. @returns its length; more than there are objects where it runs in a circle. */
  function freeIn(slab: number): number {
    let free = 0;
    let next = words[slabAt(slab) + FIRST_FREE]!;
    while (next > 0 && next <= objectsPerSlab && free <= objectsPerSlab) {
      free++;
      next = words[objectsAt + slab * objectsPerSlab + next - 1]!;
    }
    if (next !== 0) throw new Error(`slab ${slab}: its free list does not end`);
    return free;
  }

  /** Slabs by their used counts, wherever they stand. */
  function markedSlabs(): number {
    let marked = 0;
    for (let slab = 0; slab < plan.slabs; slab++) {
      if (words[slabAt(slab) + USED] !== 0) marked++;
    }
    return marked;
  }

  /** Walks a list. @returns its slabs and their free objects. */
  function checkList(list: number): { slabs: number; free: number } {
    let slabs = 0;
    let free = 0;
    let before = 0;
    for (let here = words[at + list]!; here !== 0; here = words[slabAt(here - 1) + NEXT]!) {
      const own = slabAt(here - 1);
      const used = words[own + USED]! - 1;
      const wrong = words[own + PREV] !== before || listFor(used) !== list || used < 0;
      if (wrong || freeIn(here - 1) + used !== objectsPerSlab) {
        throw new Error(
          `slab ${here - 1}: ${used} used + ${
            freeIn(here - 1)
          } free of ${objectsPerSlab} objects ` +
            `after ${words[own + PREV]! - 1} on list ${LISTS[list]} behind ${before - 1}`,
        );
      }
      before = here;
      free += objectsPerSlab - used;
      slabs++;
    }
    return { slabs, free };
  }

  return {
    take(to, want) {
      let got = 0;
      while (got < want) {
        const head = words[at + PARTIAL]! || words[at + EMPTY]!;
        if (head === 0) break;
        got += takeFrom(head - 1, to + got, want - got);
      }
      return got;
    },
    put(from, count) {
      for (let i = 0; i < count; i++) putOne(words[from + i]!);
    },
    add(slab) {
      const first = objectsAt + slab * objectsPerSlab;
      // Nobody looks at the objects of a slab that is not used. It was given back in a step before.
      for (let index = 0; index < objectsPerSlab; index++) words[first + index] = index + 2;
      words[first + objectsPerSlab - 1] = 0;
      journal.set(slabAt(slab) + FIRST_FREE, 1);
      journal.set(slabAt(slab) + USED, 1);
      journal.set(at + SLABS, words[at + SLABS]! + 1);
      journal.set(at + FREE_OBJECTS, words[at + FREE_OBJECTS]! + objectsPerSlab);
      link(slab, EMPTY);
    },
    remove() {
      const slab = words[at + EMPTY]! - 1;
      if (slab < 0) return -1;
      unlink(slab, EMPTY);
      journal.set(slabAt(slab) + USED, 0);
      journal.set(at + SLABS, words[at + SLABS]! - 1);
      journal.set(at + FREE_OBJECTS, words[at + FREE_OBJECTS]! - objectsPerSlab);
      return slab;
    },
    slabs: () => words[at + SLABS]!,
    emptySlabs: () => words[at + EMPTY_SLABS]!,
    freeObjects: () => words[at + FREE_OBJECTS]!,
    check() {
      const lists = [EMPTY, PARTIAL, FULL].map(checkList);
      const slabs = lists.reduce((sum, list) => sum + list.slabs, 0);
      const free = lists.reduce((sum, list) => sum + list.free, 0);
      const counted = [words[at + SLABS], words[at + EMPTY_SLABS], words[at + FREE_OBJECTS]];
      const found = [slabs, lists[EMPTY]!.slabs, free];
      if (found.some((count, index) => count !== counted[index])) {
        throw new Error(`slabs, empty ones and free objects are ${found}, counted ${counted}`);
      }
      if (markedSlabs() !== slabs) {
        throw new Error(`${slabs} slabs on the lists, ${markedSlabs()} marked`);
      }
    },
  };
}
