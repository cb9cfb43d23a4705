/**
 * Numbers on the command lines of benchmarks.
 *
 * @module
 */

/** What an option says. @throws {RangeError} one sentence, where that is no whole number from `min` up. */
export function wholeNumber(option: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= min) return value;
  throw new RangeError(`${option} ${text}: give a whole number from ${min} up`);
}
