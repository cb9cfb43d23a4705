/**
 * How many allocations a second the simulator plays: a dead back end, offered load 20. One reserve at a time, and
 * sixteen side by side on the same tasks.
 *
 * Method: the same tasks each time, after one run to warm up; the median of the rounds. Drawing the tasks is timed
 * apart, since a search draws them once for all the reserves that it tries.
 *
 * Run: `deno task bench:simulator [tasks] [rounds]`.
 *
 * @module
 */
import { FifoQueues } from "../tuning/fifo_queues.ts";
import { drawTasks, type Tasks } from "../tuning/tasks.ts";
import { WaitTally } from "../tuning/wait_tally.ts";

const LOAD = {
  arrival: { kind: "poisson", rate: 20_000 },
  hold: { kind: "exponential", mean: 1e6 },
};

const CASES: Readonly<Record<string, readonly number[]>> = {
  "1 reserve, 33: few wait": [33],
  "1 reserve, 25: a fifth waits": [25],
  "16 reserves, 25 to 40": Array.from({ length: 16 }, (_, index) => 25 + index),
};

function drawn(count: number): Tasks[] {
  const stream = drawTasks(LOAD, 1);
  const chunks: Tasks[] = [];
  for (let left = count; left > 0; left -= chunks.at(-1)!.count) {
    const { count, startNs, holdNs } = stream.next(left);
    chunks.push({ count, startNs: startNs.slice(), holdNs: holdNs.slice() });
  }
  return chunks;
}

function play(chunks: readonly Tasks[], sizes: readonly number[], tasks: number): void {
  const pools = sizes.map((elements) => ({
    elements,
    tally: new WaitTally({ tasks, limitNs: 0, skipped: 0 }),
  }));
  const queues = new FifoQueues(pools);
  for (const chunk of chunks) queues.serve(chunk);
  queues.finish();
}

/** Median nanoseconds for each task. */
function perTask(run: () => void, tasks: number, rounds: number): number {
  run();
  const times = Array.from({ length: rounds }, () => {
    const startMs = performance.now();
    run();
    return (performance.now() - startMs) * 1e6 / tasks;
  });
  return times.sort((a, b) => a - b)[rounds >> 1]!;
}

/** The lines of the report. */
export function report(tasks: number, rounds: number): string[] {
  const chunks = drawn(tasks);
  const line = (name: string, ns: number, reserves: number) =>
    `${name.padEnd(30)} ${ns.toFixed(1).padStart(6)} ns a task  ${
      (1e3 / ns * reserves).toFixed(1).padStart(6)
    } M allocations/s`;
  return [
    line("drawing the tasks", perTask(() => drawn(tasks), tasks, rounds), 1),
    ...Object.entries(CASES).map(([name, sizes]) =>
      line(name, perTask(() => play(chunks, sizes, tasks), tasks, rounds), sizes.length)
    ),
  ];
}

if (import.meta.main) {
  const [tasks = 2_000_000, rounds = 5] = Deno.args.map(Number);
  for (const line of report(tasks, rounds)) console.log(line);
}
