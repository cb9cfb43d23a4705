/**
 * A copy of this checkout, in a temporary folder, whose allocations take longer: every so many-th one works for nothing.
 *
 * @module
 */

const PROJECT = new URL("../", import.meta.url);

/** What the command needs to run. */
const FOLDERS = [
  "allocators",
  "commands",
  "pools",
  "results",
  "sync",
  "tuning",
  "types",
  "workloads",
];
const FILES = ["cli.ts", "deno.json", "deno.lock"];

/** The line of every allocation that is served by a magazine. */
const FILE = "allocators/magazine.ts";
const LINE = "        words[top] = rounds - 1;\n";

/**
 * One allocation of so many works for nothing, by each worker's own count, so that fractions of a nanosecond can be planted. The work
 * is long beside what a processor does at the same time, so that twice the rounds take twice as long; and it is rare, so that no p99
 * tells of it.
 */
const ONE_OF = 1024;

/** A copy; disposing of it deletes it. */
export interface SlowedCheckout extends Disposable {
  readonly folder: string;
  /** Has one allocation in {@linkcode ONE_OF} do so many rounds of work; those that run already go on as they were. */
  slowDown(rounds: number): void;
}

/** The code with the work in it. @throws {Error} where the line does not stand there once. */
export function slowed(code: string, rounds: number): string {
  const parts = code.split(LINE);
  if (parts.length !== 2) throw new Error(`${FILE}: its fast path has changed, so must this`);
  const work = `        if ((words[allocs]! & ${ONE_OF - 1}) === 0) {\n` +
    `          let state = handle | 1;\n` +
    `          for (let round = 0; round < ${rounds}; round++) state = Math.imul(state, 0x2c1b3c6d) | 1;\n` +
    `          if (state === 0) return slow.allocate(context);\n` +
    `        }\n`;
  return parts.join(work + LINE);
}

/** Copies this checkout. */
export function slowedCheckout(): SlowedCheckout {
  const folder = Deno.makeTempDirSync({ prefix: "slowed-" });
  const root = new URL(`file://${folder}/`);
  for (const name of FOLDERS) copyFolder(new URL(`${name}/`, PROJECT), new URL(`${name}/`, root));
  for (const name of FILES) Deno.copyFileSync(new URL(name, PROJECT), new URL(name, root));
  const code = Deno.readTextFileSync(new URL(FILE, PROJECT));
  return {
    folder,
    slowDown: (rounds) => Deno.writeTextFileSync(new URL(FILE, root), slowed(code, rounds)),
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

function copyFolder(from: URL, to: URL): void {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyFolder(new URL(`${name}/`, from), new URL(`${name}/`, to));
    else Deno.copyFileSync(new URL(name, from), new URL(name, to));
  }
}
