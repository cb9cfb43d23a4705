import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { Store } from "./results/store.ts";
import { exampleResult } from "./results/testdata/example.ts";
import { exampleHistory } from "./results/testdata/example_history.ts";
import { recordedIo } from "./commands/recorded_io.ts";

/** Runs a test on a store with the results `first` and `second`. */
async function withStore(test: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/history.db`;
  try {
    {
      using store = Store.open(path, { write: true });
      for (const id of ["first", "second"]) store.save({ ...exampleResult(), id });
    }
    await test(path, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function called(...args: string[]) {
  const io = recordedIo();
  const status = await main(["history", ...args], io);
  return { status, stdout: io.stdout(), stderr: io.stderr() };
}

Deno.test("history list shows a line for each result, or JSON", () =>
  withStore(async (store) => {
    const { stdout } = await called("list", "--store", store);
    assertEquals(stdout.trim().split("\n").length, 2);
    assertStringIncludes(stdout, "first  2026-01-01 00:00:00  no revision  canonical\n");
    const { stdout: json } = await called("list", "--store", store, "--limit", "1", "--json");
    assertEquals(JSON.parse(json).map(({ id }: { id: string }) => id), ["second"]);
    const { status, stdout: none } = await called("list", "--store", store, "--scenario", "other");
    assertEquals([status, none], [0, "nothing of what is saved is of these\n"]);
  }));

Deno.test("history list lets no name steer the terminal or break its line", () =>
  withStore(async (path) => {
    {
      using store = Store.open(path, { write: true });
      const { scenario, ...result } = exampleResult();
      store.save({ ...result, id: "odd", scenario: { ...scenario, name: "a\n\x1b[31m\u202eb" } });
    }
    const { stdout } = await called("list", "--store", path);
    assert(stdout.includes("  a [31m b\n"), stdout);
    assertEquals(stdout.trim().split("\n").length, 3);
  }));

Deno.test("history show prints one result in any format", () =>
  withStore(async (store) => {
    const { stdout } = await called("show", "fi", "--store", store, "--json");
    assertEquals(JSON.parse(stdout).id, "first");
    assertStringIncludes(
      (await called("show", "first", "--store", store)).stdout,
      "1 backend-atomic",
    );
  }));

Deno.test("history rm removes all that were named, or none", () =>
  withStore(async (store) => {
    const { status } = await called("rm", "first", "nowhere", "--store", store);
    assertEquals(status, 2);
    assertEquals((await called("rm", "first", "second", "--store", store)).stdout, "2 removed\n");
    assertEquals((await called("list", "--store", store)).stdout, "nothing is saved yet\n");
  }));

Deno.test("history export and import carry all results over, and import again changes nothing", () =>
  withStore(async (store, folder) => {
    const { stdout } = await called("export", "--store", store);
    Deno.writeTextFileSync(`${folder}/all.ndjson`, stdout);
    const other = `${folder}/other.db`;
    const run = () => called("import", `${folder}/all.ndjson`, "--store", other, "--json");
    assertEquals(JSON.parse((await run()).stdout), { imported: 2, known: 0 });
    assertEquals(JSON.parse((await run()).stdout), { imported: 0, known: 2 });
    assertEquals((await called("export", "--store", other)).stdout, stdout);
  }));

Deno.test("history refuses bad usage and bad input in one sentence, with status 2", () =>
  withStore(async (store, folder) => {
    Deno.writeTextFileSync(`${folder}/bad.ndjson`, '{"schema":1}\n');
    const refusals: readonly (readonly [string[], string])[] = [
      [[], "history: no command: the commands are list, show, changes, rm, export, import"],
      [["lst"], "unknown command 'lst' (did you mean list?): the commands are list, show"],
      [["list", "--limit", "0", "--store", store], '--limit: "0" is not allowed: give an integer'],
      [["show", "third", "--store", store], 'there is no result "third": see history list'],
      [["list", "--store", `${folder}/none.db`], "none.db: there is no store: save a result first"],
      [["import", `${folder}/bad.ndjson`, "--store", store], "bad.ndjson: schema: found 1, not"],
      [["import", `${folder}/none`, "--store", store], "none: this file cannot be read"],
      [["list", "--store", `${folder}/bad.ndjson`], "bad.ndjson: it is no store: give another"],
      [["list", "--store", folder], ": this is a folder: give a file"],
    ];
    for (const [args, sentence] of refusals) {
      const { status, stderr } = await called(...args);
      assertStringIncludes(stderr, sentence);
      assert(status === 2 && !stderr.includes(" at "), stderr);
    }
  }));

/** Runs a test on a store with a history whose throughput falls by a tenth with `r20`, and another branch's results. */
async function withHistory(test: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/history.db`;
  const throughput = (index: number) => index < 20 ? 1 : 0.9;
  const named = exampleHistory({ results: 40, throughput }).map((result, index) => {
    const revision = `${index % 2 === 0 ? "abcdef" : "fedcba"}${
      index.toString(16).padStart(2, "0")
    }`;
    return { ...result, environment: { ...result.environment, revision } };
  });
  try {
    {
      using store = Store.open(path, { write: true });
      store.saveAll(named);
    }
    await test(path, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("history changes names the revision with which a change began", () =>
  withHistory(async (store) => {
    const { status, stdout } = await called("changes", "--store", store);
    assertEquals(status, 0);
    const line = stdout.split("\n").find((each) => each.startsWith("throughput"))!;
    assert(/^throughput +abcdef14 +(\S+ \.\. \S+ +)?step .* -\d+\.\d% +slower$/.test(line), line);
    const { stdout: json } = await called("changes", "--store", store, "--json");
    const { schema, points, rows: [{ changes: [{ began }] }] } = JSON.parse(json);
    assertEquals(schema, "mempool-bench/changes@1");
    assertEquals(points[began].revision, "abcdef14");
    const { stdout: markdown } = await called("changes", "--store", store, "--format", "markdown");
    assertStringIncludes(markdown, "| throughput | abcdef14 |");
  }));

Deno.test("history changes follows the commits that it is given, in their order", () =>
  withHistory(async (store, folder) => {
    const commits = Array.from({ length: 20 }, (_, i) => (2 * i).toString(16).padStart(2, "0"));
    const lines = commits.map((commit) => `abcdef${commit} a subject\n`);
    Deno.writeTextFileSync(`${folder}/branch.txt`, lines.toReversed().join(""));
    const args = [
      "--store",
      store,
      "--revisions",
      `${folder}/branch.txt`,
      "--metric",
      "throughput",
    ];
    const { points, rows: [row] } = JSON.parse((await called("changes", ...args, "--json")).stdout);
    assertEquals(points.length, 20);
    assertEquals(points[0].revision, "abcdef26");
    assertEquals(row.changes[0].verdict, "faster");
  }));

Deno.test("history changes cannot tell from few results, and says so", () =>
  withHistory(async (store) => {
    const { status, stdout } = await called("changes", "--store", store, "--limit", "4");
    assertEquals(status, 0);
    assert(/cannot tell: 4 results, \d+ needed/.test(stdout), stdout);
  }));

Deno.test("history changes refuses bad usage and bad input in one sentence, with status 2", () =>
  withHistory(async (store, folder) => {
    Deno.writeTextFileSync(`${folder}/branch.txt`, "abcdef0 one\nbeef two\n");
    Deno.writeTextFileSync(`${folder}/none.txt`, "\n");
    Deno.writeTextFileSync(`${folder}/other.txt`, "1234567\n");
    const refusals: readonly (readonly [string[], string])[] = [
      [["--metric", "thruput"], '--metric: there is no measure "thruput": give throughput, '],
      [["--metric", "max"], "--metric max: it has no margin: give --margin max=SHARE as well"],
      [["--scenario", "x"], 'there is no result of the scenario "x": see history list'],
      [["--revisions", `${folder}/branch.txt`], 'branch.txt: line 2: "beef" is no commit: give'],
      [["--revisions", `${folder}/none.txt`], "none.txt: it holds no commit"],
      [["--revisions", `${folder}/no`], "no: this file cannot be read"],
      [["--revisions", `${folder}/other.txt`], "no result with a revision that"],
      [["--limit", "0"], '--limit: "0" is not allowed'],
      [["--confidence", "2"], "--confidence: "],
      [["--confidence", "100%"], "--confidence 100%: give a share between 0% and 100%"],
      [["--margin", "p99"], '--margin "p99": give MEASURE=SHARE'],
      [["--format", "csv"], 'there is no format "csv": give json, markdown or table'],
    ];
    for (const [args, sentence] of refusals) {
      const { status, stderr } = await called("changes", "--store", store, ...args);
      assertStringIncludes(stderr, sentence);
      assert(status === 2 && !stderr.includes(" at "), stderr);
    }
  }));

Deno.test("bench --save keeps what it prints", () =>
  withStore(async (store) => {
    const io = recordedIo();
    const brief = ["--duration", "50ms", "--warmup", "0", "--workers", "1", "--quiet"];
    const status = await main(["bench", ...brief, "--save", "--store", store, "--json"], io);
    assertEquals(status, 0);
    const { id } = JSON.parse(io.stdout());
    assertEquals(JSON.parse((await called("show", id, "--store", store, "--json")).stdout).id, id);
  }));
