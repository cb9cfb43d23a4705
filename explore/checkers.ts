/**
 * What may catch a mutant: the explorer's short look and the tests, each of which runs as a process of its own, and of which a first
 * run over the code as it is has shown how long it takes and which lines it executes.
 *
 * Lines that only a worker executes which is terminated are missing from that: such a mutant is tried with whatever executes
 * any line of its file.
 *
 * @module
 */
import type { Mutant } from "./mutators.ts";
import { PROJECT } from "./subject.ts";

/** Lines by file, paths from the root of the tree. */
type Lines = ReadonlyMap<string, ReadonlySet<number>>;

/** A test file, or the explorer. */
export interface Checker {
  /** The test's path from the root, or {@linkcode EXPLORER}. */
  readonly name: string;
  /** How long it took. */
  readonly ms: number;
  /** What it has executed. */
  readonly lines: Lines;
}

/** How a run of checkers has ended. */
export interface Run {
  /** Whether all have passed. */
  readonly isPassed: boolean;
  /** The one that has not; the first of those that were to run where that is not to be told. */
  readonly by: string;
  /** What it said, in a line. */
  readonly seen: string;
}

/** The name of the explorer as a checker. */
export const EXPLORER = "explorer";

const PASSED: Run = { isPassed: true, by: "", seen: "" };

/** A mutant may ask for ever more memory. */
const MEMORY = "--v8-flags=--max-old-space-size=700";

/** Time that any run may take, besides a multiple of what it took before. */
const LIMIT_MS = 10_000;
const LIMIT_FACTOR = 4;
const LIMIT_MAX_MS = 120_000;

/** Folders whose tests are taken into account. */
const TESTED = ["sync", "allocators", "pools"];

/** The tests of a tree. */
export async function testsOf(root: URL): Promise<string[]> {
  const tests: string[] = [];
  for (const folder of TESTED) {
    for await (const { name } of Deno.readDir(new URL(`${folder}/`, root))) {
      if (name.endsWith("_test.ts")) tests.push(`${folder}/${name}`);
    }
  }
  return tests.sort();
}

function commandFor(names: readonly string[], root: URL, coverage: string | null): string[] {
  const covering = coverage === null ? [] : [`--coverage=${coverage}`];
  if (names[0] === EXPLORER) {
    const smoke = new URL("smoke.ts", import.meta.url).href;
    return ["run", "-q", "--no-check", "-P=explore", MEMORY, ...covering, smoke, root.href];
  }
  return ["test", "-q", "--no-check", "-P=test", "--fail-fast", MEMORY, ...covering, ...names];
}

/** Runs a command. @returns what it printed, or null where it took too long. */
async function runWithin(
  args: readonly string[],
  cwd: URL,
  limitMs: number,
): Promise<{ code: number; text: string; isLate: boolean }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, limitMs);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr), isLate };
}

/** Who did not pass, from what tests print. */
function failureOf(text: string, names: readonly string[]): Run {
  const failed = /^(.+) => (?:\.\/)?(\S+?_test\.ts):\d+:\d+$/m.exec(text);
  if (failed !== null) return { isPassed: false, by: failed[2]!, seen: failed[1]! };
  const uncaught = /^(?:\.\/)?(\S+?_test\.ts) \(uncaught error\)/m.exec(text);
  const error = /^(?:error: )?((?:Uncaught )?.*(?:Error|error|panic).*)$/m.exec(text)?.[1];
  const seen = error ?? text.trim().split("\n").at(-1) ?? "";
  return { isPassed: false, by: uncaught?.[1] ?? names[0]!, seen: seen.slice(0, 200) };
}

/** Runs some of them over a tree, until one does not pass, on a machine that is so many times slower than it was. */
export async function run(
  checkers: readonly Checker[],
  root: URL,
  slowness = 1,
): Promise<Run> {
  const names = checkers.map(({ name }) => name);
  const usualMs = checkers.reduce((sum, { ms }) => sum + ms, 0);
  const isExplorer = names[0] === EXPLORER;
  const limitMs = slowness * Math.min(LIMIT_MAX_MS, LIMIT_MS + LIMIT_FACTOR * usualMs);
  const { code, text, isLate } = await runWithin(
    commandFor(names, root, null),
    isExplorer ? PROJECT : root,
    limitMs,
  );
  if (isLate) {
    const last = [...text.matchAll(/^running \d+ tests? from (?:\.\/)?(\S+)$/gm)].at(-1)?.[1];
    return { isPassed: false, by: last ?? names[0]!, seen: "hangs" };
  }
  if (code === 0) return PASSED;
  return isExplorer
    ? { isPassed: false, by: EXPLORER, seen: text.trim().split("\n")[0]!.slice(0, 200) }
    : failureOf(text, names);
}

/** Type-checks a file. One that takes for ever has found nothing. */
export async function typeCheck(file: string, root: URL): Promise<Run> {
  const { code, text, isLate } = await runWithin(["check", "-q", file], root, LIMIT_MAX_MS);
  if (code === 0 || isLate) return PASSED;
  const error = /^(TS\d+ \[ERROR\]: .*)$/m.exec(text)?.[1];
  return { isPassed: false, by: "types", seen: error ?? text.trim().split("\n")[0]! };
}

/** Lines of a report that were executed. */
function linesOf(report: string, root: URL): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>();
  let current = new Set<number>();
  for (const line of report.split("\n")) {
    if (line.startsWith("SF:")) {
      const file = line.slice(3);
      current = new Set();
      if (file.startsWith(root.pathname)) lines.set(file.slice(root.pathname.length), current);
      continue;
    }
    const [, number, count] = /^DA:(\d+),(\d+)/.exec(line) ?? [];
    if (count !== undefined && count !== "0") current.add(Number(number));
  }
  return lines;
}

/** Runs one over the code as it is. @returns null where it fails there already. */
export async function measure(name: string, root: URL): Promise<Checker | null> {
  const coverage = await Deno.makeTempDir({ prefix: "mutant-coverage-" });
  try {
    const cwd = name === EXPLORER ? PROJECT : root;
    const startedMs = performance.now();
    const { code } = await runWithin(commandFor([name], root, coverage), cwd, 300_000);
    const ms = performance.now() - startedMs;
    if (code !== 0) return null;
    const report = await runWithin(["coverage", "-q", "--lcov", coverage], cwd, 60_000);
    return { name, ms, lines: linesOf(report.text, root) };
  } finally {
    await Deno.remove(coverage, { recursive: true });
  }
}

/** Those that execute what a mutant changes, or, where nobody is known to, its file. */
export function checkersOf({ file, line, lastLine }: Mutant, all: readonly Checker[]): Checker[] {
  const ofFile = all.filter(({ lines }) => lines.has(file));
  const ofLine = ofFile.filter(({ lines }) => {
    const executed = lines.get(file)!;
    for (let each = line; each <= lastLine; each++) if (executed.has(each)) return true;
    return false;
  });
  return ofLine.length > 0 ? ofLine : ofFile;
}
