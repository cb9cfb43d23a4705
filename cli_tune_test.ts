/**
 * `tune` line by line: within this process, and by a script whose input is piped.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import { parseScenario, registered } from "./workloads/mod.ts";

const BRIEF = ["--duration", "50ms", "--warmup", "0"];

/** Nothing is predicted of it, so that nothing is waited for. */
const QUICK = "contended";

async function talked(input: readonly string[], ...args: string[]) {
  const io = recordedIo({ input });
  const status = await main(["tune", ...args], io);
  return { status, stdout: io.stdout(), stderr: io.stderr(), files: io.files };
}

Deno.test("tune answers each line with what is predicted, and ends well with its input", async () => {
  const { status, stdout, stderr } = await talked(["reserve 40", "policy linux", "curve"], "dead");
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  const [begun, moved, changed, curve] = stdout.split(/^> .*$/m);
  assertMatch(begun!, /reserve +◀ 28 ▶ 112KiB/);
  assertMatch(begun!, /wait rate < 1% +✘ missed: 7\.\d% wait \(99%: /);
  assertMatch(moved!, /reserve +◀ 40 ▶ 160KiB[^]*✔ met: 0\.\d+% wait[^]*5 wait +0\.\d+%/);
  assertMatch(changed!, /policy +▲ linux ▼/);
  assertStringIncludes(curve!, "share that misses");
  assertMatch(
    stdout,
    /\nbuffers: 40 in reserve \(160KiB\), linux: met: 0\.\d+% miss, up to 1\.0% are allowed/,
  );
});

Deno.test("tune refuses a line in one sentence and goes on", async () => {
  const { status, stdout } = await talked(
    ["reserve x", "frob", "?", "q", "reserve 9"],
    QUICK,
  );
  assertEquals(status, 0);
  assertStringIncludes(stdout, '✘ "x" is no reserve of buffers: give 0 to ');
  assertStringIncludes(stdout, '✘ "frob" is no command: give reserve, policy, pool');
  assertStringIncludes(stdout, "write [FILE] [--force]");
  assert(!stdout.includes("> reserve 9"));
});

Deno.test("tune runs the real thing and shows what was measured beside what is predicted", async () => {
  const { status, stdout } = await talked(["run", "reserve 32", "run"], QUICK, ...BRIEF);
  assertEquals(status, 0);
  assertStringIncludes(
    stdout,
    "! nothing is predicted of buffers: a closed load is not drawn from",
  );
  const [, first, moved, second] = stdout.split(/^> .*$/m);
  for (const run of [first!, second!]) {
    assertMatch(run, /✔ measured: [\d.,]+[MG]? allocations a second/);
    assertMatch(run, /1 backend-atomic +- +█[^]* +[\d.]+%\n/);
    assertMatch(run, /measured( +\S+){4} +0% +✔ met/);
  }
  assert(!moved!.includes("measured"));
});

Deno.test("tune writes a scenario that is the chosen one, and over a file only where that is said", async () => {
  const { stdout, files } = await talked(
    [
      "write a.jsonc",
      "reserve 9",
      "write a.jsonc",
      "write b.jsonc",
      "write a.jsonc --force",
      "write",
    ],
    QUICK,
  );
  assertStringIncludes(stdout, "✔ a.jsonc: written: mempool-bench bench a.jsonc runs it");
  assertStringIncludes(stdout, "✘ a.jsonc is there already: write a.jsonc --force writes over it");
  assertEquals([...files.keys()].toSorted(), ["a.jsonc", "b.jsonc", "contended-tuned.jsonc"]);
  for (const [file, text] of files) {
    assertEquals(parseScenario({ file, text }, {}, registered).pools.buffers!.minReserve, 9);
  }
});

Deno.test("tune --json says in one document what was chosen, and nothing else on stdout", async () => {
  const lines = ["reserve 40"];
  const { status, stdout, stderr } = await talked(
    lines,
    "dead",
    "--json",
    "--slo",
    "wait rate < 2%",
  );
  assertEquals(status, 0);
  const { schema, scenario, target, pools: { buffers } } = JSON.parse(stdout);
  assertEquals([schema, scenario], ["mempool-bench/tuning@1", "dead"]);
  assertEquals(target, { kind: "wait-rate", below: 0.02 });
  const { minReserve, policy, changed, bytes, verdict, predicted, measured } = buffers;
  assertEquals({ minReserve, policy, changed, bytes, verdict, measured }, {
    minReserve: 40,
    policy: "five-level",
    changed: ["minReserve"],
    bytes: 40 * 4096,
    verdict: "met",
    measured: null,
  });
  assert(predicted.missHigh < 0.02 && predicted.rates.length === 5);
  assertStringIncludes(stderr, "> reserve 40");
});

Deno.test("tune asks for a scenario where none is named, and leaves where nobody answers", async () => {
  const asked = await talked([QUICK, "quit"]);
  assertEquals(asked.status, 0);
  assertStringIncludes(asked.stdout, "Which scenario? A file, or one of bio, ");
  assertStringIncludes(asked.stdout, "contended  closed load · 2 workers");
  const left = await talked([]);
  assertEquals([left.status, left.stderr], [0, ""]);
});

Deno.test("tune refuses in one sentence what it cannot tune", async () => {
  const refusals: readonly (readonly [args: string[], says: string])[] = [
    [["outagse"], "outagse: there is no such file, and no such scenario"],
    [["outages", "--slo", "soon"], '--slo: "soon" is no target'],
    [
      ["outages", "--trace", "a.csv"],
      "tune: give a scenario or --trace FILE: found outages and a.csv",
    ],
    [["--trace", "no-such.csv"], "no-such.csv"],
    [["outages", "--min-reserve", "9999"], "give an integer from 0 to 4096"],
    [["outages", "--format", "csv"], '--format: there is no format "csv": give table or json'],
  ];
  for (const [args, says] of refusals) {
    const { status, stdout, stderr } = await talked(["quit"], ...args);
    assertEquals({ args, status, stdout }, { args, status: 2, stdout: "" });
    assertStringIncludes(stderr, says);
    assertMatch(stderr, /^error: [^\n]+\n$/);
  }
});

Deno.test("tune obeys a script whose input is piped, without colours, and writes the file", async () => {
  const folder = await Deno.makeTempDir();
  const cli = new URL("./cli.ts", import.meta.url).pathname;
  const config = new URL("./deno.json", import.meta.url).pathname;
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-P", "--config", config, cli, "tune", QUICK],
      cwd: folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    // Two lines in pieces, the last one without its end.
    for (const piece of ["reser", "ve 7\r\nwr", "ite my.jsonc"]) {
      await writer.write(new TextEncoder().encode(piece));
    }
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stderr)], [0, ""]);
    // deno-lint-ignore no-control-regex
    assert(!/[\x1b\r]/.test(decoder.decode(stdout)));
    assertStringIncludes(decoder.decode(stdout), "> reserve 7\n");
    assertStringIncludes(decoder.decode(stdout), "my.jsonc: written");
    const text = await Deno.readTextFile(`${folder}/my.jsonc`);
    assertEquals(
      parseScenario({ file: "my.jsonc", text }, {}, registered).pools.buffers!.minReserve,
      7,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
