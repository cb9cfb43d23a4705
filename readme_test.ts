/**
 * The README is true: its commands run as they stand there, its scenario is one, and its policy is the code's.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { Store } from "./results/store.ts";
import { exampleResult } from "./results/testdata/example.ts";
import { exampleHistory } from "./results/testdata/example_history.ts";
import { parseScenario, registered } from "./workloads/mod.ts";

const README = await Deno.readTextFile(new URL("./README.md", import.meta.url));
const CONFIG = new URL("./deno.json", import.meta.url).pathname;
const CLI = new URL("./cli.ts", import.meta.url).pathname;

/** The fenced blocks of a language. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp("```" + language + "\\n([^]*?)```", "g"))]
    .map(([, text]) => text!);
}

/** The arguments of every `mempool-bench` command that stands on a line of its own. */
const COMMANDS = blocks("sh").join("").split("\n")
  .filter((line) => line.startsWith("deno task mempool-bench "))
  .map((line) => line.replace(/#.*/, "").trim().split(/\s+/).slice(3));

/** Makes a run short without making it another command. */
const SHORT = ["--duration", "50ms", "--warmup", "0", "--repeat", "1"];

Deno.test("README.md shows a scenario that is one", () => {
  const [text] = blocks("jsonc");
  const scenario = parseScenario({ file: "my.jsonc", text: text! }, {}, registered);
  assertEquals(scenario.name, "my-pipeline");
});

Deno.test("README.md shows a policy as it is in the code", async () => {
  const code = await Deno.readTextFile(
    new URL("./pools/policies/reserve_first.ts", import.meta.url),
  );
  const shown = blocks("ts").find((text) => text.includes("reserveFirst"))!;
  for (const line of shown.split("\n").filter((each) => each.startsWith("  "))) {
    assertStringIncludes(code, line.trim());
  }
});

Deno.test("README.md names the two commands by which a stranger starts", () => {
  assertStringIncludes(README, "npx --yes deno@2.9.6 task mempool-bench bench\n");
  assertStringIncludes(README, "npx --yes deno@2.9.6 task test\n");
});

Deno.test("README.md shows commands that run", async (test) => {
  assertGreater(COMMANDS.length, 5);
  const folder = await Deno.makeTempDir();
  const trace = new URL("./workloads/traces/testdata/jq.mtrace.gz", import.meta.url);
  await Deno.writeTextFile(`${folder}/my.jsonc`, blocks("jsonc")[0]!);
  await Deno.copyFile(trace, `${folder}/app.mtrace`);
  const timed = new URL("./workloads/scenarios/sqlite-memory.csv.gz", import.meta.url);
  await Deno.copyFile(timed, `${folder}/app.csv`);
  await Deno.writeTextFile(`${folder}/head.json`, JSON.stringify(exampleResult()));
  await Deno.mkdir(`${folder}/mempool-bench`);
  {
    using store = Store.open(`${folder}/mempool-bench/history.db`, { write: true });
    store.saveAll(exampleHistory({ results: 20 }));
  }
  try {
    for (const args of COMMANDS) {
      await test.step(args.join(" "), async () => {
        const isShort = args[0] !== "bench" || args.includes("--trace");
        // What a gate says of results that have nothing to do with each other: they cannot be compared.
        const expected = args.includes("--gate") ? 2 : 0;
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-q", "-P", "--config", CONFIG, CLI, ...args, ...(isShort ? [] : SHORT)],
          cwd: folder,
          env: { XDG_DATA_HOME: folder },
        }).output();
        assertEquals(code, expected, new TextDecoder().decode(stderr));
        assert(stdout.length > 0 || args.includes("--output"));
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
