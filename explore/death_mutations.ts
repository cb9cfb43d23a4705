/**
 * Bugs to plant in what is done for, and after, a death: see `mutations.ts`.
 *
 * @module
 */
import type { Mutation } from "./mutation.ts";

/** Programs in which somebody dies, that any of these is searched in, after its own. */
export const DEATH_CATCHERS: readonly string[] = [
  "free+blocking/M=0/fails/dies=0",
  "blocking+free/M=0/fails/dies=0",
  "free-bulk+bulk/M=2/fails/dies=0",
  "bulk+free/M=1/fails/dies=0",
  "exchange+exchange/M=0/serves/rounds=2/dies=0",
  "drain+blocking/M=0/serves/dies=0",
  "atomic+blocking/M=1/fails/dies=0",
  "shrink+blocking/M=1/fails/dies=0",
  "exchange+exchange/M=1/serves/rounds=2/over=slab/dies=0",
  "free+blocking/M=1/serves/over=composite/dies=0",
  "frees+blocking/M=1/fails/policy=allocator-reservation/dies=0",
];

const BUGS: readonly Mutation[] = [
  ...bugsOfTheCache(),
  {
    name: "nothing put back",
    file: "sync/journal.ts",
    find: "const undone = isDecided(words, own) ? 0 : words[own + LENGTH]!;",
    replace: "const undone = 0;",
  },
  {
    name: "put back what a waiter has already",
    file: "sync/journal.ts",
    find: "  if (decisive < 0) return false;\n",
    replace: "  if (decisive >= -1) return false;\n",
    // Only right after the store of the grant.
    programs: ["free+blocking/M=0/fails/dies=0@59", "atomic+blocking/M=1/fails/dies=0@312"],
  },
  {
    name: "noted after the store",
    file: "sync/journal.ts",
    find: "      note(word);\n      words[word] = value;\n",
    replace: "      words[word] = value;\n      note(word);\n",
  },
  {
    name: "put back from the first store to the last",
    file: "sync/journal.ts",
    find: "for (let index = undone - 1; index >= 0; index--) {",
    replace: "for (let index = 0; index < undone; index++) {",
  },
  {
    name: "a step that ends where a lock is given back within another's section",
    file: "sync/journal.ts",
    find: "      if (--depth > base) return;\n",
    replace: "      if (--depth > base) return commit();\n",
  },
  {
    name: "what was handed over leaves no trace once taken",
    file: "sync/wait_queue.ts",
    find: "Atomics.store(words, slotAt(slot) + GRANT, TAKEN);",
    replace: "Atomics.store(words, slotAt(slot) + GRANT, 0);",
    // Only right after the store of the grant, and where the waiter is quick.
    programs: ["free+blocking/M=0/fails/dies=0@59", "atomic+blocking/M=1/fails/dies=0@312"],
  },
  {
    name: "let go of before it is tagged",
    file: "allocators/magazine.ts",
    find: "        words[owners + handle] = tag;\n        words[top] = rounds - 1;\n",
    replace: "        words[top] = rounds - 1;\n        words[owners + handle] = tag;\n",
    programs: ["exchange+exchange/M=0/serves/rounds=2/dies=0"],
  },
  {
    name: "the tag taken away before the magazine has it",
    file: "allocators/magazine.ts",
    find: `          words[slots + rounds] = handle;
          words[top] = rounds + 1;
          words[owners + handle] = -owner;
`,
    replace: `          words[owners + handle] = -owner;
          words[slots + rounds] = handle;
          words[top] = rounds + 1;
`,
    programs: ["exchange+exchange/M=0/serves/rounds=2/dies=0"],
  },
  {
    name: "taken from a magazine with nothing in hand noted",
    file: "allocators/magazine.ts",
    find: "      if (owners >= 0) words[owners + handle] = carried;\n",
    replace: "",
  },
  {
    name: "the rest of a spilled magazine left where it was",
    file: "allocators/magazine.ts",
    find: "      if (moved !== 0) moveDown(Math.floor(moved / MOVED_FROM), moved % MOVED_FROM);\n",
    replace: "",
    programs: ["exchange+exchange/M=0/serves/rounds=2/dies=0"],
  },
  {
    name: "a batch that is in no magazine yet when the lock is given back",
    file: "allocators/reclaim.ts",
    find: "      if (top >= 0) journal.set(top, got);\n",
    replace: "",
  },
  {
    name: "taken from the reserve with nothing in hand noted",
    file: "pools/stock.ts",
    find: "    carry(handle);\n    setCurrent(current);\n",
    replace: "    setCurrent(current);\n",
    programs: ["atomic+blocking/M=1/fails/dies=0"],
  },
  {
    name: "a grant taken with nothing in hand noted",
    file: "pools/bulk.ts",
    find: "      slow.carry(handle);\n",
    replace: "",
    // Only between the store that empties the grant word and that of the owner: where the longest way leads through a grant, and not
    // through tries until the back end serves.
    programs: ["blocking+fill/M=1/fails/dies=0", "blocking+blocking+free/M=0/fails/dies=0"],
  },
  {
    name: "freed with nothing in hand noted",
    file: "pools/slow_path.ts",
    find: "    this.#words[this.#owners + handle] = this.#carried;\n    return owner;\n",
    replace: "    this.#words[this.#owners + handle] = -owner;\n    return owner;\n",
  },
  {
    name: "a dead worker's lock left to it",
    file: "pools/dead_locks.ts",
    find: "reserves.filter(({ lock }) => lock.takeOver(each))",
    replace: "reserves.filter(({ lock }) => lock.owner() < -1 - each)",
  },
  {
    name: "a dead worker's lock beneath left to it",
    file: "pools/dead_locks.ts",
    find: "beneath.filter(({ lock }) => lock.takeOver(each))",
    replace: "beneath.filter(({ lock }) => lock.owner() < -1 - each)",
  },
  {
    name: "sleepers before a lock that was given back unsaid",
    file: "pools/dead_locks.ts",
    find: "  for (const { lock } of reserves) lock.wake();\n",
    replace: "",
    programs: ["free-bulk+bulk/M=2/fails/dies=0"],
  },
  {
    name: "a claim not let go",
    file: "pools/recovery.ts",
    find: "    gone.letGo(each);\n",
    replace: "",
    programs: ["drain+blocking/M=0/serves/dies=0", "blocking+free/M=0/fails/dies=0"],
  },
  {
    name: "a dead one's magazine emptied before it is looked at",
    file: "pools/recovery.ts",
    find: "    if (taken.has(each)) gone.takeOverClaim(each);\n",
    replace: "    if (taken.has(each) && each < 0) gone.takeOverClaim(each);\n",
    programs: ["free+blocking/M=1/fails/dies=0@10/heir"],
  },
  {
    name: "what a dead one had begun to put right is left to it",
    file: "pools/recovery.ts",
    find: "const begun = gone.takeOverRecoveries();",
    replace: "const begun: number[] = [];",
    programs: ["free+blocking/M=1/fails/dies=0@10/heir"],
  },
  {
    name: "begun though another one is at it",
    file: "sync/dead_participant.ts",
    find: "return seen === 0 || seen === me + 1;",
    replace: "return seen === 0 || seen !== dead + 1;",
    // Where there is much to be put back.
    programs: ["bulk+blocking/M=1/serves/twice/dies=0@70"],
  },
  {
    name: "all locks wanted before those of the dead are freed",
    file: "pools/undisturbed.ts",
    find: "  freeBeneath(parts, gone.map(({ id }) => id));\n",
    replace: "  if (gone.length < 0) freeBeneath(parts, gone.map(({ id }) => id));\n",
    programs: ["bulk+blocking/M=1/serves/undisturbed/dies=0@90/heir@62"],
  },
  {
    name: "a magazine's element returned once more for its tag",
    file: "pools/dead_elements.ts",
    find: "    if (words[word]! > 0) words[word] = restTag(words[word]!);\n",
    replace: "",
    programs: ["exchange+exchange/M=0/serves/rounds=2/dies=0"],
  },
  {
    name: "a dead worker's magazine left to it",
    file: "pools/dead_elements.ts",
    find: "add(counts.adopted, allocator.name, exchange.drain());",
    replace: "add(counts.adopted, allocator.name, 0);",
    test: {
      file: "pools/rules_death_test.ts",
      why: "whoever needs its elements may claim it and take them: they come late, and untold",
    },
  },
  {
    name: "what a dead worker carried is forgotten",
    file: "pools/dead_elements.ts",
    find: "    if (owner?.participant !== counts.participant) continue;\n",
    replace: "    if (owner?.participant !== counts.participant || isCarried(tag)) continue;\n",
  },
  {
    name: "a place in the queue not left",
    file: "pools/pool_recovery.ts",
    find: "const isIdle = queue.isIdle(slot);",
    replace: "const isIdle = queue.isIdle(slot) || slot >= 0;",
    programs: ["blocking+free/M=0/fails/dies=0"],
  },
  {
    name: "what was handed to a dead waiter is dropped",
    file: "pools/pool_recovery.ts",
    find: "      for (const handle of elements) this.#slow.giveBack(handle);\n",
    replace: "",
    programs: ["blocking+free/M=0/fails/dies=0"],
  },
  {
    name: "handed over by a dead worker, and its waiter not woken",
    file: "pools/pool_recovery.ts",
    find: "      if (reserve.queue.granted(slot) !== 0) reserve.queue.wake(slot);\n",
    replace: "",
    programs: ["free+blocking/M=0/fails/dies=0"],
  },
  {
    name: "limits left half set by a dead worker",
    file: "pools/stock.ts",
    find: "      limits.restore(isShort());\n",
    replace: "",
  },
  {
    name: "what a dead worker had left over stays in the reserve",
    file: "pools/stock.ts",
    find: "      limits.restore(isShort());\n      return takeSurplus();\n",
    replace: "      limits.restore(isShort());\n      return [];\n",
    programs: ["shrink+blocking/M=1/fails/dies=0", "destroy+blocking/M=2/fails/dies=0"],
  },
];

/** In the cache of pages. */
function bugsOfTheCache(): Mutation[] {
  const file = "allocators/page_cache.ts";
  const programs = [
    "cache-fill+cache-scan/M=0/serves/dies=0",
    "cache-write+cache-fill/M=0/serves/dies=0",
  ];
  return [
    {
      name: "pages on their way with nobody noted who has them",
      file,
      find:
        "        for (let index = taken; index < taken + got; index++) hold(words[to + index]!, me + 1);\n",
      replace: "",
      programs,
    },
    {
      name: "a page filled, and put into its place in another step",
      file,
      find: "          hold(page, 0);\n          push(list, page);\n",
      replace:
        "          hold(page, 0);\n          journal.commit();\n          push(list, page);\n",
      programs,
    },
    {
      name: "a page that a dead one was writing counted as being written for ever",
      file,
      find: "      add(WRITING, -1);\n      push(DIRTY, page);\n",
      replace: "      push(DIRTY, page);\n",
      programs: programs.toReversed(),
    },
    {
      name: "pages of the cache left to a dead one",
      file: "pools/recovery.ts",
      find: "parts.pageCache?.recover(dead) ?? 0",
      replace: "(dead < 0 ? parts.pageCache?.recover(dead) : 0) ?? 0",
      programs,
    },
  ];
}

/** All of them. */
export const DEATH_MUTATIONS: readonly Mutation[] = BUGS.map((bug) => ({
  ...bug,
  programs: [...new Set([...bug.programs ?? [], ...DEATH_CATCHERS])],
}));
