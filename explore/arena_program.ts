/**
 * Threads that take pages from an arena, give them back, and have it grow: without a depot's lock round it.
 *
 * @module
 */
import type { Arena } from "../allocators/arena.ts";
import type { Explored } from "./explored.ts";
import { watch } from "./hooks.ts";
import { Machine } from "./machine.ts";
import type { Memory, Program, Thread } from "./program.ts";
import type { Subject } from "./subject.ts";

const MEMORY = {
  pages: 4,
  pageBytes: 64,
  watermarks: { min: 0, low: 0, high: 0 },
  growTo: 6,
};

/** Puts together a program of `count` threads, the last of which grows the arena. */
export async function arenaProgram(subject: Subject, count: number): Promise<Explored> {
  const { sync } = subject;
  const layout = new sync.Layout();
  const plan = subject.arena.planArena(layout, "memory", MEMORY);
  const handsAt = layout.words("explored/hands", 2 * count);
  const region = sync.createRegion(layout, MEMORY.growTo * MEMORY.pageBytes);
  const checker = subject.arena.attachArena(region, plan, count);
  checker.initialise();
  const out = new Set<number>();

  function note(pages: readonly number[]): void {
    for (const page of pages) {
      if (out.has(page)) throw new Error(`page ${page} was handed out twice`);
      out.add(page);
    }
  }

  function takeAndGive(arena: Arena, memory: Memory, thread: Thread): void {
    const hands = handsAt + 2 * thread.id;
    const taken = arena.take(0, hands, 2, 0);
    const pages = Array.from({ length: taken }, (_, index) => memory.words[hands + index]!);
    thread.once(() => note(pages));
    thread.once(() => pages.forEach((page) => out.delete(page)));
    arena.give(0, hands, taken);
  }

  const program: Program = {
    threads: Array.from({ length: count }, (_, id) => ({
      name: id === count - 1 ? "grow" : "pages",
      isAsync: false,
      script(thread) {
        const arena = subject.arena.attachArena({ ...region, ...watched }, plan, thread.id);
        thread.begin();
        if (id === count - 1) arena.grow(0);
        takeAndGive(arena, watched, thread);
      },
    })),
    outsiders: [],
    timeouts: 0,
    reset: () => out.clear(),
    observe: () => {},
    stuck(unfinished) {
      throw new Error(`${unfinished.join(" and ")} cannot go on`);
    },
    check() {
      checker.check();
      const { free, all } = { free: checker.freePages(), all: checker.pages() };
      if (free !== all || all !== MEMORY.growTo) {
        throw new Error(`${free} of ${all} pages are free`);
      }
    },
  };
  const machine = new Machine(program, region);
  const watched = watch(machine);
  for (const lockAt of [plan.lockAt, plan.growthLockAt]) {
    machine.isCount.fill(1, lockAt + 1, lockAt + 3);
  }
  await machine.setUp();
  return { machine, layout, frontStride: 1, names: program.threads.map(({ name }) => name) };
}
