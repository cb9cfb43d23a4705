import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { convertTrace } from "./convert.ts";
import { withFile } from "./made_up.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
import { type TraceStatistics, traceStatistics } from "./statistics.ts";
import { surveyTrace } from "./survey.ts";
import { TraceError } from "./trace.ts";

/** A trace in the native format. */
async function converted(
  path: string,
  form: "csv" | "ndjson",
  options: Partial<TraceOptions> = {},
): Promise<string> {
  const texts: string[] = [];
  const survey = await surveyTrace(path, { ...AS_RECORDED, ...options });
  await convertTrace(survey, form, (text) => void texts.push(text));
  return texts.join("");
}

const ofText = (text: string, options: Partial<TraceOptions> = {}) =>
  withFile(text, (path) => converted(path, "csv", options));

/** What a conversion must not change; lines that were passed over are gone for good. */
function comparable({ format: _, warnings, timeline, workers: __, ...numbers }: TraceStatistics) {
  const codes = warnings.map(({ code }) => code);
  return { ...numbers, codes, plot: timeline.peaks(60) };
}

const FILES = [
  "sqlite.rep.gz",
  "kmalloc.perf.gz",
  "mempool.perf.gz",
  "pages.perf.gz",
  "block.perf.gz",
]
  .concat(["sqlite.strace.gz", "requests.ndjson.gz", "randread_lat.log.gz", "randread.iolog.gz"])
  .concat(["jq.mtrace.gz"]);

for (const file of FILES) {
  for (const form of ["csv", "ndjson"] as const) {
    Deno.test(`convertTrace() changes nothing that can be said of ${file}, as ${form}`, async () => {
      const path = new URL(`testdata/${file}`, import.meta.url).pathname;
      const before = comparable(await traceStatistics(path));
      const text = await converted(path, form);
      const after = comparable(await withFile(text, (copy) => traceStatistics(copy)));
      // The header promised more than the cut file has; the copy has no such header.
      const codes = before.codes.filter((code) => code !== "header-count");
      assertEquals(after, { ...before, codes });
    });
  }
}

Deno.test("convertTrace() keeps the choice about what never ended", async () => {
  const path = new URL("testdata/block.perf.gz", import.meta.url).pathname;
  const text = await converted(path, "csv");
  const [before, after] = await Promise.all([
    traceStatistics(path, { ...AS_RECORDED, unfinished: "hold" }),
    withFile(text, (copy) => traceStatistics(copy, { ...AS_RECORDED, unfinished: "hold" })),
  ]);
  assertEquals(comparable(after), comparable(before));
  const held = await converted(path, "csv", { unfinished: "hold" });
  const { peak, liveAtEnd, unfinished } = await withFile(held, (copy) => traceStatistics(copy));
  assertEquals([peak, liveAtEnd, unfinished], [before.peak, before.liveAtEnd, 0]);
});

Deno.test("convertTrace() writes times from 0 and says what holds of the whole", async () => {
  const text = await ofText("TIMEus DELTAus\n9339835017 15133\n9339835827 712\n");
  assertMatch(
    text,
    /^#source=trace-\w+ \(iosnoop\)\n#clock=monotonic\n#resolution_ns=1000\n#truncated=0\n#stamp=end\n/,
  );
  assertStringIncludes(
    text,
    "t_ns,op,id,size,worker,hold_ns\n0,i,,0,,15133000\n15231000,i,,0,,712000\n",
  );
});

Deno.test("convertTrace() writes operations without times, and counts what is no event", async () => {
  const text = await ofText("100\n2\n5\n1\na 0 16\nf -1\nr 0 32\nf 0\na 1 3");
  assertStringIncludes(
    text,
    "#clock=ops\n#truncated=0\n#null_frees=1\nop,id,size,worker\na,0,16,\nr,0,32,\nf,0,,\na,1,3,\n",
  );
});

Deno.test("convertTrace() marks what was cut short", async () => {
  assertStringIncludes(await ofText("op,id\na,x\nf"), "#truncated=1\n");
});

Deno.test("convertTrace() writes spread stamps and given holds", async () => {
  const spread = await ofText("1, 250000, 0, 4096\n1, 100000, 0, 4096\n", { spread: true });
  assertStringIncludes(spread, "\n0,i,,4096,,250000\n483333,i,,4096,,100000\n");
  const held = await ofText("start_us\n5\n", { hold: { kind: "constant", time: 7000 } });
  assertStringIncludes(held, "\n0,i,,0,,7000\n");
});

Deno.test("convertTrace() writes names that would break a cell in another way", async () => {
  const text = await withFile(
    '{"op":"a","id":"x,\\n\\"y\\"","size":1}\n{"op":"f","id":"x,\\n\\"y\\""}\n',
    (path) => converted(path, "csv"),
  );
  assertStringIncludes(text, "a,x%2C%0A%22y%22,1,\nf,x%2C%0A%22y%22,,\n");
});

Deno.test("surveyTrace() refuses what cannot be read twice", async () => {
  const folder = await Deno.makeTempDir();
  const pipe = `${folder}/pipe`;
  try {
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    const writing = Deno.writeTextFile(pipe, "op,id\na,x\n");
    const error = await assertRejects(() => surveyTrace(pipe, AS_RECORDED), TraceError);
    await writing.catch(() => {});
    assertStringIncludes(error.message, "it is read twice, and a pipe cannot be: give a file");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
