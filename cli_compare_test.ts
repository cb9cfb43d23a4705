import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import type { Result } from "./results/result.ts";
import { Store } from "./results/store.ts";
import { exampleResult } from "./results/testdata/example.ts";

async function called(...args: string[]) {
  const io = recordedIo();
  const status = await main(["compare", ...args], io);
  return { status, stdout: io.stdout(), stderr: io.stderr() };
}

/** A result at some share of the example's speed. */
function at(speed: number, changes: Partial<Result> = {}): Result {
  const result = exampleResult({ repeats: 6, warnings: [] });
  const runs = result.runs.map((run) => ({ ...run, allocsPerSecond: run.allocsPerSecond * speed }));
  return { ...result, runs, ...changes };
}

/** Runs a test in a folder with `base.json`, `same.json`, `slow.json`, and `other.json` of another machine. */
async function withFiles(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const write = (name: string, result: Result) =>
    Deno.writeTextFileSync(`${folder}/${name}.json`, JSON.stringify(result));
  write("base", at(1));
  write("same", at(1));
  write("slow", at(0.5));
  const { environment } = at(1);
  write("other", at(0.5, { environment: { ...environment, cpu: "another" } }));
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("compare prints a row for each measure, and ends with 0 unless it is a gate", () =>
  withFiles(async (folder) => {
    const { status, stdout } = await called(`${folder}/base.json`, `${folder}/slow.json`);
    assertEquals(status, 0);
    assertStringIncludes(stdout, "throughput");
    assertStringIncludes(stdout, "slower: 1 slower");
  }));

Deno.test("compare --gate ends with 1 on slower alone", () =>
  withFiles(async (folder) => {
    const gate = (head: string) =>
      called(`${folder}/base.json`, `${folder}/${head}.json`, "--gate");
    assertEquals((await gate("same")).status, 0);
    const { status, stdout, stderr } = await gate("slow");
    assertEquals([status, stderr], [1, "error: slower: canonical\n"]);
    assertStringIncludes(stdout, "throughput");
  }));

Deno.test("compare --gate stands on different machines only if told so", () =>
  withFiles(async (folder) => {
    const args = [`${folder}/base.json`, `${folder}/other.json`, "--gate"];
    const { status, stderr } = await called(...args);
    assertEquals(status, 2);
    assertStringIncludes(stderr, "canonical: the results are of different machines, so no gate");
    assertEquals((await called(...args, "--anyway")).status, 1);
  }));

Deno.test("compare takes margins and a confidence of one's own", () =>
  withFiles(async (folder) => {
    const files = [`${folder}/base.json`, `${folder}/slow.json`];
    const { stdout } = await called(...files, "--margin", "throughput=60%", "--json");
    const { rows, confidence } = JSON.parse(stdout);
    assertEquals([rows[0].measure, rows[0].margin, confidence], ["throughput", 0.6, 0.95]);
    assert(rows[0].verdict !== "slower");
  }));

Deno.test("compare finds saved results by id and by revision", () =>
  withFiles(async (folder) => {
    const path = `${folder}/history.db`;
    const { environment } = at(1);
    {
      using store = Store.open(path, { write: true });
      store.save(at(1, { id: "before", environment: { ...environment, revision: "abcdef0" } }));
      store.save(at(0.5, { id: "after", environment: { ...environment, revision: "1234567" } }));
    }
    for (const names of [["before", "after"], ["abcd", "12345"]]) {
      const { stdout } = await called(...names, "--store", path, "--json");
      assertEquals(JSON.parse(stdout).head.ids, ["after"]);
    }
    const { status, stderr } = await called("before", "nothing", "--store", path);
    assertEquals(status, 2);
    assertStringIncludes(stderr, '"nothing" is no file, no id and no revision of a saved result');
  }));

Deno.test("compare refuses the beginning of several revisions, whose results are of different code", () =>
  withFiles(async (folder) => {
    const path = `${folder}/history.db`;
    const { environment } = at(1);
    {
      using store = Store.open(path, { write: true });
      for (const revision of ["abcd1111", "abcd2222", "abcd11113"]) {
        store.save(at(1, { id: `of ${revision}`, environment: { ...environment, revision } }));
      }
    }
    const { status, stderr } = await called("abcd", "abcd2222", "--store", path);
    assertEquals(status, 2);
    assertStringIncludes(stderr, '"abcd" begins several revisions, such as abcd1111 and abcd11113');
    // Whole, it is that one, though another begins with it.
    const { stdout } = await called("abcd2", "abcd1111", "--store", path, "--json");
    assertEquals(JSON.parse(stdout).head.ids, ["of abcd1111"]);
    assertEquals((await called("abcd1111", "abcd2", "--store", path)).status, 0);
  }));

Deno.test("compare counts a result once, however often it is in a file", () =>
  withFiles(async (folder) => {
    const again = JSON.stringify([at(1), at(1), at(1, { id: "another" })]);
    Deno.writeTextFileSync(`${folder}/again.json`, again);
    const { stdout } = await called(`${folder}/base.json`, `${folder}/again.json`, "--json");
    const { base, head } = JSON.parse(stdout);
    assertEquals([base.repeats, head.repeats], [6, 12]);
  }));

Deno.test("compare goes scenario by scenario, and refuses sides that have none in common", () =>
  withFiles(async (folder) => {
    const { scenario } = at(1);
    const named = (name: string) => at(1, { scenario: { ...scenario, name } });
    const write = (file: string, names: string[]) =>
      Deno.writeTextFileSync(`${folder}/${file}`, JSON.stringify(names.map(named)));
    write("ab.json", ["a", "b"]);
    write("bc.json", ["b", "c"]);
    write("d.json", ["d"]);
    const { stdout } = await called(`${folder}/ab.json`, `${folder}/bc.json`, "--json");
    assertEquals(JSON.parse(stdout).scenario, "b");
    const { status, stderr } = await called(`${folder}/ab.json`, `${folder}/d.json`);
    assertEquals(status, 2);
    assertStringIncludes(stderr, "no scenario in common");
  }));

Deno.test("compare prints a comparison that it has printed in another format, the same as at once", () =>
  withFiles(async (folder) => {
    const files = [`${folder}/base.json`, `${folder}/slow.json`];
    const printed = `${folder}/comparison.json`;
    Deno.writeTextFileSync(printed, (await called(...files, "--json")).stdout);
    for (const format of ["table", "markdown", "junit", "json"]) {
      const { stdout } = await called(...files, "--format", format);
      const again = await called(printed, "--format", format);
      assertEquals([again.status, again.stdout], [0, stdout]);
    }
    const [first] = JSON.parse(Deno.readTextFileSync(printed)).rows;
    const later = { ...JSON.parse(Deno.readTextFileSync(printed)), rows: [{ ...first, later: 1 }] };
    Deno.writeTextFileSync(printed, JSON.stringify(later));
    assertEquals(JSON.parse((await called(printed, "--json")).stdout), later);
  }));

Deno.test("compare refuses bad usage and bad input in one sentence, with status 2", () =>
  withFiles(async (folder) => {
    const base = `${folder}/base.json`;
    Deno.writeTextFileSync(`${folder}/bad.json`, '{"schema": 1}');
    const refusals: readonly (readonly [string[], string])[] = [
      [[], "missing required argument 'base'"],
      [[base], "base.json: it is one result, and there is no other: give two results, or one"],
      [[`${folder}/bad.json`], "bad.json: schema: found 1, not"],
      [["nowhere.json"], "nowhere.json: there is no such file: give two results"],
      [[`${folder}/base.json`, "--gate"], "compare: of what: --gate takes two results"],
      [[base, `${folder}/bad.json`], "bad.json: schema: found 1, not"],
      [[base, base, "--margin", "p99"], '--margin "p99": give MEASURE=SHARE, such as p99=5%'],
      [
        [base, base, "--margin", "p98=1%"],
        'there is no measure "p98": give throughput, cpu, cpu-alone, rate',
      ],
      [[base, base, "--margin", "p99=x"], '--margin p99: "x" is not'],
      [[base, base, "--confidence", "2"], "--confidence: "],
      [[base, base, "--confidence", "100%"], "--confidence 100%: give a share between 0% and"],
      [[base, base, "--confidence", "0"], "--confidence 0: give a share between 0% and 100%"],
      [[base, base, "--format", "csv"], 'there is no format "csv": give json, junit, markdown'],
      [[base, folder], "this file cannot be read"],
    ];
    for (const [args, sentence] of refusals) {
      const { status, stderr } = await called(...args);
      assertStringIncludes(stderr, sentence);
      assertEquals(status, 2);
    }
  }));
