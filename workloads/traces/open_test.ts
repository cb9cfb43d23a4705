import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { refusalOf, withFile } from "./made_up.ts";
import { openTrace, readTrace } from "./open.ts";
import { TraceError } from "./trace.ts";

const csv = "t_ns,op,id\n0,a,1\n5,f,1\n";
const packed = (content: string) => new Uint8Array(gzipSync(content));

/** What is no trace, and what is said of it after `Cannot read trace PATH: `. */
const refused: Readonly<Record<string, readonly [string | Uint8Array, string]>> = {
  "an empty file": ["", "it is empty"],
  "blank lines": ["\n \n\r\n", "it is empty"],
  "an empty gzip": [packed(""), "it is empty"],
  "a gzip cut in its header": [packed(csv).subarray(0, 5), "the gzip stream is cut short"],
  "a gzip that is damaged at once": [damaged(packed(csv)), "the gzip stream is damaged"],
  "a header only": ["t_ns,op,id\n", "it is native-csv, but without a single complete event"],
  "a mark only": ["= Start\n", "it is mtrace, but without a single complete event"],
  "a cut line only": [
    "t_ns,op,id\n0,a",
    "it is native-csv, but without a single complete event (the last line is cut",
  ],
  "foreign lines only": [
    "t_ns,op,id\nx,y,z\n",
    'without a single complete event (1 line was passed over as no event could be read; the first is line 2, "x,y,z")',
  ],
  "free(NULL) only": ["t_ns,op,id\n0,f,\n", "without a single complete event"],
  "NULs": [new Uint8Array(5000), "it is binary: give a trace as text, plain or gzip"],
  "a program": [Uint8Array.from({ length: 5000 }, (_, i) => i * 37 % 256), "it is binary"],
  "another text": ["once upon a time\n", "its format is unknown: known are mtrace, native-csv"],
  "one endless line": ["x".repeat(200_000), "its format is unknown"],
};

for (const [what, [content, message]] of Object.entries(refused)) {
  Deno.test(`openTrace() refuses ${what}`, async () => {
    const refusal = await refusalOf(content);
    assertStringIncludes(refusal, "Cannot read trace PATH: ");
    assertStringIncludes(refusal, message);
  });
}

Deno.test("openTrace() refuses a file that is not there, and a directory", async () => {
  const missing = await assertRejects(() => openTrace("/no/such.csv"), TraceError);
  assertEquals(missing.message, "Cannot read trace /no/such.csv: there is no such file");
  const folder = await assertRejects(() => openTrace(import.meta.dirname ?? "."), TraceError);
  assertStringIncludes(folder.message, "it is a directory: give a file");
});

Deno.test("openTrace() takes a path, a URL, or a URL written as a string", async () => {
  await withFile(csv, async (path) => {
    for (const place of [path, new URL(`file://${path}`), `file://${path}`]) {
      await using trace = await openTrace(place);
      assertEquals((await Array.fromAsync(trace.events)).length, 2);
    }
  });
});

Deno.test("openTrace() tells gzip by content, whatever the name", async () => {
  await withFile(packed(csv), async (path) => {
    await using trace = await openTrace(path);
    assertEquals(trace.format, "native-csv");
    assertEquals((await Array.fromAsync(trace.events)).length, 2);
  });
});

Deno.test("openTrace() leaves no file open when nobody reads the events, or only some", async () => {
  await withFile(csv, async (path) => {
    await using unread = await openTrace(path);
    assertEquals(unread.format, "native-csv");
    await using begun = await openTrace(path);
    for await (const event of begun.events) {
      assertEquals(event.op, "a");
      break;
    }
  });
});

Deno.test("readTrace() names the trace in what is wrong with it later on", async () => {
  await withFile(csv + "x".repeat(3_000_000), async (path) => {
    const error = await assertRejects(() =>
      readTrace(path, async ({ events }) => {
        for await (const _ of events);
      })
    );
    assertInstanceOf(error, TraceError);
    assertEquals(error.path, path);
    assertStringIncludes(error.message, `Cannot read trace ${path}: line 4 is longer than 1 MiB`);
  });
});

Deno.test("readTrace() gives other errors back as they are", async () => {
  const mistake = new RangeError("not a matter of the trace");
  const error = await withFile(
    csv,
    (path) => assertRejects(() => readTrace(path, () => Promise.reject(mistake))),
  );
  assertEquals(error, mistake);
});

/** A gzip file whose deflate data begin with a block of no known type. */
function damaged(file: Uint8Array): Uint8Array {
  const copy = file.slice();
  copy[10] = 0xff;
  return copy;
}
