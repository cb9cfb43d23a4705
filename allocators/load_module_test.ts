import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ATOMIC, BLOCKING, NONE } from "./allocator.ts";
import { LoadError } from "./load_error.ts";
import { loadModule } from "./load_module.ts";
import { FREE_LIST, withModule } from "./testing/module_file.ts";

const OPTIONS = { objectBytes: 64 };

/** What follows on the path in the sentence with which a module is refused. */
function refusal(text: string | Uint8Array, limitMs?: number): Promise<string> {
  return withModule(text, async (path) => {
    const { message } = await assertRejects(() => loadModule(path, OPTIONS, limitMs), LoadError);
    assert(message.startsWith(`${path}: `), message);
    assert(!message.includes("\n"), message);
    return message.slice(path.length + 2).replaceAll(path, "PATH");
  });
}

/** A module whose allocator has these members. */
function having(members: string): string {
  return `export default (options) => ({ allocate: () => 1, free() {}, ${members} });`;
}

const MODULE = "give a module whose default export is a function createAllocator(options)";
const ALLOCATOR = "give an object with allocate(context) and free(handle)";
const HANDLES = "give an integer from 1 to 1048576";
const SERVES = "give an allocator that serves a first caller";

const REFUSALS: readonly (readonly [what: string, text: string, sentence: string])[] = [
  ["is empty", "", `it has no default export: ${MODULE}`],
  ["exports by a name only", "export const a = 1", `it has no default export: ${MODULE}`],
  ["exports a number", "export default 5", `its default export is 5: ${MODULE}`],
  ["exports null", "export default null", `its default export is null: ${MODULE}`],
  ["exports an object", "export default {}", `its default export is an object: ${MODULE}`],
  ["exports a text", 'export default "x"', `its default export is "x": ${MODULE}`],
  [
    "gives nothing",
    "export default () => {}",
    `createAllocator() gives undefined: ${ALLOCATOR}`,
  ],
  [
    "gives null after a while",
    "export default async () => null",
    `createAllocator() gives null: ${ALLOCATOR}`,
  ],
  [
    "gives a function",
    "export default () => () => 1",
    `createAllocator() gives a function: ${ALLOCATOR}`,
  ],
  [
    "cannot allocate",
    "export default () => ({ free() {} })",
    `createAllocator() gives an object without allocate(): ${ALLOCATOR}`,
  ],
  [
    "cannot free",
    "export default () => ({ allocate: () => 1, free: 1 })",
    `createAllocator() gives an object without free(): ${ALLOCATOR}`,
  ],
  [
    "throws when called",
    "export default () => {\n  throw new Error('no memory');\n}",
    `createAllocator() throws (no memory, at file://PATH:2:9): ${ALLOCATOR}`,
  ],
  [
    "rejects",
    "export default () => Promise.reject('no memory')",
    `createAllocator() throws ("no memory"): ${ALLOCATOR}`,
  ],
  ...[
    ["0", "0"],
    ["undefined", "undefined"],
    ["NaN", "NaN"],
    ["-1", "-1"],
    ["0.5", "0.5"],
    ["1.5", "1.5"],
    ["2 ** 20 + 1", "1048577"],
    ["Infinity", "Infinity"],
    ["'1'", '"1"'],
    ["true", "true"],
    ["1n", "1n"],
    ["{}", "an object"],
    ["[1]", "an object"],
    ["Promise.resolve(1)", "a promise"],
  ].map(([value, shown]) =>
    [
      `allocates ${value}`,
      having(`allocate: () => (${value})`),
      `its first allocate(1) gives ${shown}: ${HANDLES}`,
    ] as const
  ),
  [
    "throws when it allocates",
    having("allocate() { throw new TypeError('full'); }"),
    `allocate(1) throws (full, at file://PATH:1:81): ${SERVES}`,
  ],
  [
    "throws when it frees",
    having("free() { throw {}; }"),
    `free(1) throws (an object): ${SERVES}`,
  ],
  [
    "gives too few bytes",
    having("bytes: () => new Uint8Array(63)"),
    "bytes(1) gives 63 bytes: give a Uint8Array of 64 bytes",
  ],
  [
    "gives no bytes",
    having("bytes: () => new ArrayBuffer(64)"),
    "bytes(1) gives an object: give a Uint8Array of 64 bytes",
  ],
  [
    "has bytes that cannot be called",
    having("bytes: 64"),
    "bytes(1) throws (allocator.bytes is not a function): give an allocator that serves a first caller",
  ],
  [
    "throws while it is loaded",
    "throw new Error('boom\\nsecond line')",
    `this module cannot be loaded (boom, at file://PATH:1:7): ${MODULE}`,
  ],
  [
    "throws an error without a message",
    "throw new RangeError()",
    `this module cannot be loaded (RangeError, at file://PATH:1:7): ${MODULE}`,
  ],
  ["throws null", "throw null", `this module cannot be loaded (null): ${MODULE}`],
  [
    "throws what cannot be a text",
    "throw Object.create(null)",
    `this module cannot be loaded (an object): ${MODULE}`,
  ],
  [
    "reads a file that is not there",
    "Deno.readTextFileSync('nowhere')",
    "this module cannot be loaded (No such file or directory (os error 2): readfile 'nowhere', " +
    `at file://PATH:1:6): ${MODULE}`,
  ],
  [
    "imports what is not there",
    'import "./nowhere.ts"; export default 1;',
    'this module cannot be loaded (Module not found "file://FOLDER/nowhere.ts", ' +
    `at file://PATH:1:8): ${MODULE}`,
  ],
  [
    "imports a name that is not exported",
    'import { x } from "./own.ts"; export default x;',
    "this module cannot be loaded (The requested module './own.ts' does not provide an export named 'x' " +
    `at file://PATH:1:10): ${MODULE}`,
  ],
];

for (const [what, text, sentence] of REFUSALS) {
  Deno.test(`loadModule() refuses a module that ${what}`, async () => {
    const said = await refusal(text);
    assertEquals(said.replace(/(?<=")file:\S+(?=\/nowhere)/, "file://FOLDER"), sentence);
  });
}

Deno.test("loadModule() refuses what does not compile, with the place", async () => {
  assertMatch(
    await refusal("export default function ( { return 1 }"),
    /^this module cannot be loaded \(SyntaxError: .+, at file:\/\/PATH:1:\d+\): give a module /,
  );
  assertMatch(
    await refusal(new Uint8Array([0, 255, 254, 128])),
    /^this module cannot be loaded \(.+\): give a module /,
  );
});

Deno.test("loadModule() cuts what a module says at length", async () => {
  const said = await refusal("throw new Error('x'.repeat(10_000))");
  assertMatch(said, /^this module cannot be loaded \(x{200}, at file:\/\/PATH:1:7\): /);
});

Deno.test("loadModule() refuses paths that lead to no file", async () => {
  const folder = await Deno.makeTempDir();
  const sentence = async (path: string) =>
    (await assertRejects(() => loadModule(path, OPTIONS), LoadError)).message;
  try {
    assertEquals(
      await sentence(`${folder}/nowhere.ts`),
      `${folder}/nowhere.ts: there is no such file: ${MODULE}`,
    );
    assertEquals(await sentence(folder), `${folder}: this is not a file: ${MODULE}`);
    assertEquals(
      await sentence(`file://${folder}/nowhere.ts`),
      `file://${folder}/nowhere.ts: there is no such file: ${MODULE}`,
    );
    assertMatch(await sentence("file://["), /^file:\/\/\[: this file cannot be read \(.+\): give/);
    assertMatch(await sentence(`${folder}/\0`), /: this file cannot be read \(.+\): give/);
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("loadModule() refuses a module that is not ready in time", async () => {
  const sentence = `this module is not ready after 0.02 s: ${MODULE}`;
  assertEquals(await refusal("export default () => new Promise(() => {})", 20), sentence);
});

Deno.test("loadModule() gives an allocator of which nothing is out, whether it was promised or not", async () => {
  for (const how of ["", "async"]) {
    const text = `export default ${how} ({ objectBytes }) => {
      const free = [1];
      return {
        asked: objectBytes,
        contexts: [],
        allocate(context) { this.contexts.push(context); return free.pop() ?? 0; },
        free(handle) { free.push(handle); },
      };
    }`;
    await withModule(text, async (path) => {
      const allocator = await loadModule(path, OPTIONS);
      assertEquals(Reflect.get(allocator, "asked"), 64);
      assertEquals([allocator.allocate(ATOMIC), allocator.allocate(ATOMIC)], [1, NONE]);
      assertEquals(Reflect.get(allocator, "contexts"), [BLOCKING, ATOMIC, ATOMIC]);
    });
  }
});

Deno.test("loadModule() takes the first and the last handle that are allowed", async () => {
  for (const handle of [1, 2 ** 20]) {
    const allocate = (path: string) => loadModule(path, OPTIONS);
    const allocator = await withModule(having(`allocate: () => ${handle}`), allocate);
    assertEquals(allocator.allocate(ATOMIC), handle);
  }
});

Deno.test("loadModule() makes an allocator at each call, by path or by URL", async () => {
  const path = new URL(FREE_LIST).pathname;
  const [one, other] = [await loadModule(FREE_LIST, OPTIONS), await loadModule(path, OPTIONS)];
  assertEquals([one.allocate(ATOMIC), other.allocate(ATOMIC)], [1, 1]);
  assert(one.bytes!(1) !== other.bytes!(1));
});
