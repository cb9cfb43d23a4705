import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { LineReader } from "./lines.ts";
import { withFile } from "./made_up.ts";
import { newNotes, TraceError } from "./trace.ts";

const packed = (text: string) => new Uint8Array(gzipSync(text));
const long = Array.from({ length: 30_000 }, (_, i) => `line ${i} äöü`).join("\n") + "\n";

/** A file's content and its lines. */
const files: Readonly<Record<string, readonly [string | Uint8Array, readonly string[]]>> = {
  "LF": ["a\nb\n", ["a", "b"]],
  "CRLF": ["a\r\nb\r\n", ["a", "b"]],
  "a byte-order mark": ["\ufeffa\nb\n", ["a", "b"]],
  "no final newline": ["a\nb", ["a", "b"]],
  "CRLF, the last cut in two": ["a\r\nb\r", ["a", "b"]],
  "NULs behind the end": ["a\nb\n" + "\0".repeat(100_000), ["a", "b"]],
  "NULs between": ["a\0\0\nb\n", ["a", "b"]],
  "nothing": ["", []],
  "gzip": [packed("a\nb\n"), ["a", "b"]],
  "gzip with a byte-order mark": [packed("\ufeffa\nb\n"), ["a", "b"]],
  "many chunks": [long, long.trimEnd().split("\n")],
  "many chunks of gzip": [packed(long), long.trimEnd().split("\n")],
};

for (const [what, [content, expected]] of Object.entries(files)) {
  Deno.test(`LineReader reads ${what}`, async () => {
    const { lines, notes } = await read(content);
    assertEquals(lines.map((line) => line.text), expected);
    assertEquals(lines.map((line) => line.number), expected.map((_, i) => i + 1));
    assertEquals(notes.warnings, []);
  });
}

Deno.test("LineReader leaves out empty lines, and counts them", async () => {
  const { lines } = await read("a\n\n\r\nb\n");
  assertEquals(lines.map(({ text, number }) => `${number} ${text}`), ["1 a", "4 b"]);
});

Deno.test("LineReader.unterminated tells the last line without a newline", async () => {
  const ends = async (content: string) =>
    (await read(content)).lines.map((line) => line.unterminated);
  assertEquals(await ends("a\nb"), [false, true]);
  assertEquals(await ends("a\nb\n"), [false, false]);
  assertEquals(await ends("a\nb\n\0\0"), [false, false]);
});

Deno.test("LineReader joins members of gzip in the middle of a line", async () => {
  const [one, two] = [packed("a\nb"), packed("c\nd\n")];
  const both = new Uint8Array([...one, ...two]);
  assertEquals((await read(both)).lines.map((line) => line.text), ["a", "bc", "d"]);
});

Deno.test("LineReader leaves out the torn line at the end of a cut gzip, and warns", async () => {
  const whole = packed(long);
  const { lines, notes } = await read(whole.subarray(0, whole.length >> 1));
  assertEquals(lines.map((line) => line.text), long.split("\n").slice(0, lines.length));
  assertEquals(notes.warnings.map(({ message }) => message), [
    "the gzip stream is cut short: only what came before was used",
  ]);
  assertEquals(notes.truncated, true);
});

Deno.test("LineReader.head is the beginning of the text, whatever it is packed in", async () => {
  for (const content of [long, packed(long)]) {
    const head = await withFile(content, async (path) => {
      const reader = await LineReader.open(path, newNotes());
      await reader.close();
      return reader.head;
    });
    assertEquals(head, long.slice(0, 65_536));
  }
});

Deno.test("LineReader refuses a line without end before it fills memory", async () => {
  const endless = "x".repeat(3_000_000);
  const error = await assertRejects(() => read(endless), TraceError);
  assertStringIncludes(error.message, "line 1 is longer than 1 MiB");
});

Deno.test("LineReader.close() closes the file in the middle", async () => {
  await withFile(long, async (path) => {
    const reader = await LineReader.open(path, newNotes());
    assertEquals(await reader.readSome(() => {}), true);
    await reader.close();
  });
});

Deno.test("LineReader.open() says why a file cannot be read", async () => {
  const why = async (path: string) =>
    (await assertRejects(() => LineReader.open(path, newNotes()), TraceError)).message;
  assertEquals(await why("/no/such/file"), "there is no such file");
  assertEquals(await why(import.meta.dirname ?? "."), "it is a directory: give a file");
  assertEquals(await why(`${import.meta.filename}/x`), "there is no such file");
});

Deno.test("LineReader.open() takes a URL", async () => {
  const reader = await LineReader.open(new URL(import.meta.url), newNotes());
  assertStringIncludes(reader.head, "takes a URL");
  await reader.close();
});

function read(content: string | Uint8Array) {
  return withFile(content, async (path) => {
    const notes = newNotes();
    const reader = await LineReader.open(path, notes);
    const lines: { text: string; number: number; unterminated: boolean }[] = [];
    const take = (text: string) =>
      void lines.push({ text, number: reader.number, unterminated: reader.unterminated });
    try {
      while (await reader.readSome(take));
    } finally {
      await reader.close();
    }
    return { lines, notes };
  });
}
