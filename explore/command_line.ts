/**
 * What the two commands share: numbers that are given, and how bad usage ends.
 *
 * @module
 */

/** A whole number that was given for an option. @throws {RangeError} where it is none, or below `least`. */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`${option} ${text}: give a whole number of at least ${least}`);
}

/** Runs a command with the arguments of this process: its result is the exit status, a RangeError is bad usage. */
export async function runCommand(
  command: (args: readonly string[], print: (line: string) => void) => Promise<number>,
): Promise<void> {
  try {
    Deno.exitCode = await command(Deno.args, (line) => console.log(line));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    Deno.exitCode = 2;
  }
}
