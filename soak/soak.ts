/**
 * Runs the real thing for as long as one likes and looks again and again whether anything was lost: every policy over several
 * allocators, with workers that attach, take one by one and in bulks, waiting, awaiting and giving up, hand over, free and
 * leave; meanwhile the coordinator takes all memory, gives it back, resizes the reserve and has the back end fail. Each second one
 * of the workers dies, cut off in the middle of whatever it is at, or terminated from outside while it awaits something; what it
 * had is given back and another one comes under its number. In between, scenarios with pressure and replays run as `bench` runs them.
 *
 * At the end of every round all are at rest: then each element must be where the books say, and everything that was taken is
 * back. Shared memory is of fixed size; what the process has besides must not grow after the first minute.
 *
 * A failure names the seed of its round, and with it that round comes first. What the seed brings back: the pool or the scenario; what the coordinator does
 * there, turn by turn, as long as nobody is dying; each worker's stays, one after the other, with all that is drawn in them. What it does not: how they interleave, and so how many
 * of these there are; who dies, when and where, which goes by the clock; and what rounds before it had left in the pool. That is up to the
 * machine, unlike in `deno task explore`: a failure may take many rounds to come again, or not come at all.
 *
 * ```
 * deno task soak [--minutes 1] [--seed 1]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { runCommand } from "../explore/command_line.ts";
import { Soaking, type SoakingOptions } from "./soaking.ts";

/** How it ends before its time, and what a test changes. */
export interface SoakOptions extends SoakingOptions {
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
  options: SoakOptions = {},
): Promise<number> {
  const { minutes, seed } = planOf(args);
  const { signal } = options;
  using soaking = new Soaking(print, options);
  await soaking.ready();
  const endMs = performance.now() + minutes * 60_000;
  for (let round = seed; performance.now() < endMs && !signal?.aborted; round++) {
    try {
      await soaking.round(round);
    } catch (error) {
      print(soaking.summary());
      print(`LOST in ${soaking.where}: ${error instanceof Error ? error.message : error}`);
      print(
        `begins with the same round, but for who dies when and how all interleave: ${again(round)}`,
      );
      return 1;
    }
  }
  if (signal?.aborted) print("interrupted");
  print(soaking.summary());
  const grown = soaking.flatness.complaint();
  print(grown ?? (soaking.flatness.saysSomething ? "nothing lost" : `nothing lost; ${TOO_SHORT}`));
  return grown === null ? 0 : 1;
}

function again(round: number): string {
  return `deno task soak --seed ${round}`;
}

const TOO_SHORT = "it was too short to see whether memory stays flat";

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

if (import.meta.main) {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  await runCommand((args, print) => soak(args, print, { signal: interrupt.signal }));
  Deno.removeSignalListener("SIGINT", onInterrupt);
}
