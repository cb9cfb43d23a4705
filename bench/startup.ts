/**
 * What `cli.ts --help` takes on top of Deno itself: the price of every call, whatever it does.
 *
 * Method. A script that does nothing and `cli.ts --help` are started in turns, there and back, once without
 * being counted and then as often as told; printed are medians with least and most, and the median of the
 * differences within one turn. Aim: under 80 ms.
 *
 * ```
 * deno task bench:startup [--runs 15]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { spreadOf } from "./spread.ts";

const CLI = new URL("../cli.ts", import.meta.url).pathname;

const BARE = ["eval", ""];
const HELP = ["run", "-q", "-P", CLI, "--help"];

/** Milliseconds from the start of a process to its end. */
async function timed(args: readonly string[]): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], stdout: "null" });
  const start = performance.now();
  const { success } = await command.output();
  const tookMs = performance.now() - start;
  if (!success) throw new Error(`deno ${args.join(" ")} failed`);
  return tookMs;
}

/** Starts both as often as told, and prints. */
export async function measureStartup(runs: number, print: (line: string) => void): Promise<void> {
  const bare: number[] = [];
  const help: number[] = [];
  for (let run = -1; run < runs; run++) {
    const order = run % 2 === 0 ? [BARE, HELP] : [HELP, BARE];
    for (const args of order) {
      const tookMs = await timed(args);
      if (run >= 0) (args === BARE ? bare : help).push(tookMs);
    }
  }
  print(`a script that does nothing  ${shown(bare)}`);
  print(`cli.ts --help               ${shown(help)}`);
  print(`difference                  ${shown(help.map((tookMs, run) => tookMs - bare[run]!))}`);
}

function shown(times: readonly number[]): string {
  const { median, min, max } = spreadOf(times);
  return `${median.toFixed(1)} ms (${min.toFixed(1)} to ${max.toFixed(1)})`;
}

if (import.meta.main) {
  const { runs = "15" } = parseArgs(Deno.args, { string: ["runs"] });
  await measureStartup(Math.max(1, Number(runs) || 15), (line) => console.log(line));
}
