/**
 * Runs the real thing for as long as one likes and looks again and again whether anything was lost: every policy over several
 * allocators, with workers that attach, take one by one and in bulks, waiting, awaiting and giving up, hand over, free and
 * leave; meanwhile the coordinator takes all memory, gives it back, resizes the reserve and has the back end fail. In
 * between, scenarios with pressure and replays run as `bench` runs them.
 *
 * At the end of every round all are at rest: then each element must be where the books say, and everything that was taken is
 * back. Shared memory is of fixed size; what the process has besides must not grow after the first minute.
 *
 * Workers leave in good order here: what is left behind by one that dies is not looked at. A failure names the seed of its round. With it
 * the same things are begun in the same order; how they interleave is up to the machine, unlike in `deno task explore`.
 *
 * ```
 * deno task soak [--minutes 1] [--seed 1]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { runCommand } from "../explore/command_line.ts";
import { uniform } from "../pools/testing/churn.ts";
import { type Crew, startCrew } from "../sync/testing/crew.ts";
import { Flatness } from "./flatness.ts";
import { Ground } from "./ground.ts";
import { runAsBench, SCENARIOS } from "./scenarios.ts";
import { type Done, nothingDone, type StayOrder } from "./stay.ts";
import { SUBJECTS, WORKERS } from "./subjects.ts";

/** Of a round, milliseconds: long enough for workers to come and go some times. */
const ROUND_MS = 250;

/** Each so manieth round is one of the runner's. */
const RUNNER_ROUNDS = 8;

const LINE_MS = 10_000;
const MOST_STEPS = 3000;

/** How it ends before its time. */
export interface SoakOptions {
  /** Ends it after the round that it is in. */
  readonly signal?: AbortSignal;
}

/**
 * Soaks.
 *
 * @returns the exit status: 0 where nothing was lost, 1 where anything was.
 * @throws {RangeError} on bad usage.
 */
export async function soak(
  args: readonly string[],
  print: (line: string) => void,
  { signal }: SoakOptions = {},
): Promise<number> {
  const { minutes, seed } = planOf(args);
  using soaking = new Soaking(print);
  await soaking.ready();
  const endMs = performance.now() + minutes * 60_000;
  for (let round = seed; performance.now() < endMs && !signal?.aborted; round++) {
    try {
      await soaking.round(round);
    } catch (error) {
      print(soaking.summary());
      print(`LOST in ${soaking.where}: ${error instanceof Error ? error.message : error}`);
      print(`again: deno task soak --seed ${round}`);
      return 1;
    }
  }
  if (signal?.aborted) print("interrupted");
  print(soaking.summary());
  const grown = soaking.flatness.complaint();
  print(grown ?? "nothing lost");
  return grown === null ? 0 : 1;
}

function planOf(args: readonly string[]): { minutes: number; seed: number } {
  const given = parseArgs(args, {
    string: ["minutes", "seed"],
    unknown(argument) {
      throw new RangeError(`${argument}: give --minutes N or --seed N`);
    },
  });
  const minutes = Number(given.minutes ?? 1);
  const seed = Number(given.seed ?? 1);
  if (!(minutes > 0 && minutes <= 1e5)) {
    throw new RangeError(`--minutes ${given.minutes}: give a number above 0, such as 0.5`);
  }
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`--seed ${given.seed}: give a whole number`);
  }
  return { minutes, seed };
}

class Soaking implements Disposable {
  readonly flatness = new Flatness();
  /** What is being done, for a failure. */
  where = "";
  readonly #print: (line: string) => void;
  readonly #startMs = performance.now();
  readonly #grounds = new Map<string, Ground>();
  readonly #done = nothingDone();
  readonly #crew: Crew = startCrew(new URL("./soak_worker.ts", import.meta.url), WORKERS);
  #rounds = 0;
  #stays = 0;
  #runs = 0;
  #lineMs = performance.now();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Waits for the workers to be loaded. */
  async ready(): Promise<void> {
    for (let worker = 0; worker < WORKERS; worker++) await this.#crew.answer(worker);
  }

  /** One of the runner's, or a pool with its workers. @throws {Error} where anything is lost, or hangs. */
  async round(seed: number): Promise<void> {
    const random = uniform(Math.imul(seed, 0x9e3779b1) | 1);
    if (seed % RUNNER_ROUNDS === 0) {
      const scenario = SCENARIOS[Math.floor(random() * SCENARIOS.length)]!;
      this.where = scenario.name;
      await runAsBench(scenario, seed);
      this.#runs++;
    } else {
      const subject = SUBJECTS[Math.floor(random() * SUBJECTS.length)]!;
      this.where = subject.name;
      const ground = this.#grounds.getOrInsertComputed(subject.name, () => new Ground(subject));
      await this.#visit(ground, random);
    }
    this.#rounds++;
    if (performance.now() - this.#lineMs < LINE_MS) return;
    this.#lineMs = performance.now();
    this.flatness.note();
    this.#print(this.summary());
  }

  async #visit(ground: Ground, random: () => number): Promise<void> {
    ground.open();
    let isOver = false;
    const stays = Array.from({ length: WORKERS }, async (_, worker) => {
      while (!isOver) await this.#stay(ground, worker, random);
    });
    const endMs = performance.now() + ROUND_MS;
    const pressing = async () => {
      while (performance.now() < endMs) await ground.press(random);
      isOver = true;
      ground.close();
    };
    await Promise.all([...stays, pressing()]);
    ground.checkAtRest();
  }

  async #stay(ground: Ground, worker: number, random: () => number): Promise<void> {
    const order: StayOrder = {
      joining: ground.joining(worker + 1),
      seed: Math.floor(random() * 2 ** 31),
      steps: Math.floor(random() * MOST_STEPS),
      waits: ground.waits,
    };
    this.#crew.send(worker, order);
    const done = await this.#crew.answer<Done>(worker);
    this.#stays++;
    for (const what of Object.keys(done) as (keyof Done)[]) this.#done[what] += done[what];
  }

  /** What was done so far, in a line. */
  summary(): string {
    const { allocated, bulks, awaited, aborted, refused, none, passedOn } = this.#done;
    return [
      `${((performance.now() - this.#startMs) / 1000).toFixed(0)} s: ${this.#rounds} rounds`,
      `${this.#grounds.size} pools, ${this.#stays} stays of workers, ${this.#runs} runs of scenarios`,
      `${allocated} elements (${bulks} bulks, ${awaited} awaited, ${aborted} given up, ${none} times none, ` +
      `${refused} refused), ${passedOn} handed over`,
      this.flatness.text(),
    ].join("; ");
  }

  [Symbol.dispose](): void {
    for (const ground of this.#grounds.values()) ground.end();
    this.#crew[Symbol.dispose]();
  }
}

if (import.meta.main) {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  await runCommand((args, print) => soak(args, print, { signal: interrupt.signal }));
  Deno.removeSignalListener("SIGINT", onInterrupt);
}
