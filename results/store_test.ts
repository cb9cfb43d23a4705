import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { DatabaseSync } from "node:sqlite";
import type { Result } from "./result.ts";
import { MIGRATIONS, Store, StoreError } from "./store.ts";
import { exampleResult } from "./testdata/example.ts";

function resultOf(id: string, changes: Partial<Result> = {}): Result {
  return { ...exampleResult(), id, ...changes };
}

/** Runs a test on a file of its own. */
async function withFile(test: (path: string) => void | Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await test(`${folder}/history.db`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function saved(path: string): Store {
  return Store.open(path, { write: true });
}

Deno.test("Store gives back what was saved, whole", () =>
  withFile((path) => {
    const result = JSON.parse(JSON.stringify(exampleResult({ repeats: 3 })));
    {
      using store = saved(path);
      assert(store.save(result));
      assert(!store.save({ ...result, partial: true }));
    }
    using store = Store.open(path, { write: false });
    assertEquals(store.get(result.id), result);
    assertEquals(store.get(result.id.slice(0, 9)), result);
  }));

Deno.test("Store.list() takes the newest, oldest first, of a scenario or a revision", () =>
  withFile((path) => {
    using store = saved(path);
    for (let day = 1; day <= 4; day++) {
      const { environment, scenario } = exampleResult();
      store.save(resultOf(`r${day}`, {
        startedAt: `2026-01-0${5 - day}T00:00:00Z`,
        environment: { ...environment, revision: day > 2 ? "abc1" : null },
        scenario: { ...scenario, name: day === 4 ? "other" : "canonical" },
      }));
    }
    const ids = (filter: Parameters<Store["list"]>[0]) => store.list(filter).map(({ id }) => id);
    assertEquals(ids({}), ["r4", "r3", "r2", "r1"]);
    assertEquals(ids({ limit: 2 }), ["r2", "r1"]);
    assertEquals(ids({ scenario: "canonical" }), ["r3", "r2", "r1"]);
    assertEquals(ids({ revision: "ab" }), ["r4", "r3"]);
    assertEquals([...store.all({ limit: 1 })].map(({ id }) => id), ["r1"]);
  }));

Deno.test("Store.get() refuses the beginning of several ids, but not one of them", () =>
  withFile((path) => {
    using store = saved(path);
    for (const id of ["a", "ab", "b"]) store.save(resultOf(id));
    assertEquals(store.get("a")?.id, "a");
    assertEquals([store.get("c"), store.get("")], [null, null]);
    for (const id of ["xy1", "xy2"]) store.save(resultOf(id));
    assertThrows(() => store.get("x"), StoreError, '"x" begins several ids, such as xy1 and xy2');
  }));

Deno.test("Store.remove() takes a whole id", () =>
  withFile((path) => {
    using store = saved(path);
    store.save(resultOf("ab"));
    assertEquals([store.remove("a"), store.remove("ab"), store.remove("ab")], [false, true, false]);
  }));

Deno.test("Store.saveAll() saves all or none", () =>
  withFile((path) => {
    using store = saved(path);
    const broken = { ...resultOf("b"), startedAt: undefined } as unknown as Result;
    assertThrows(() => store.saveAll([resultOf("a"), broken]));
    assertEquals(store.list(), []);
    assertEquals(store.saveAll([resultOf("a"), resultOf("a"), resultOf("b")]), 2);
  }));

Deno.test("Store.open() brings each older schema up to date and keeps what is in it", async () => {
  for (let version = 1; version < MIGRATIONS.length; version++) {
    await withFile((path) => {
      const result = resultOf("old");
      {
        using store = saved(path);
        store.save(result);
      }
      downgrade(path, version);
      {
        using read = Store.open(path, { write: false });
        assertEquals(read.list().map(({ id }) => id), ["old"]);
      }
      downgrade(path, version);
      using store = saved(path);
      assertEquals(store.get("old")?.id, "old");
      assert(store.save(resultOf("new")));
    });
  }
});

/** The file as an older version would have left it. */
function downgrade(path: string, version: number): void {
  const [row, ...rest] = rowsOf(path);
  assertEquals(rest, []);
  Deno.removeSync(path);
  const database = new DatabaseSync(path);
  for (const step of MIGRATIONS.slice(0, version)) database.exec(step);
  const keys = Object.keys(row!);
  database.prepare(
    `INSERT INTO results (${keys.join()}) VALUES (${keys.map(() => "?").join()})`,
  ).run(...Object.values(row!) as string[]);
  database.exec(`PRAGMA application_id = 1836084322; PRAGMA user_version = ${version}`);
  database.close();
}

function rowsOf(path: string): Record<string, unknown>[] {
  const database = new DatabaseSync(path);
  try {
    return database.prepare("SELECT * FROM results").all();
  } finally {
    database.close();
  }
}

Deno.test("Store.open() refuses a newer schema, and writes nothing to it", () =>
  withFile((path) => {
    saved(path)[Symbol.dispose]();
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    assertThrows(() => saved(path), StoreError, "a newer version made it");
  }));

Deno.test("Store.open() refuses what is no store, and leaves it as it was", () =>
  withFile((path) => {
    assertThrows(() => Store.open(path, { write: false }), StoreError, "there is no store");
    Deno.writeTextFileSync(path, "not a database at all, but longer than its header would be");
    assertThrows(() => saved(path), StoreError, "it is no store: give another file");
    assert(Deno.readTextFileSync(path).startsWith("not a database"));
    Deno.removeSync(path);
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE theirs (x)");
    other.close();
    const before = Deno.readFileSync(path);
    assertThrows(() => saved(path), StoreError, "a database of something else");
    assertEquals(Deno.readFileSync(path), before);
  }));

Deno.test("Store.open() does not call a file that is there and cannot be opened none", () =>
  withFile((path) => {
    saved(path)[Symbol.dispose]();
    // Where SQLite cannot make its file beside it, as in a folder that is only to be read.
    Deno.mkdirSync(`${path}-wal`);
    const { message } = assertThrows(() => Store.open(path, { write: false }), StoreError);
    assert(message.startsWith(`${path}: it cannot be opened: copy it to a folder`), message);
  }));

Deno.test("Store says so where the file is damaged, and overwrites nothing", () =>
  withFile((path) => {
    {
      using store = saved(path);
      for (let index = 0; index < 40; index++) store.save(resultOf(`r${index}`));
    }
    const bytes = Deno.readFileSync(path);
    bytes.fill(0x55, 4096);
    Deno.writeFileSync(path, bytes);
    assertThrows(
      () => {
        using store = saved(path);
        store.save(resultOf("new"));
        [...store.all()];
      },
      StoreError,
      path,
    );
    assertEquals(Deno.readFileSync(path).subarray(4096), bytes.subarray(4096));
  }));

Deno.test("Store says which result is damaged", () =>
  withFile((path) => {
    using store = saved(path);
    store.save({ ...resultOf("bad"), runs: [{}] } as unknown as Result);
    assertThrows(
      () => store.get("bad"),
      StoreError,
      "result bad is damaged: runs.0.repeat: it is missing",
    );
  }));

const WRITER = new URL("testing/store_writer.ts", import.meta.url).pathname;

/** A process that saves results without end, each named by its prefix and a number, and says so on stdout. */
function writer(path: string, prefix: string, wrap: readonly string[] = []): Deno.ChildProcess {
  const call = [Deno.execPath(), "run", "-q", "--no-prompt", "--allow-read", "--allow-write"];
  const [command, ...args] = [...wrap, ...call, WRITER, path, prefix];
  return new Deno.Command(command!, { args, stdout: "piped", stderr: "piped" }).spawn();
}

/** Reads a process's stdout until it has said so many lines. */
async function linesFrom(child: Deno.ChildProcess, count: number): Promise<string[]> {
  const lines: string[] = [];
  let rest = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    lines.push(...parts);
    if (lines.length >= count) break;
  }
  return lines;
}

/** `deno test -P=test results/store_test.ts -- --kills 100` tries more. */
const KILLS = Number(parseArgs(Deno.args, { string: ["kills"] }).kills ?? 3);

Deno.test("Store keeps all that was said to be saved, and nothing in part, when its writer is killed", () =>
  withFile(async (path) => {
    for (let kill = 0; kill < KILLS; kill++) {
      const child = writer(path, `k${kill}-`);
      const said = await linesFrom(child, 1 + kill % 7);
      child.kill("SIGKILL");
      await Promise.all([child.status, child.stderr.cancel()]);
      using store = saved(path);
      for (const id of said) assertEquals(store.get(id)?.id, id);
      for (const result of store.all()) assertEquals(result.runs.length, 1);
    }
  }));

Deno.test("Store takes two writers at once", () =>
  withFile(async (path) => {
    const children = ["a-", "b-"].map((prefix) => writer(path, prefix));
    const said = await Promise.all(children.map((child) => linesFrom(child, 20)));
    for (const [index, child] of children.entries()) {
      // Who gave up has ended, and has said why.
      if (said[index]!.length < 20) assertEquals(await new Response(child.stderr).text(), "");
      child.kill("SIGKILL");
    }
    await Promise.all(children.flatMap((child) => [child.status, child.stderr.cancel()]));
    using store = saved(path);
    for (const id of said.flat()) assertEquals(store.get(id)?.id, id);
  }));

Deno.test("Store waits for another that makes it: SQLite itself refuses at once there", () =>
  withFile(async (path) => {
    const maker = new Worker(
      `data:text/javascript,${
        encodeURIComponent(`
          import { DatabaseSync } from "node:sqlite";
          const database = new DatabaseSync(${JSON.stringify(path)});
          database.exec("BEGIN IMMEDIATE");
          postMessage("begun");
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
          database.exec("ROLLBACK");
          database.close();
          close();
        `)
      }`,
      { type: "module" },
    );
    await new Promise((begun) => maker.onmessage = begun);
    using store = saved(path);
    assert(store.save(resultOf("after")));
    maker.terminate();
  }));

Deno.test("Store says so where no more can be written, and keeps what was there", () =>
  withFile(async (path) => {
    {
      using store = saved(path);
      store.save(resultOf("first"));
    }
    // A limit on the size of files, whose signal is ignored, so that writing fails as on a full disk.
    const shell = ["sh", "-c", 'trap "" XFSZ; ulimit -f 200; exec "$0" "$@"'];
    const { stderr } = await writer(path, "n-", shell).output();
    const text = new TextDecoder().decode(stderr);
    assert(/history\.db: the disk (is full|fails): nothing was changed/.test(text), text);
    using store = saved(path);
    assertEquals(store.get("first")?.id, "first");
    for (const result of store.all()) assertEquals(result.runs.length, 1);
  }));
