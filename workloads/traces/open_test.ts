import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { refusalOf, withFile } from "./made_up.ts";
import { readTrace } from "./open.ts";
import { AS_RECORDED } from "./options.ts";
import { TraceError, type TraceEvent } from "./trace.ts";

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
  "another text": ["once upon a time\n", "its format is unknown: known are blkparse, csv"],
  "one endless line": ["x".repeat(200_000), "its format is unknown"],
};

for (const [what, [content, message]] of Object.entries(refused)) {
  Deno.test(`readTrace() refuses ${what}`, async () => {
    const refusal = await refusalOf(content);
    assertStringIncludes(refusal, "Cannot read trace PATH: ");
    assertStringIncludes(refusal, message);
  });
}

Deno.test("readTrace() refuses a file that is not there, and a directory", async () => {
  const missing = await assertRejects(() => read("/no/such.csv"), TraceError);
  assertEquals(missing.message, "Cannot read trace /no/such.csv: there is no such file");
  const folder = await assertRejects(() => read(import.meta.dirname ?? "."), TraceError);
  assertStringIncludes(folder.message, "it is a directory: give a file");
});

Deno.test("readTrace() takes a path, a URL, or a URL written as a string", async () => {
  await withFile(csv, async (path) => {
    for (const place of [path, new URL(`file://${path}`), `file://${path}`]) {
      assertEquals((await read(place)).events.length, 2);
    }
  });
});

Deno.test("readTrace() tells gzip by content, whatever the name", async () => {
  await withFile(packed(csv), async (path) => {
    const { format, events } = await read(path);
    assertEquals(format, "native-csv");
    assertEquals(events.length, 2);
  });
});

Deno.test("readTrace() leaves no file open when whoever takes the events fails", async () => {
  const mistake = new RangeError("not a matter of the trace");
  const error = await withFile(
    csv,
    (path) =>
      assertRejects(() =>
        readTrace(path, AS_RECORDED, () => () => {
          throw mistake;
        })
      ),
  );
  assertEquals(error, mistake);
});

Deno.test("readTrace() names the trace in what is wrong with it later on", async () => {
  await withFile(csv + "x".repeat(3_000_000), async (path) => {
    const error = await assertRejects(() => read(path));
    assertInstanceOf(error, TraceError);
    assertEquals(error.path, path);
    assertStringIncludes(error.message, `Cannot read trace ${path}: line 4 is longer than 1 MiB`);
  });
});

async function read(path: string | URL) {
  const events: TraceEvent[] = [];
  const { format } = await readTrace(path, AS_RECORDED, () => (event) => void events.push(event));
  return { format, events };
}

/** A gzip file whose deflate data begin with a block of no known type. */
function damaged(file: Uint8Array): Uint8Array {
  const copy = file.slice();
  copy[10] = 0xff;
  return copy;
}
