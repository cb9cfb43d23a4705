/**
 * Mechanical mutants that nothing catches, each looked at, with the reason why nothing has to. A mutant that survives and does not
 * stand here is a hole in the tests.
 *
 * They are known by their texts, not by line numbers: the table follows the code where lines move, and says nothing any more of lines
 * that have changed.
 *
 * @module
 */
import type { Mutant } from "./mutators.ts";

/** What somebody has found of a survivor. */
export interface Judgement {
  readonly file: string;
  /** The lines as they are, and as the mutant has them: with single blanks, see {@linkcode Mutant}. */
  readonly before: string;
  readonly after: string;
  /** Nobody can tell them apart; or only by how long something takes, or how much room. */
  readonly verdict: "equivalent" | "performance only";
  readonly why: string;
}

/** All of them. */
export const JUDGED: readonly Judgement[] = [
  {
    file: "sync/bell.ts",
    before: "const ASLEEP = 1;",
    after: "const ASLEEP = 2;",
    verdict: "equivalent",
    why: "another word of the same line, which nobody uses",
  },
  {
    file: "sync/bell.ts",
    before: "const ASLEEP = 1;",
    after: "const ASLEEP = 0;",
    verdict: "equivalent",
    why:
      "one word does for both: it is 0 while the listener is awake, and else another one after each ring",
  },
  {
    file: "sync/bell.ts",
    before: "Atomics.add(words, at + RINGS, 1);",
    after: "Atomics.add(words, at + RINGS, 2);",
    verdict: "equivalent",
    why: "any other number ends the sleep",
  },
  {
    file: "sync/bell.ts",
    before: "Atomics.add(words, at + RINGS, 1);",
    after: "Atomics.sub(words, at + RINGS, 1);",
    verdict: "equivalent",
    why: "any other number ends the sleep",
  },
  {
    file: "sync/bell.ts",
    before: "Atomics.store(words, at + ASLEEP, 1);",
    after: "Atomics.store(words, at + ASLEEP, 2);",
    verdict: "equivalent",
    why: "whoever rings asks whether it is 0",
  },
  {
    file: "sync/bell.ts",
    before: "Atomics.notify(words, at + RINGS, 1);",
    after: "Atomics.notify(words, at + RINGS, 2);",
    verdict: "equivalent",
    why: "there is one listener",
  },
  {
    file: "pools/allocator_plan.ts",
    before: "const isTracked = planned.capacity > 0 || planned.elementPages > 0;",
    after: "const isTracked = planned.capacity > 1 || planned.elementPages > 0;",
    verdict: "equivalent",
    why: "what has no pages has either no handles or as many as there can be",
  },
  {
    file: "pools/reserve.ts",
    before: "let held = owners < 0 ? NONE : queue.holding(slot);",
    after: "let held = owners < 1 ? NONE : queue.holding(slot);",
    verdict: "equivalent",
    why: "no block begins at word 0",
  },
  {
    file: "sync/bell.ts",
    before: "return layout.words(`${name}/bell`, 2);",
    after: "return layout.words(`${name}/bell`, 3);",
    verdict: "equivalent",
    why: "a block takes whole lines of sixteen words, however few are asked for",
  },
  {
    file: "sync/bell.ts",
    before: "return layout.words(`${name}/bell`, 2);",
    after: "return layout.words(`${name}/bell`, 1);",
    verdict: "equivalent",
    why: "a block takes whole lines of sixteen words, however few are asked for",
  },
  {
    file: "sync/handle_ring.ts",
    before: "if (capacity - ((tail - head) | 0) >= count) return true;",
    after: "",
    verdict: "performance only",
    why: "it spares a look at the consumer's word while there was room at the last one",
  },
  {
    file: "pools/reserve.ts",
    before: "const UNTAGGED: Tagging = { owners: -1, tag: 0 };",
    after: "const UNTAGGED: Tagging = { owners: -2, tag: 0 };",
    verdict: "equivalent",
    why: "whoever attaches without tags only looks: nothing is tagged",
  },
  {
    file: "pools/slow_path.ts",
    before: "if (this.#owners < 0) return 0;",
    after: "if (this.#owners < 1) return 0;",
    verdict: "equivalent",
    why: "no block begins at word 0",
  },
  {
    file: "pools/unchecked.ts",
    before: "const table = words.subarray(owners, owners + capacity + 1);",
    after: "const table = words.subarray(owners, owners - capacity + 1);",
    verdict: "equivalent",
    why:
      "a negative end counts from the region's: behind the table lie the pools' links, as many words again",
  },
  {
    file: "pools/bulk.ts",
    before: "if (this.#taken === 0) return NONE;",
    after: "if (this.#taken === 0) return 0;",
    verdict: "equivalent",
    why: "NONE is 0",
  },
  {
    file: "sync/lock.ts",
    before: "for (let spin = 0; spin < SPINS; spin++) {",
    after: "for (let spin = 0; spin <= SPINS; spin++) {",
    verdict: "performance only",
    why: "it spins once more before it sleeps",
  },
  {
    file: "pools/idle_poison.ts",
    before: "const POISONED = 1;",
    after: "const POISONED = 2;",
    verdict: "equivalent",
    why: "whatever goes to the back end, whose layer has marks of its own, is uncovered first",
  },
  {
    file: "pools/pool_recovery.ts",
    before: "if (reserve.queue.granted(slot) !== 0) reserve.queue.wake(slot);",
    after: "if (reserve.queue.granted(slot) === 0) reserve.queue.wake(slot);",
    verdict: "performance only",
    why: "a waiter looks again within 50 ms by itself",
  },
  {
    file: "sync/barrier.ts",
    before: "Atomics.store(words, at + OPEN, 1);",
    after: "Atomics.store(words, at + OPEN, 2);",
    verdict: "equivalent",
    why: "whoever waits asks whether it is 0",
  },
  {
    file: "sync/region.ts",
    before:
      "return Math.ceil(layout.length * 4 / MEMORY_ALIGNMENT_BYTES) * MEMORY_ALIGNMENT_BYTES;",
    after: "return Math.ceil(layout.length * 5 / MEMORY_ALIGNMENT_BYTES) * MEMORY_ALIGNMENT_BYTES;",
    verdict: "performance only",
    why: "there is more room between the words and the pages",
  },
  {
    file: "pools/demand.ts",
    before: "if (current > words[at + Word.highest]!) words[at + Word.highest] = current;",
    after: "if (current >= words[at + Word.highest]!) words[at + Word.highest] = current;",
    verdict: "equivalent",
    why: "it is the same number",
  },
  {
    file: "pools/pool_recovery.ts",
    before: "for (let slot = 0; slot < slotsPerWorker * participants; slot++) {",
    after: "for (let slot = 1; slot < slotsPerWorker * participants; slot++) {",
    verdict: "performance only",
    why: "a waiter looks again within 50 ms by itself",
  },
  {
    file: "pools/reserve.ts",
    before: "const UNTAGGED: Tagging = { owners: -1, tag: 0 };",
    after: "const UNTAGGED: Tagging = { owners: -0, tag: 0 };",
    verdict: "equivalent",
    why: "whoever attaches without tags only looks: nothing is tagged",
  },
  {
    file: "sync/barrier.ts",
    before: "Atomics.notify(words, at + OPEN);",
    after: "",
    verdict: "performance only",
    why: "whoever waits looks again within 100 ms by itself",
  },
  {
    file: "pools/destruction.ts",
    before: "const table = words.subarray(owners + 1, owners + 1 + capacity);",
    after: "const table = words.subarray(owners - 1, owners + 1 + capacity);",
    verdict: "equivalent",
    why: "nobody has handle 0, and no word before the table looks like a tag: see `FIRST_NUMBER`",
  },
  {
    file: "pools/destruction.ts",
    before: "const table = words.subarray(owners + 1, owners + 1 + capacity);",
    after: "const table = words.subarray(owners + 1, owners + 2 + capacity);",
    verdict: "equivalent",
    why: "the word behind the table does not look like a tag: see `FIRST_NUMBER`",
  },
  {
    file: "pools/attached_allocator.ts",
    before: "if (plan.marks < 0) return null;",
    after: "if (plan.marks <= 0) return null;",
    verdict: "equivalent",
    why: "no block begins at word 0",
  },
  {
    file: "pools/attached_allocator.ts",
    before: "if (plan.marks < 0) return null;",
    after: "if (plan.marks < 1) return null;",
    verdict: "equivalent",
    why: "no block begins at word 0",
  },
  {
    file: "pools/faces.ts",
    before: "if (ownership.owners < 0) return attachUntracked(region, at, below.allocator!);",
    after: "if (ownership.owners < 1) return attachUntracked(region, at, below.allocator!);",
    verdict: "equivalent",
    why: "no block begins at word 0",
  },
  {
    file: "pools/composition_plan.ts",
    before: "number: FIRST_NUMBER + pools.length,",
    after: "number: FIRST_NUMBER - pools.length,",
    verdict: "equivalent",
    why:
      "each still has a number of its own, which the allocators' begin above, and nothing else is as large",
  },
  {
    file: "pools/shared_mempool.ts",
    before: "const ASYNC_SLOTS = 64;",
    after: "const ASYNC_SLOTS = 65;",
    verdict: "performance only",
    why: "room for one more; whoever finds none waits for it in front of the queue",
  },
  {
    file: "pools/shared_mempool.ts",
    before: "const ASYNC_SLOTS = 64;",
    after: "const ASYNC_SLOTS = 63;",
    verdict: "performance only",
    why: "room for one less; whoever finds none waits for it in front of the queue",
  },
  {
    file: "pools/allocator_plan.ts",
    before: "const owners = isTracked ? planOwners(layout, name, planned.capacity) : -1;",
    after: "const owners = isTracked ? planOwners(layout, name, planned.capacity) : -2;",
    verdict: "equivalent",
    why: "whoever looks asks whether it is below 0",
  },
  {
    file: "pools/allocator_plan.ts",
    before: "const isTracked = planned.capacity > 0 || planned.elementPages > 0;",
    after: "const isTracked = planned.capacity > 0 || planned.elementPages > 1;",
    verdict: "equivalent",
    why:
      "what there is no room for one of takes more pages than there are, and there is at least one",
  },
  {
    file: "pools/reserve_plan.ts",
    before: "const stackWords = floor === null ? max : 0;",
    after: "const stackWords = floor === null ? max : 1;",
    verdict: "performance only",
    why: "a line more that nobody uses",
  },
];

/** What was found of a mutant. @returns undefined where nobody has looked. */
export function judgementOf(
  { file, before, after }: Pick<Mutant, "file" | "before" | "after">,
  judged: readonly Judgement[] = JUDGED,
): Judgement | undefined {
  return judged.find((each) =>
    each.file === file && each.before === before && each.after === after
  );
}
