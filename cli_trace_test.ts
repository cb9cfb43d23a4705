import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";

const testdata = (name: string) =>
  new URL(`./workloads/traces/testdata/${name}`, import.meta.url).pathname;

/** A command line, and what it wrote where. */
async function called(args: readonly string[]) {
  const io = recordedIo();
  const status = await main(["trace", ...args], io);
  return { status, stdout: io.stdout(), stderr: io.stderr(), files: io.files };
}

/** The keys that scripts rely on, in their order. */
const KEYS =
  "format timed allocs frees durationNs peak concurrency reserve holdNs sizeBytes unfinished " +
  "peakIfHeld liveAtEnd unknownFrees nullFrees implicitFrees outOfOrder reallocs dispersion resolutionNs warnings";

Deno.test("trace info --json prints the keys that scripts rely on, and no other", async () => {
  const { status, stdout, stderr } = await called(["info", testdata("block.perf.gz"), "--json"]);
  assertEquals([status, stderr], [0, ""]);
  const document = JSON.parse(stdout);
  assertEquals(Object.keys(document).join(" "), KEYS);
  assertEquals(Object.keys(document.concurrency), ["mean", "p50", "p99", "p99.9"]);
  assertEquals(Object.keys(document.reserve).sort(), ["0", "0.001", "0.01"]);
  assertEquals([document.format, document.peak, document.unfinished], ["perf-script", 16, 2]);
  assertEquals(Object.keys(document.warnings[0]), ["code", "message", "advice"]);
});

Deno.test("trace info --json counts in operations where the trace has no times", async () => {
  const { stdout } = await called(["info", testdata("sqlite.rep.gz"), "--json"]);
  const document = JSON.parse(stdout);
  const expected = KEYS.replace("durationNs", "durationOps").replace("holdNs", "holdOps");
  assertEquals(Object.keys(document).join(" "), expected);
  assertEquals([document.timed, document.durationOps], [false, 2999]);
});

Deno.test("trace info prints a table, a plot of what is live, and warnings with advice", async () => {
  const { stdout } = await called(["info", testdata("mempool.perf.gz")]);
  for (
    const part of ["mempool.perf.gz  perf-script", "825 allocs", "peak 321", "stamps to 1ns"]
      .concat([
        "313 exceeded by 1% of the allocs",
        "held",
        "320B",
        "150 live at the end",
        "! live-at-end: ",
        "  → ",
        "1.36s\n",
      ])
  ) assertStringIncludes(stdout, part);
  assertMatch(stdout, /^ {7}321 .*█/m);
  assert(stdout.split("\n").every((line) => line.length <= 100 && !line.endsWith(" ")));
});

Deno.test("trace info says ops where the trace has no times, and what arrivals only allow", async () => {
  const untimed = (await called(["info", testdata("sqlite.rep.gz")])).stdout;
  assertStringIncludes(untimed, "2,999 ops");
  assertStringIncludes(untimed, "! untimed: ");
  const arrivals = (await called(["info", testdata("randread.iolog.gz")])).stdout;
  assertStringIncludes(arrivals, "! arrivals-only: ");
  assert(!arrivals.includes("peak"), arrivals);
});

Deno.test("trace info reads a trace as it is told to", async () => {
  const document = async (...args: string[]) =>
    JSON.parse((await called(["info", ...args, "--json"])).stdout);
  const peakOf = async (...args: string[]) => (await document(...args)).peak;
  const [log, iolog] = [testdata("randread_lat.log.gz"), testdata("randread.iolog.gz")];
  assertEquals(await peakOf(log), 39);
  assertEquals(await peakOf(log, "--spread"), 19);
  assertEquals(await peakOf(log, "--join", iolog), 16);
  assertEquals(await peakOf(iolog, "--hold", "0s"), 1);
  const held = await document(testdata("block.perf.gz"), "--unfinished", "hold");
  assertEquals([held.allocs, held.liveAtEnd], [519, 2]);
  assertEquals((await document(testdata("block.perf.gz"), "--view", "bio")).allocs, 857);
});

Deno.test("trace convert writes the native format, packed and spelled as the name says", async () => {
  for (
    const [name, head] of [["o.csv", "#source="], ["o.ndjson.gz", '{"t_ns":0,"op":"i"']] as const
  ) {
    const { status, stdout, stderr, files } = await called(
      ["convert", testdata("requests.ndjson.gz"), "-o", name],
    );
    assertEquals([status, stdout], [0, ""]);
    assertEquals(stderr, `1200 events of json-lines written to ${name}\n`);
    const text = name.endsWith(".gz")
      ? new TextDecoder().decode(
        gunzipSync(Uint8Array.from(files.get(name)!, (c) => c.charCodeAt(0))),
      )
      : files.get(name)!;
    assertStringIncludes(text, head);
  }
});

Deno.test("trace convert writes to stdout where no file is named", async () => {
  const { stdout, stderr } = await called([
    "convert",
    testdata("sqlite.rep.gz"),
    "--format",
    "ndjson",
  ]);
  assertStringIncludes(stdout, '\n{"op":"a","id":"0","size":48,"worker":""}\n');
  assertStringIncludes(stderr, "3000 events of rep written to stdout");
});

Deno.test("trace cut says what was live at the cut", async () => {
  const { stdout, files } = await called(
    ["cut", testdata("mempool.perf.gz"), "--from", "1.3s", "--output", "o.csv", "--json"],
  );
  const { events, liveAtCut, output } = JSON.parse(stdout);
  assertEquals(output, "o.csv");
  assert(liveAtCut > 0 && events > liveAtCut);
  const rows = files.get("o.csv")!.split("\n").filter((line) => /^\d/.test(line));
  assertEquals(rows.length, events);
  assertEquals(rows.filter((row) => row.startsWith("0,a,")).length, liveAtCut);
});

const refused: readonly (readonly [args: string[], says: string])[] = [
  [[], "trace: no command: the commands are info, convert, cut"],
  [["inof", "x"], "unknown command 'inof' (did you mean info?)"],
  [["info"], "missing required argument 'file'"],
  [["info", "no-such"], "Cannot read trace no-such: there is no such file"],
  [["info", "LICENSE"], "Cannot read trace LICENSE: its format is unknown: known are blkparse"],
  [
    ["info", testdata("sqlite.rep.gz"), "--hold", "5x"],
    '--hold: time of constant: "5x" is not a duration',
  ],
  [["info", testdata("sqlite.rep.gz"), "--unfinished", "kill"], "allowed choices are drop, hold"],
  [["info", testdata("sqlite.rep.gz"), "--view", "disk"], "allowed choices are request, bio"],
  [
    ["info", testdata("sqlite.rep.gz"), "--join", "LICENSE"],
    "it is rep and cannot be joined with LICENSE",
  ],
  [
    ["info", testdata("randread.iolog.gz"), "--join", "no-such"],
    "Cannot read trace no-such: there is",
  ],
  [["info", testdata("sqlite.rep.gz"), "--seed", "x"], '--seed: "x" is not'],
  [["convert", testdata("sqlite.rep.gz"), "--json"], "--json needs --output"],
  [
    ["convert", testdata("sqlite.rep.gz"), "--output", testdata("sqlite.rep.gz")],
    "is the trace that is read: give another file",
  ],
  [
    ["convert", testdata("sqlite.rep.gz"), "--format", "json"],
    'there is no format "json": give csv or ndjson',
  ],
  [["cut", testdata("sqlite.rep.gz")], "cut: no part is named: give --from, --to or --first"],
  [
    ["cut", testdata("sqlite.rep.gz"), "--first", "3", "--to", "9"],
    "--first goes without --from and --to",
  ],
  [["cut", testdata("sqlite.rep.gz"), "--from", "2s"], '--from: "2s" is not a count'],
  [
    ["cut", testdata("block.perf.gz"), "--from", "2s", "--to", "1s"],
    "--from 2s is not before --to 1s",
  ],
  [
    ["cut", testdata("block.perf.gz"), "--from", "1h"],
    "nothing happens in it from 3600000000000 on",
  ],
];

for (const [args, says] of refused) {
  Deno.test(`trace refuses ${args.map((arg) => arg.split("/").at(-1)).join(" ") || "nothing"}`, async () => {
    const { status, stdout, stderr } = await called(args);
    assertEquals([status, stdout], [2, ""]);
    assertStringIncludes(stderr, says);
    assertMatch(stderr, /(^|\n)error: [^\n]+\n$/);
  });
}
