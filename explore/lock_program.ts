/**
 * Threads that take a lock, count in plain reads and writes, and give it back.
 *
 * @module
 */
import type { Explored } from "./explored.ts";
import { watch } from "./hooks.ts";
import { Machine } from "./machine.ts";
import type { Program, Thread } from "./program.ts";
import type { Subject } from "./subject.ts";

/** How often each enters. */
const ENTRIES = 2;

/** Puts together a program of `count` threads at one lock; the clock may end so many of their sleeps. */
export async function lockProgram(
  subject: Subject,
  count: number,
  timeouts: number,
): Promise<Explored> {
  const layout = new subject.sync.Layout();
  const lockAt = subject.sync.planLock(layout, "explored");
  const countAt = layout.words("explored/count", 1);
  const region = subject.sync.createRegion(layout, 0);
  const { words } = region;

  function script(thread: Thread): void {
    const lock = subject.sync.attachLock(watched.words, lockAt, thread.id);
    thread.begin();
    for (let entry = 0; entry < ENTRIES; entry++) {
      lock.acquire();
      watched.words[countAt] = watched.words[countAt]! + 1;
      lock.release();
    }
  }

  const program: Program = {
    threads: Array.from({ length: count }, () => ({ name: "lock", isAsync: false, script })),
    outsiders: [],
    timeouts,
    reset: () => {},
    observe: () => {},
    stuck(unfinished) {
      throw new Error(`${unfinished.join(" and ")} cannot go on: state ${words[lockAt]}`);
    },
    check() {
      if (words[lockAt] !== 0) throw new Error(`the lock was left in state ${words[lockAt]}`);
      if (words[countAt] !== count * ENTRIES) throw new Error(`counted ${words[countAt]}`);
    },
  };
  const machine = new Machine(program, region);
  const watched = watch(machine);
  machine.isCount.fill(1, lockAt + 1, lockAt + 3);
  await machine.setUp();
  return { machine, layout, frontStride: 1, names: program.threads.map(({ name }) => name) };
}
