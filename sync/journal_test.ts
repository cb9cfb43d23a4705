import { assertEquals, assertThrows } from "@std/assert";
import { attachJournal, type Journal, planJournals, TAKEN, undoJournal } from "./journal.ts";
import { attachLock, planLock } from "./lock.ts";
import { createRegion, Layout } from "./region.ts";

const [ME, OTHER] = [1, 0];
const CAPACITY = 4;

/** Words under two locks, with the journals of two participants. */
function guarded() {
  const layout = new Layout();
  const plan = planJournals(layout, "test", { participants: 2, capacity: CAPACITY });
  const locksAt = [planLock(layout, "outer"), planLock(layout, "inner")] as const;
  const at = layout.words("guarded", 4);
  const { words } = createRegion(layout, 0);
  const journal = attachJournal(words, plan, ME);
  const [outer, inner] = locksAt.map((lockAt) => attachLock(words, lockAt, ME, journal));
  return {
    words,
    plan,
    journal,
    locksAt,
    outer: outer!,
    inner: inner!,
    at,
    values: () => [...words.subarray(at, at + 4)],
    undo: () => undoJournal(words, plan, ME),
  };
}

const STEPS: readonly {
  readonly does: string;
  readonly act: (journal: Journal, at: number) => void;
  readonly undone: number;
  readonly left: readonly number[];
}[] = [
  { does: "nothing", act() {}, undone: 0, left: [0, 0, 0, 0] },
  {
    does: "a word stored to twice",
    act(journal, at) {
      journal.set(at, 1);
      journal.store(at + 1, 2);
      journal.set(at, 3);
    },
    undone: 3,
    left: [0, 0, 0, 0],
  },
  {
    does: "what came after the end of a step",
    act(journal, at) {
      journal.set(at, 1);
      journal.commit();
      journal.set(at, 2);
      journal.set(at + 1, 2);
    },
    undone: 2,
    left: [1, 0, 0, 0],
  },
  {
    does: "a decisive store that is still to come",
    act(journal, at) {
      journal.set(at, 1);
      journal.decide(at + 3, 7);
    },
    undone: 1,
    left: [0, 0, 0, 0],
  },
];

for (const { does, act, undone, left } of STEPS) {
  Deno.test(`undoJournal() puts back the step that a participant was in: ${does}`, () => {
    const { journal, outer, at, values, undo } = guarded();
    outer.acquire();
    act(journal, at);
    assertEquals([undo(), values()], [undone, left]);
    assertEquals([undo(), values()], [0, left]);
  });
}

for (const found of [7, TAKEN]) {
  Deno.test(`undoJournal() leaves a step alone whose decisive store was made and is ${found} now`, () => {
    const { words, journal, outer, at, values, undo } = guarded();
    outer.acquire();
    journal.set(at, 1);
    journal.decide(at + 3, 7);
    words[at + 3] = found;
    assertEquals([undo(), values()], [0, [1, 0, 0, found]]);
  });
}

Deno.test("Journal ends a step where the outermost lock is given back, and none is before", () => {
  const { journal, outer, inner, at, values, undo } = guarded();
  outer.acquire();
  inner.acquire();
  journal.set(at, 1);
  inner.release();
  assertEquals(inner.owner(), ME);
  inner.acquire();
  journal.set(at + 1, 1);
  inner.release();
  assertEquals([outer.owner(), inner.owner()], [ME, ME]);
  outer.release();
  assertEquals([outer.owner(), inner.owner()], [-1, -1]);
  assertEquals([undo(), values()], [0, [1, 1, 0, 0]]);
});

Deno.test("Journal has the sections within an enclosed one end their own steps, and unlocks nothing before that is over", () => {
  const { words, plan, journal, outer, inner, at, values, undo } = guarded();
  assertEquals(outer.tryAcquire(0), true);
  journal.enclose();
  for (let section = 0; section < CAPACITY; section++) {
    inner.acquire();
    outer.acquire();
    journal.set(at, section);
    journal.set(at + 1, section);
    outer.release();
    assertEquals(words[plan.at + plan.stride * ME], 2, "the step goes on");
    inner.release();
    assertEquals([undo(), values()], [0, [section, section, 0, 0]]);
    assertEquals([outer.owner(), inner.owner()], [ME, ME]);
  }
  journal.open();
  assertEquals([outer.owner(), inner.owner()], [-1, -1]);
  // As ever from there on.
  outer.acquire();
  journal.set(at, 9);
  outer.release();
  assertEquals([outer.owner(), undo(), values()[0]], [-1, 0, 9]);
});

Deno.test("Journal refuses a step of more stores than it was planned for", () => {
  const { journal, outer, at } = guarded();
  outer.acquire();
  for (let store = 0; store < CAPACITY; store++) journal.set(at, store);
  assertThrows(() => journal.set(at, 9), Error, "a step of more than 4 stores");
});

Deno.test("Lock.takeOver() takes a lock from who held it, and from nobody else", () => {
  const { words, locksAt, outer } = guarded();
  const lock = attachLock(words, locksAt[0], OTHER);
  assertEquals([lock.takeOver(ME), lock.owner()], [false, -1]);
  outer.acquire();
  assertEquals([lock.takeOver(5), lock.owner()], [false, ME]);
  assertEquals([lock.takeOver(ME), lock.owner()], [true, OTHER]);
  assertEquals(lock.takeOver(ME), false);
  lock.release();
  assertEquals(lock.owner(), -1);
});
