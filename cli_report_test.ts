import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import { exampleResult } from "./results/testdata/example.ts";

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

Deno.test("report refuses what is no result, and other formats than a page", async () => {
  const { status, stderr } = await called("no-such-result", "--store", "/nowhere/history.db");
  assertEquals(status, 2);
  assertStringIncludes(
    stderr,
    '"no-such-result" is no file: /nowhere/history.db: there is no store',
  );
  assertStringIncludes((await called("x", "--json")).stderr, "report: it is a page");
});
