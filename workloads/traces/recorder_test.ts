import { assert, assertEquals, assertGreater } from "@std/assert";
import { openRecorder, recordCalls, recordPool } from "./recorder.ts";
import { readWhole, type WholeTrace } from "./made_up.ts";

const RECORDER = new URL("./recorder.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const EVENTS = 5000;

/** Uses a folder of its own for as long as `use` takes. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function readBack(path: string): Promise<WholeTrace> {
  return await readWhole(await Deno.readFile(path));
}

Deno.test("openRecorder() writes a trace that reads back as it was", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.csv`;
    const recorder = openRecorder(path, { worker: "io,1" });
    recorder.allocated(7, 4096);
    recorder.allocated("a b", 2 ** 40);
    recorder.resized(7, 8192);
    recorder.freed(2 ** 53 - 1);
    recorder.freed("a b");
    recorder.close();
    recorder.freed(7);
    const { format, notes, events } = await readBack(path);
    assertEquals(format, "native-csv");
    assert(notes.timed && notes.resolutionNs !== null);
    assertEquals(events.map(({ op, id, sizeBytes, worker }) => [op, id, sizeBytes, worker]), [
      ["a", "7", 4096, "io_1"],
      ["a", "a_b", 2 ** 40, "io_1"],
      ["r", "7", 8192, "io_1"],
      ["f", "9007199254740991", 0, "io_1"],
      ["f", "a_b", 0, "io_1"],
    ]);
    const times = events.map(({ timeNs }) => timeNs);
    assertEquals(times, times.toSorted((a, b) => a - b));
    assert(times[0]! >= 0 && times[0]! < 60e9, `${times[0]}`);
  });
});

Deno.test("openRecorder() writes any number as it is", async () => {
  const ids = [0, 1, 9, 10, 99, 999_999_999, 1e9, 1e9 + 7, 123_456_789_012, 1e15, 2 ** 53 - 1];
  await inFolder(async (folder) => {
    {
      using recorder = openRecorder(`${folder}/a.csv`);
      ids.forEach((id) => recorder.allocated(id, id));
    }
    const { events } = await readBack(`${folder}/a.csv`);
    // An id of 0 is one like any other.
    assertEquals(events.map(({ id }) => id), ids.map(String));
    assertEquals(events.map(({ sizeBytes }) => sizeBytes), ids);
  });
});

Deno.test("openRecorder() with append lets several record into one file, from one origin", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.csv`;
    const originMs = performance.timeOrigin;
    const one = openRecorder(path, { originMs, worker: "one" });
    const other = openRecorder(path, { originMs, worker: "other", append: true });
    for (let i = 0; i < EVENTS; i++) {
      one.allocated(i, 1);
      other.freed(i);
    }
    one.close();
    other.close();
    const text = await Deno.readTextFile(path);
    assertEquals(text.split("t_ns").length, 2, "one header");
    const { events, notes } = await readBack(path);
    assertEquals([events.length, notes.foreignLines], [2 * EVENTS, 0]);
  });
});

Deno.test("recordPool() notes what a pool gives and takes, and not what it does not give", async () => {
  await inFolder(async (folder) => {
    const recorder = openRecorder(`${folder}/a.csv`);
    const handles = [3];
    const pool = recordPool(recorder, {
      elementBytes: 256,
      allocate: () => handles.pop() ?? 0,
      free: (handle) => void handles.push(handle),
    });
    assertEquals([pool.allocate(0), pool.allocate(0), pool.elementBytes], [3, 0, 256]);
    pool.free(3);
    recorder.close();
    const { events } = await readBack(`${folder}/a.csv`);
    assertEquals(events.map(({ op, id, sizeBytes }) => [op, id, sizeBytes]), [
      ["a", "3", 256],
      ["f", "3", 0],
    ]);
  });
});

Deno.test("recordCalls() numbers objects, each always alike", async () => {
  await inFolder(async (folder) => {
    const recorder = openRecorder(`${folder}/a.csv`);
    const buffers = [new Uint8Array(64), new Uint8Array(32)];
    const { acquire, release } = recordCalls(recorder, {
      acquire: (which: number) => buffers[which]!,
      release: (_: Uint8Array) => {},
      sizeBytes: ({ byteLength }: Uint8Array) => byteLength,
    });
    acquire(0);
    release(acquire(1));
    release(acquire(0));
    recorder.close();
    const { events } = await readBack(`${folder}/a.csv`);
    assertEquals(events.map(({ op, id, sizeBytes }) => `${op}${id} ${sizeBytes}`), [
      "a1 64",
      "a2 32",
      "f2 0",
      "a1 64",
      "f1 0",
    ]);
  });
});

/** A program that notes so many events and ends in one way or another; it says when it is done. */
function program(recorder: string): string {
  return `import process from "node:process";
import { openRecorder } from ${JSON.stringify(recorder)};
const [path, ending] = process.argv.slice(2);
const recorder = openRecorder(path);
for (let i = 0; i < ${EVENTS}; i++) i % 2 ? recorder.freed(i - 1) : recorder.allocated(i, 64);
console.log("done");
if (ending === "Deno.exit()") Deno.exit(3);
if (ending === "process.exit()") process.exit(3);
if (ending === "an uncaught error") throw new Error("planted");
if (ending === "an unhandled rejection") Promise.reject(new Error("planted"));
if (ending === "SIGTERM") setTimeout(() => {}, 60_000);
`;
}

const ENDINGS: readonly (readonly [ending: string, code: number])[] = [
  ["its natural end", 0],
  ["Deno.exit()", 3],
  ["process.exit()", 3],
  ["an uncaught error", 1],
  ["an unhandled rejection", 1],
  ["SIGTERM", 143],
];

/** Runs a program to its end, with SIGTERM where that is how it ends. @returns its exit status. */
async function endOf(command: Deno.Command, ending: string): Promise<number> {
  const child = command.spawn();
  if (ending === "SIGTERM") {
    const reader = child.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    child.kill("SIGTERM");
  }
  await child.stdout.cancel();
  return (await child.status).code;
}

for (const [ending, code] of ENDINGS) {
  Deno.test(`openRecorder() loses nothing at ${ending}, with no right but to write its file`, async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/a.csv`;
      await Deno.writeTextFile(`${folder}/main.ts`, program(RECORDER.href));
      const rights = [`--allow-write=${path}`];
      const args = ["run", "-q", "--no-check", "--config", CONFIG, ...rights, `${folder}/main.ts`];
      const command = new Deno.Command(Deno.execPath(), {
        args: [...args, path, ending],
        stdout: "piped",
        stderr: "null",
      });
      assertEquals(await endOf(command, ending), code);
      assertEquals((await readBack(path)).events.length, EVENTS);
    });
  });
}

Deno.test("openRecorder() says why it stopped, and lets the program go on", async () => {
  await inFolder(async (folder) => {
    const failing = program(RECORDER.href) + `
recorder.close();
console.log(String(recorder.failure));
`;
    await Deno.writeTextFile(`${folder}/main.ts`, failing);
    const args = ["run", "-q", "--no-check", "--allow-all", "--config", CONFIG];
    // A device that is always full; to write to a device Deno wants all rights.
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [...args, `${folder}/main.ts`, "/dev/full", "its natural end"],
    }).output();
    assertEquals(code, 0);
    assert(/^done\nError: .*(ENOSPC|No space left)/.test(new TextDecoder().decode(stdout)));
  });
});

const hasNode = await new Deno.Command("node", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: "openRecorder() loses nothing in Node either" +
    (hasNode ? "" : ": skipped, there is none here"),
  ignore: !hasNode,
  async fn() {
    await inFolder(async (folder) => {
      const bundle = ["bundle", "-q", "--platform", "deno", "-o", `${folder}/recorder.js`];
      const bundled = await new Deno.Command(Deno.execPath(), {
        args: [...bundle, RECORDER.pathname],
      }).output();
      assert(bundled.success, new TextDecoder().decode(bundled.stderr));
      await Deno.writeTextFile(`${folder}/main.mjs`, program("./recorder.js"));
      for (const [ending, code] of ENDINGS.filter(([name]) => name !== "Deno.exit()")) {
        const path = `${folder}/a.csv`;
        const args = [`${folder}/main.mjs`, path, ending];
        const command = new Deno.Command("node", { args, stdout: "piped", stderr: "null" });
        assertEquals(await endOf(command, ending), code, ending);
        const { events } = await readBack(path);
        assertEquals(events.length, EVENTS, ending);
        assertGreater(events.at(-1)!.timeNs, 0);
      }
    });
  },
});
