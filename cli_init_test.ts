import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import { parseScenario, registered } from "./workloads/mod.ts";
import { rehearse } from "./workloads/rehearsal.ts";
import { builtinNames, readBuiltin } from "./workloads/scenarios/mod.ts";
import { POOL, SCENARIO } from "./workloads/schema/scenario_options.ts";

const TRACE = new URL("./workloads/scenarios/sqlite-memory.csv.gz", import.meta.url).pathname;

async function called(...args: string[]) {
  const io = recordedIo();
  const status = await main(["init", ...args], io);
  return { status, stdout: io.stdout(), stderr: io.stderr(), files: io.files };
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function parsed(text: string, file = "/elsewhere/my.jsonc") {
  return parseScenario({ file, text }, {}, registered);
}

Deno.test("init writes a sound scenario whose comments come from the registries", async () => {
  const { status, stdout, stderr } = await called();
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  await rehearse(parsed(stdout));
  // A long one is broken into several lines.
  const flat = stdout.replace(/\n *\/\/ /g, " ");
  for (const { summary } of [SCENARIO.repeat, POOL.minReserve, registered.workloads.open!]) {
    assertStringIncludes(flat, summary);
  }
  assertStringIncludes(flat, "(duration, 1ms to 24h, default 2s)");
  for (const line of stdout.split("\n")) assertEquals(line.length <= 100, true, line);
});

Deno.test("init --from a built-in scenario gives its file, comments included, that works from anywhere", async () => {
  for (const name of builtinNames()) {
    const { file, text } = readBuiltin(name);
    const { stdout } = await called("--from", name);
    assertEquals(parsed(stdout), parsed(text, file));
    assertEquals(stdout.split("\n").length, text.split("\n").length);
  }
  assertEquals((await called("--from", "canonical")).stdout, readBuiltin("canonical").text);
  const { stderr } = await called("--from", "sqlite");
  assertStringIncludes(stderr, `note: it goes on to read ${TRACE}`);
});

Deno.test("init --from a trace writes its replay, with what it says of itself as a comment", () =>
  withFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/scenarios`);
    Deno.copyFileSync(TRACE, `${folder}/app.csv.gz`);
    const path = `${folder}/scenarios/my.jsonc`;
    const options = ["--unfinished", "hold", "--seed", "7", "--output", path];
    const { status, files, stderr } = await called("--from", `${folder}/app.csv.gz`, ...options);
    assertEquals(status, 0);
    assertStringIncludes(stderr, `${path}: written: `);
    const text = files.get(path)!;
    assertStringIncludes(text, '"trace": "../app.csv.gz"');
    assertStringIncludes(text, "// app.csv.gz  native-csv\n");
    assertStringIncludes(text, "//   live        peak ");
    const scenario = parsed(text, path);
    assertEquals(scenario.seed, 7);
    assertStringIncludes(text, '"unfinished": "hold"');
    await rehearse(scenario);
  }));

Deno.test("init --from a trace of arrivals only writes the holds that it was given", () =>
  withFolder(async (folder) => {
    const trace = `${folder}/calls.csv`;
    Deno.writeTextFileSync(trace, "start_ms\n1\n2\n5\n");
    const path = `${folder}/my.jsonc`;
    assertEquals((await called("--from", trace, "--output", path)).status, 2);
    const { files } = await called("--from", trace, "--hold", "5ms", "--output", path);
    const { workload } = parsed(files.get(path)!, path);
    assertEquals(workload.hold, { kind: "constant", time: 5e6 });
  }));

Deno.test("init --json writes the same scenario without comments", async () => {
  const { stdout } = await called("--json");
  assertEquals(parsed(JSON.stringify(JSON.parse(stdout))), parsed((await called()).stdout));
});

Deno.test("init refuses to write over a file, unless --force, and what it can't start from", () =>
  withFolder(async (folder) => {
    const path = `${folder}/my.jsonc`;
    Deno.writeTextFileSync(path, "mine");
    const refusals: readonly (readonly [string[], string])[] = [
      [
        ["--output", path],
        `--output: ${path}: this file is there already: give another, or --force`,
      ],
      [["--from", path], "this is a scenario file already: copy it"],
      [["--from", "outage"], "there is no such scenario, and no such trace: give a trace or bio, "],
      [["--from", "outage"], "(did you mean outages?)"],
      [["--from", "LICENSE"], "LICENSE: "],
    ];
    for (const [args, sentence] of refusals) {
      const { status, stdout, stderr, files } = await called(...args);
      assertEquals({ status, stdout, opened: files.size }, { status: 2, stdout: "", opened: 0 });
      assertStringIncludes(stderr, sentence);
    }
    const { status, files } = await called("--output", path, "--force");
    assertEquals(status, 0);
    assertStringIncludes(files.get(path)!, '"name": "my-scenario"');
  }));
