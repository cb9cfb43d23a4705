/**
 * The machine's own proof: real workers, each with an engine thread and globals of its own, do a recorded schedule again, step for step,
 * on one SharedArrayBuffer, and see at each step what the machine says they see. The baton goes round in a shared word; who has it
 * does its step with the real operation.
 *
 * Sleeps are played: who sleeps waits for the baton. Threads on their event loops and outsiders are left out.
 *
 * @module
 */
import type { TraceStep } from "./program.ts";
import type { Searcher } from "./searcher.ts";

/** The words that hand the baton round: whose step it is, by number, who is ready, and whether somebody saw something else. */
export const Baton = { turn: 0, ready: 1, broken: 2, words: 3 } as const;

/** What a worker is told: which thread it is of which program, once; then what to do again. */
export type LockstepOrder =
  | { readonly order: "load"; readonly program: string; readonly thread: number }
  | {
    readonly order: "run";
    readonly memory: SharedArrayBuffer;
    readonly baton: SharedArrayBuffer;
    readonly threads: number;
    readonly steps: readonly TraceStep[];
  };

/** Has real workers do the schedules of some seeds again. @returns the steps done. @throws {Error} saying what one saw instead. */
export async function lockstep(
  searcher: Searcher,
  program: string,
  seeds: readonly number[],
): Promise<number> {
  const count = program.split("/")[0]!.split("+").length;
  using stack = new DisposableStack();
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL("./lockstep_worker.ts", import.meta.url), { type: "module" });
    stack.defer(() => worker.terminate());
    return worker;
  });
  await Promise.all(workers.map(answer));
  await askAll(workers, (thread) => ({ order: "load", program, thread }));
  let done = 0;
  for (const seed of seeds) {
    const { steps, words } = await searcher.record(program, seed);
    const memory = new SharedArrayBuffer(words.byteLength);
    new Int32Array(memory).set(words);
    const baton = new SharedArrayBuffer(4 * Baton.words);
    await askAll(workers, () => ({ order: "run", memory, baton, threads: count, steps }));
    const turn = Atomics.load(new Int32Array(baton), Baton.turn);
    if (turn !== steps.length) {
      throw new Error(`seed ${seed}: ${turn} of ${steps.length} steps done`);
    }
    done += steps.length;
  }
  return done;
}

function answer(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) =>
      data.startsWith("failed: ") ? reject(new Error(data)) : resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
  });
}

async function askAll(
  workers: readonly Worker[],
  orderFor: (thread: number) => LockstepOrder,
): Promise<void> {
  await Promise.all(workers.map((worker, thread) => {
    worker.postMessage(orderFor(thread));
    return answer(worker);
  }));
}
