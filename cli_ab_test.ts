import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import { PACED_SCHEMA } from "./commands/paced.ts";
import { parseResults } from "./results/result_schema.ts";

const HERE = new URL("./", import.meta.url).pathname;

async function called(args: readonly string[], lines: readonly string[] = []) {
  const io = recordedIo({ lines });
  const status = await main(args, io);
  return { status, stdout: io.stdout(), stderr: io.stderr() };
}

/** A block that is over soon. */
const BRIEF = ["--slice", "10ms", "--warmup", "0", "--workers", "1", "--budget", "40ms"];

Deno.test("ab says in a sentence that there is no deno on PATH", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P", "cli.ts", "ab", "--base", HERE, ...BRIEF],
    cwd: HERE,
    env: { PATH: "/nowhere", NO_COLOR: "1" },
  }).output();
  const sentence =
    "error: both sides are run by the deno on PATH, and there is none: put it there\n";
  assertEquals([code, new TextDecoder().decode(stderr)], [3, sentence]);
});

Deno.test("ab runs two checkouts in turns as a user does, and a gate has no reason to stop", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P", "cli.ts", "ab", "--base", HERE, ...BRIEF, "--gate", "--json"],
    cwd: HERE,
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  const { schema, scenario, verdict, session, base, head } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  assertEquals([schema, scenario, verdict], [
    "mempool-bench/comparison@1",
    "contended",
    "cannot tell",
  ]);
  assertEquals([session.blocks, session.ended, session.falseAlarms], [1, "budget", 0.01]);
  // One worker of contended may pause, so that both processes ran once, in slots.
  assertEquals([session.slots, session.slotNs], [8, 10e6]);
  assertEquals([base.repeats, head.repeats], [1, 1]);
});

Deno.test("ab refuses bad usage and bad input in one sentence, with status 2", async () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/deno.json`, "{}");
  try {
    const refusals: readonly (readonly [string[], string])[] = [
      [[], "required option '--base <dir>'"],
      [["--base", "nowhere"], '--base "nowhere" is no folder: give a checkout'],
      [["--base", `${HERE}cli.ts`], "is no folder"],
      [["--base", folder], "has no cli.ts: give a checkout of mempool-bench"],
      [["--base", HERE, "--head", `${HERE}docs`], "has no cli.ts and no deno.json"],
      [["--base", HERE, "raid7"], "raid7: there is no such file, and no such scenario"],
      [["--base", HERE, "--budget", "1s", "--slice", "1s"], "--budget 1s: it holds no block"],
      [["--base", HERE, "--budget", "soon"], '--budget: "soon" is not a duration'],
      [["--base", HERE, "--slice", "1ms"], "--slice: "],
      [["--base", HERE, "--confidence", "100%"], "--confidence 100%: give a share"],
      [["--base", HERE, "--margin", "p98=1%"], 'there is no measure "p98"'],
      [["--base", HERE, "--format", "csv"], 'there is no format "csv"'],
      [["--base", HERE, "--set", "workload.inFlight=none"], '"none" is not'],
      [["--base", HERE, "--seed", "x"], "--seed: "],
    ];
    for (const [args, sentence] of refusals) {
      const { status, stderr } = await called(["ab", ...args]);
      assertStringIncludes(stderr, sentence);
      assertEquals([status, stderr.split("\n").length], [2, 2]);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("ab says so where one side does not know the scenario", async () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/deno.json`, '{ "permissions": { "default": {} } }');
  const older = 'console.error("error: contended: there is no such scenario"); Deno.exit(2);';
  Deno.writeTextFileSync(`${folder}/cli.ts`, older);
  try {
    const { status, stderr } = await called(["ab", "--base", folder, ...BRIEF]);
    assertEquals([status, stderr], [
      2,
      "error: --base: contended: there is no such scenario\n",
    ]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("ab ends where a side speaks in another way, or not at all in JSON, and waits for it no longer", async () => {
  const cases = [
    ['console.log(`{"schema":"mempool-bench/paced@9"}`)', 2, 'begins with "mempool-bench/paced@9"'],
    ['console.log("Hello")', 3, '--base: it said "Hello" where JSON was due'],
  ] as const;
  for (const [says, expected, sentence] of cases) {
    const folder = Deno.makeTempDirSync();
    Deno.writeTextFileSync(`${folder}/deno.json`, '{ "permissions": { "default": {} } }');
    // It waits for its turn, as it should.
    const waits = "for await (const _ of Deno.stdin.readable);";
    Deno.writeTextFileSync(`${folder}/cli.ts`, `${says};\n${waits}`);
    try {
      const { status, stderr } = await called(["ab", "--base", folder, ...BRIEF]);
      assertStringIncludes(stderr, sentence);
      assertEquals(status, expected);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  }
});

Deno.test("bench --paced runs slots, of all workers or of one alone, and then the whole result", async () => {
  const args = [
    "bench",
    "contended",
    "--paced",
    "--warmup",
    "10ms",
    "--seed",
    "5",
    "--workers",
    "2",
  ];
  const lines = ["slots", "all 10", "alone 5 1", "timed 10 0", "end", "slots", "alone 5 0", "end"];
  const { status, stdout, stderr } = await called(args, lines);
  assertEquals([status, stderr], [0, ""]);
  const [ready, begun, all, alone, timed, first, , again, second] = stdout.trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assertEquals([ready.slots, begun], [true, {}]);
  for (const { allocsPerSecond, cpuNs } of [all, alone, timed, again]) {
    assert(allocsPerSecond > 0 && cpuNs > 0);
  }
  const [run] = first.runs;
  assertEquals([run.seed, second.runs[0].seed, run.leaked], [5, 6, 0]);
  assert(run.pools.buffers.latencyNs.p99 > 0);
  // Worker 1 had a slot of its own besides.
  assert(run.workers[1].allocs > run.workers[0].allocs / 2);
  for (const wrong of ["half 10", "all 0", "all 60001", "alone 10 2"]) {
    const { status: refused, stderr: why } = await called(args, ["slots", wrong]);
    assertEquals([refused, why], [2, `error: --paced: there is no slot "${wrong}"\n`]);
  }
});

Deno.test("bench --paced loses no line where several come at once, nor the last one that has no end", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P", "cli.ts", "bench", "contended", "--paced", "--warmup", "0"],
    ...{ cwd: HERE, stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("slots\nall 1\nalone 1 0\nend\nslots\nend"));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  const answers = new TextDecoder().decode(stdout).trimEnd().split("\n");
  assertEquals(answers.map((line) => Object.keys(JSON.parse(line))[0]), [
    ...["schema", undefined, "allocsPerSecond", "allocsPerSecond", "schema"],
    ...[undefined, "schema"],
  ]);
});

Deno.test("bench --paced says of a load whose workers wait for each other that it has no slots", async () => {
  const { stdout } = await called(["bench", "--paced", "--warmup", "0"]);
  assertEquals(JSON.parse(stdout).slots, false);
});

Deno.test("bench --paced says where workers cannot go on while others sleep", async () => {
  // Memory for one of them, so that one waits for what the other holds.
  const args = ["bench", "contended", "--paced", "--warmup", "50ms", "--workers", "2"];
  const short = ["--set", "memory.pages=700", "--set", "memory.growTo=700"];
  const { stdout } = await called([...args, ...short], ["slots"]);
  assertEquals(JSON.parse(stdout.trimEnd().split("\n").at(-1)!), {
    stuck: "a worker did not come back from a slot: it needs one that sleeps, or is dead",
  });
});

Deno.test("bench --paced runs a repeat for each line, and answers with a line", async () => {
  const args = ["bench", "contended", "--paced", "--duration", "10ms", "--warmup", "0"];
  const { status, stdout } = await called([...args, "--seed", "5", "--workers", "1"], ["", ""]);
  assertEquals(status, 0);
  const [ready, ...lines] = stdout.trimEnd().split("\n");
  assertEquals(JSON.parse(ready!).schema, PACED_SCHEMA);
  const results = parseResults(lines.join("\n"), "lines");
  assertEquals(results.map(({ runs }) => runs.map(({ seed }) => seed)), [[5], [6]]);
  const { status: refused, stderr } = await called(["bench", "a", "b", "--paced", "--json"]);
  assertEquals(refused, 2);
  assertStringIncludes(stderr, "a: there is no such file");
});
