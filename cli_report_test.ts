import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import { Store } from "./results/store.ts";
import { exampleResult } from "./results/testdata/example.ts";
import { exampleHistory } from "./results/testdata/example_history.ts";
import { exampleRecommendation, exampleSweep } from "./results/testdata/example_sizing.ts";

async function called(...args: string[]) {
  const io = recordedIo();
  const status = await main(["report", ...args], io);
  return { status, stdout: io.stdout(), stderr: io.stderr(), files: io.files };
}

Deno.test("report writes one page of all results that are named, each once", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const file = `${folder}/result.json`;
    Deno.writeTextFileSync(file, JSON.stringify(exampleResult()));
    const { status, files } = await called(file, file, "--output", "report.html");
    assertEquals(status, 0);
    const page = files.get("report.html")!;
    assert(page.startsWith("<!doctype html>") && page.endsWith("</html>\n"));
    assertEquals(page.match(/<h3>pages<\/h3>/g)?.length, 1);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("report takes results, recommendations and sweeps, from files and from the store", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/history.db`;
    {
      using store = Store.open(path, { write: true });
      store.saveAll(exampleHistory({ results: 3 }));
    }
    const sizing = [exampleSweep(), exampleRecommendation()];
    for (const [index, document] of sizing.entries()) {
      Deno.writeTextFileSync(`${folder}/${index}.json`, JSON.stringify(document));
    }
    const named = [`${folder}/0.json`, "h1", `${folder}/1.json`];
    const sections = (page: string) =>
      Array.from(page.matchAll(/<section id="([a-z]+)-/g), ([, kind]) => kind);
    const { stdout } = await called(...named, "--store", path);
    assertEquals(sections(stdout), ["sweep", "result", "recommendation"]);
    const { stdout: all } = await called("--history", "canonical", "--store", path);
    assertEquals(sections(all), ["history", "result", "result", "result"]);
    const { status, stderr } = await called("--history", "none", "--store", path);
    assertEquals([status, stderr], [
      2,
      'error: --history: there is no result of the scenario "none": see history list\n',
    ]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("report refuses what is no result, and other formats than a page", async () => {
  const { status, stderr } = await called("no-such-result", "--store", "/nowhere/history.db");
  assertEquals(status, 2);
  assertStringIncludes(
    stderr,
    '"no-such-result" is no file: /nowhere/history.db: there is no store',
  );
  assertStringIncludes((await called("x", "--json")).stderr, "report: it is a page");
  const refused = await called();
  assertEquals(refused.status, 2);
  assertStringIncludes(
    refused.stderr,
    "report: of what: give files, ids or revisions, or --history",
  );
  const other = await called("deno.json");
  assertEquals(other.status, 2);
  assertStringIncludes(other.stderr, "deno.json: schema: found none, not one of ours: give what");
});
