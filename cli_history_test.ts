import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { Store } from "./results/store.ts";
import { exampleResult } from "./results/testdata/example.ts";
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
      [[], "history: no command: the commands are list, show, rm, export, import"],
      [["lst"], "unknown command 'lst' (did you mean list?): the commands are list, show"],
      [["list", "--limit", "0", "--store", store], '--limit: "0" is not allowed: give an integer'],
      [["show", "third", "--store", store], 'there is no result "third": see history list'],
      [["list", "--store", `${folder}/none.db`], "none.db: there is no store: save a result first"],
      [["import", `${folder}/bad.ndjson`, "--store", store], "bad.ndjson: schema: found 1, not"],
      [["import", `${folder}/none`, "--store", store], "none: this file cannot be read"],
      [["list", "--store", `${folder}/bad.ndjson`], "bad.ndjson: it is no store: give another"],
    ];
    for (const [args, sentence] of refusals) {
      const { status, stderr } = await called(...args);
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
