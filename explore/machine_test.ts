/** The machine on programs of a few steps, of which everything can be known. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { installHooks, watch } from "./hooks.ts";
import { Machine } from "./machine.ts";
import type { Memory, Outcome, Program, Script } from "./program.ts";
import { STRATEGIES } from "./search.ts";
import { repeated, type Strategy } from "./strategy.ts";

installHooks();

const SIZE = { seed: 1, choices: 10 };

/** Threads that share a few words. */
interface Small {
  readonly scripts: readonly ((memory: Memory) => Script)[];
  readonly timeouts?: number;
  readonly isAsync?: boolean;
  check?(words: Int32Array): void;
}

async function machineOf({ scripts, timeouts = 0, isAsync = false, check }: Small) {
  const buffer = new SharedArrayBuffer(64);
  const memory = { words: new Int32Array(buffer), doubles: new Float64Array(buffer) };
  const program: Program = {
    threads: scripts.map((script, id) => ({
      name: `${id}`,
      isAsync,
      script: (thread) => script(watched)(thread),
    })),
    outsiders: [],
    timeouts,
    reset: () => {},
    observe: () => {},
    stuck(unfinished) {
      throw new Error(`stuck: ${unfinished.join(", ")}`);
    },
    check: () => check?.(memory.words),
  };
  const machine = new Machine(program, memory);
  const watched = watch(machine);
  await machine.setUp();
  return machine;
}

/** Every outcome of a strategy that comes to an end. */
async function outcomesOf(machine: Machine, strategy: Strategy): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (strategy.begin()) outcomes.push(await machine.run(strategy));
  return outcomes;
}

const start = (name: string) => STRATEGIES[name]!.start(SIZE);

const increment = ({ words }: Memory): Script => (thread) => {
  thread.begin();
  words[0] = words[0]! + 1;
};

const bothCounted = (words: Int32Array) => {
  if (words[0] !== 2) throw new Error(`counted ${words[0]}`);
};

Deno.test("bounded strategies try every schedule with so many preemptions, each once", async () => {
  const machine = await machineOf({ scripts: [increment, increment] });
  for (const [name, expected] of [["bound-0", 2], ["bound-1", 4], ["bound-2", 6]] as const) {
    const outcomes = await outcomesOf(machine, start(name));
    assertEquals(outcomes.length, expected, name);
    assertEquals(new Set(outcomes.map(({ choices }) => choices.join())).size, expected, name);
  }
});

Deno.test("Machine finds an update lost between a plain read and a plain write, and only with a preemption", async () => {
  const machine = await machineOf({ scripts: [increment, increment], check: bothCounted });
  const without = await outcomesOf(machine, start("bound-0"));
  assertEquals(without.map(({ failure }) => failure), [null, null]);
  const [first] = (await outcomesOf(machine, start("bound-1"))).filter(({ failure }) => failure);
  assertEquals(first!.failure!.message, "counted 1");
  const again = repeated(first!.choices);
  again.begin();
  assertEquals((await machine.run(again)).failure!.message, "counted 1");
});

for (const name of ["pct", "random"]) {
  Deno.test(`${name} finds a lost update, and the same seed does again`, async () => {
    const machine = await machineOf({ scripts: [increment, increment], check: bothCounted });
    const failing = async (seed: number): Promise<boolean> => {
      const strategy = STRATEGIES[name]!.start({ seed, choices: 3 });
      strategy.begin();
      return (await machine.run(strategy)).failure !== null;
    };
    const seeds = Array.from({ length: 100 }, (_, seed) => seed);
    const first: boolean[] = [];
    for (const seed of seeds) first.push(await failing(seed));
    assert(first.includes(true) && first.includes(false));
    for (const seed of seeds) assertEquals(await failing(seed), first[seed]);
  });
}

const sleeper = ({ words }: Memory): Script => (thread) => {
  thread.begin();
  while (Atomics.load(words, 0) === 0) Atomics.wait(words, 0, 0, 100);
};
const waker = (notifies: boolean) => ({ words }: Memory): Script => (thread) => {
  thread.begin();
  Atomics.store(words, 0, 1);
  if (notifies) Atomics.notify(words, 0);
};

Deno.test("Machine shows a wake-up that nobody sends as a deadlock, though the sleep has an end", async () => {
  for (const [notifies, expected] of [[true, []], [false, ["stuck: thread 0 (0)"]]] as const) {
    const machine = await machineOf({ scripts: [sleeper, waker(notifies)] });
    const outcomes = await outcomesOf(machine, start("bound-2"));
    const failures = outcomes.flatMap(({ failure }) => failure === null ? [] : [failure.message]);
    assertEquals([...new Set(failures)], [...expected]);
  }
});

Deno.test("Machine ends sleeps as often as the program says, and no more", async () => {
  const forEver = ({ words }: Memory): Script => (thread) => {
    thread.begin();
    for (let slept = 0; slept < 3; slept++) {
      assertEquals(Atomics.wait(words, 0, 0, 100), "timed-out");
      assertEquals(performance.now(), (slept + 1) * 100);
    }
  };
  const enough = await machineOf({ scripts: [forEver], timeouts: 3 });
  assertEquals((await outcomesOf(enough, start("bound-0")))[0]!.failure, null);
  const tooFew = await machineOf({ scripts: [forEver], timeouts: 2 });
  const [outcome] = await outcomesOf(tooFew, start("bound-0"));
  assertMatch(outcome!.failure!.message, /stuck/);
});

Deno.test("Machine runs threads on their event loops, woken in any order with others' steps between", async () => {
  const asyncSleeper = ({ words }: Memory): Script => async (thread) => {
    thread.begin();
    const { async: isAsync, value } = Atomics.waitAsync(words, 1, 0);
    if (isAsync) assertEquals(await value, "ok");
    words[0] = words[0]! + 1;
  };
  const notifier = ({ words }: Memory): Script => async (thread) => {
    thread.begin();
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    words[0] = words[0]! + 1;
    await null;
  };
  const options = { isAsync: true, scripts: [asyncSleeper, asyncSleeper, notifier] };
  const machine = await machineOf(options);
  const outcomes = await outcomesOf(machine, start("bound-1"));
  assertEquals(outcomes.filter(({ failure }) => failure !== null), []);
  const counting = await machineOf({
    ...options,
    check(words) {
      if (words[0] !== 3) throw new Error("lost");
    },
  });
  const lost = await outcomesOf(counting, start("bound-1"));
  assert(lost.some(({ failure }) => failure?.message === "lost"));
});

Deno.test("Machine says where a thread spins for ever", async () => {
  const spinner = ({ words }: Memory): Script => (thread) => {
    thread.begin();
    while (Atomics.load(words, 0) === 0);
  };
  const machine = await machineOf({ scripts: [spinner] });
  const [outcome] = await outcomesOf(machine, start("bound-0"));
  assertMatch(outcome!.failure!.message, /no end after \d+ steps/);
});

Deno.test("Machine gives what goes wrong in a thread as the schedule's failure", async () => {
  const thrower = (): Script => (thread) => {
    thread.begin();
    throw new Error("thrown");
  };
  const machine = await machineOf({ scripts: [thrower] });
  const [outcome] = await outcomesOf(machine, start("bound-0"));
  assertEquals(outcome!.failure!.message, "thrown");
});
