import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { erlangC } from "./erlang.ts";
import { FifoQueues } from "./fifo_queues.ts";
import { drawTasks, type TaskStream } from "./tasks.ts";
import { type PlainTask, plainWaits } from "./testing/plain_fifo.ts";
import { written } from "./testing/streams.ts";
import { WaitTally } from "./wait_tally.ts";

const tasksOf = fc.array(
  fc.record({
    gap: fc.integer({ min: 0, max: 6 }),
    hold: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constant(Infinity)),
  }),
  { minLength: 1, maxLength: 120 },
).map((drafts) => {
  let start = 0;
  return drafts.map(({ gap, hold }): PlainTask => ({ start: start += gap, hold }));
});

/** A tally that keeps every wait. */
class Recorder extends WaitTally {
  readonly waits = new Map<number, number>();

  constructor(tasks: number) {
    super({ tasks, limitNs: 0, skipped: 0 });
  }

  override wait(task: number, waitNs: number): void {
    super.wait(task, waitNs);
    this.waits.set(task, waitNs);
  }
}

function run(
  stream: TaskStream,
  tallies: readonly WaitTally[],
  sizes: readonly number[],
  tasks: number,
) {
  const queues = new FifoQueues(
    sizes.map((elements, index) => ({ elements, tally: tallies[index]! })),
  );
  for (let left = tasks; left > 0;) {
    const chunk = stream.next(left);
    queues.serve(chunk);
    left -= chunk.count;
  }
  queues.finish();
}

Deno.test("FifoQueues serves every task when a plain queue does, whatever the sizes side by side", () => {
  const sizes = [0, 1, 2, 3, 5, 8, 13, 40];
  fc.assert(
    fc.property(tasksOf, (tasks) => {
      const recorders = sizes.map(() => new Recorder(tasks.length));
      run(written(tasks), recorders, sizes, tasks.length);
      sizes.forEach((servers, index) => {
        const waits = tasks.map((_, task) => recorders[index]!.waits.get(task) ?? 0);
        assertEquals(waits, plainWaits(tasks, servers), `${servers} elements`);
      });
    }),
    { numRuns: 300 },
  );
});

Deno.test("FifoQueues never lets a task wait longer with more elements", () => {
  fc.assert(
    fc.property(tasksOf, (tasks) => {
      for (let servers = 1; servers < 8; servers++) {
        const fewer = plainWaits(tasks, servers);
        plainWaits(tasks, servers + 1).forEach((wait, task) =>
          assertEquals(wait <= fewer[task]!, true)
        );
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("FifoQueues lets as many wait as Erlang's formula says", () => {
  const load = {
    arrival: { kind: "poisson", rate: 10_000 },
    hold: { kind: "exponential", mean: 1e6 },
  };
  const sizes = [12, 14, 16, 18];
  const tasks = 400_000;
  const tallies = sizes.map(() => new WaitTally({ tasks, limitNs: 0, skipped: 40_000 }));
  run(drawTasks(load, 7), tallies, sizes, tasks);
  sizes.forEach((servers, index) => {
    const truth = erlangC(servers, 10);
    assertAlmostEquals(tallies[index]!.waitRate, truth, 0.06 * truth + 1e-3);
    assertGreater(tallies[index]!.maxNs, 0);
  });
});
