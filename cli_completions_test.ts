import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import type { Place } from "./commands/completable.ts";
import * as commands from "./commands/mod.ts";
import { recordedIo } from "./commands/recorded_io.ts";

async function called(...args: string[]) {
  const io = recordedIo();
  const status = await main(args, io);
  return { status, stdout: io.stdout(), stderr: io.stderr() };
}

async function script(shell: string): Promise<string> {
  const { status, stdout, stderr } = await called("completions", shell);
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  return stdout;
}

/** Runs a shell; null where this machine has none of that name. */
function ran(shell: string, ...args: string[]) {
  try {
    const { code, stdout, stderr } = new Deno.Command(shell, { args }).outputSync();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** What bash makes of the words of a line, the last of which is to be completed. */
function completed(text: string, words: readonly string[]): string[] {
  const driver = `${text}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    $(complete -p mempool-bench | sed 's/.*-F \\([^ ]*\\).*/\\1/'); printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, stdout, stderr } = ran("bash", "-c", driver, "bash", "mempool-bench", ...words)!;
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  return stdout.split("\n").filter((line) => line !== "");
}

Deno.test("completions writes what each shell that is there accepts", async (test) => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const file = Deno.makeTempFileSync();
    Deno.writeTextFileSync(file, await script(shell));
    const outcome = ran(shell, "-n", file);
    Deno.removeSync(file);
    const ignore = outcome === null;
    await test.step({
      name: ignore ? `${shell}, which is not on this machine` : shell,
      ignore,
      fn: () => assertEquals(outcome, { code: 0, stdout: "", stderr: "" }),
    });
  }
});

Deno.test("completions bash completes commands, options, values and arguments", async () => {
  const text = await script("bash");
  const lines: readonly (readonly [words: string[], completions: string[]])[] = [
    [["be"], ["bench"]],
    [["trace", "i"], ["info"]],
    [["history", "list", "--sc"], ["--scenario"]],
    [["bench", "--poli"], ["--policy"]],
    [["bench", "--policy", "five"], ["five-level"]],
    [["bench", "--policy", "=", "five"], ["five-level"]],
    [["bench", "--format", "mark"], ["markdown"]],
    [["bench", "canon"], ["canonical"]],
    [["bench", "--output", "trace", "--po"], ["--policy"]],
    [["bench", "--output", "READ"], ["README.md"]],
    [["validate", "READ"], ["README.md"]],
    [["init", "--from", "sql"], ["sqlite"]],
    [["list", "pol"], ["policies"]],
    [["trace", "info", "--unfinished", ""], ["drop", "hold"]],
    [["completions", ""], ["bash", "zsh", "fish"]],
    [["--ver"], ["--version"]],
    [["bench", "--workers", ""], []],
  ];
  for (const [words, expected] of lines) {
    assertEquals({ words, completed: completed(text, words) }, { words, completed: expected });
  }
});

Deno.test("completions knows every command, and the formats that each has", async () => {
  const places: Place[] = JSON.parse((await called("completions", "bash", "--json")).stdout);
  const program = places.find(({ path }) => path === "")!;
  assertEquals(program.commands.map(({ name }) => name), Object.keys(commands));
  const operands: Readonly<Record<string, string[]>> = {
    ab: ["--base", "."],
    sweep: ["canonical", "--vary", "seed=1"],
    compare: ["a", "b"],
    validate: ["canonical"],
    completions: ["zsh"],
    "history show": ["a"],
    "trace convert": ["README.md"],
    "trace cut": ["README.md", "--first", "1"],
    "trace info": ["README.md"],
  };
  const names = [
    "bench",
    "doctor",
    "history changes",
    "history list",
    "init",
    "list",
    "recommend",
    "tune",
    ...Object.keys(operands),
  ];
  for (const path of names) {
    const format = places.find((place) => place.path === path)?.options
      .find(({ flags }) => flags.includes("--format"));
    const { stderr } = await called(
      ...path.split(" "),
      ...operands[path] ?? [],
      "--format",
      "none",
    );
    const [, listed] = stderr.match(/there is no format "none": give (.*)\n/) ?? [];
    assert(listed !== undefined, stderr);
    assertEquals([path, ...format!.values!.words.toSorted()], [
      path,
      ...listed.split(/, | or /).sort(),
    ]);
  }
});

Deno.test("completions refuses a shell that it doesn't know", async () => {
  const { status, stderr } = await called("completions", "tcsh");
  assertEquals(status, 2);
  assertStringIncludes(stderr, "bash, zsh, fish");
});
