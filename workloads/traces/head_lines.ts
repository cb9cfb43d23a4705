/**
 * How a format is told by the head of a file: some of the first lines are of its grammar, or most are where the
 * grammar is so plain (numbers and commas) that a single line may be chance.
 *
 * @module
 */

/** Lines at the head of a file that are looked at. */
const LINES_MAX = 2000;

/** The lines that are whole, without empty ones; the only line of a file may lack its end. */
export function headLines(head: string): string[] {
  const lines = head.replace(/^\ufeff/, "").split(/\r?\n/, LINES_MAX);
  const whole = lines.length > 1 && lines.length < LINES_MAX ? lines.slice(0, -1) : lines;
  return whole.filter((line) => line.trim() !== "");
}

/** Whether any of the first lines is of a grammar. */
export function anyLine(head: string, grammar: RegExp): boolean {
  return headLines(head).some((line) => grammar.test(line));
}

/** Whether half of the first lines or more, those that begin with `#` left aside, are of a grammar. */
export function mostLines(head: string, grammar: { test(line: string): boolean }): boolean {
  const lines = headLines(head).filter((line) => !line.startsWith("#"));
  const good = lines.filter((line) => grammar.test(line)).length;
  return good > 0 && good * 2 >= lines.length;
}
