import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import config from "./deno.json" with { type: "json" };

const root = new URL("./", import.meta.url);

/** A run that is over soon. */
const BRIEF = ["--duration", "50ms", "--warmup", "0", "--workers", "1"];

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as it is installed in a checkout. */
function command(args: readonly string[], env: Record<string, string> = {}): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P", "cli.ts", ...args],
    cwd: root,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function spawned(args: readonly string[], env?: Record<string, string>): Promise<Outcome> {
  const { code, stdout, stderr } = await command(args, env).output();
  const decoder = new TextDecoder();
  return { status: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The same within this process. */
async function called(args: readonly string[]): Promise<Outcome> {
  const io = recordedIo();
  const status = await main(args, io);
  return { status, stdout: io.stdout(), stderr: io.stderr() };
}

Deno.test("main() shows the help where nothing is asked for", async () => {
  const { status, stdout, stderr } = await called([]);
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  for (const text of ["Usage: mempool-bench", "bench", "doctor", "list", "Examples:"]) {
    assertStringIncludes(stdout, text);
  }
});

Deno.test("main() shows help with examples, and the version, for every command", async () => {
  for (const name of ["ab", "bench", "doctor", "list", "recommend", "sweep", "tune"]) {
    for (const args of [[name, "--help"], ["help", name]]) {
      const { status, stdout } = await called(args);
      assertEquals(status, 0);
      assertMatch(stdout, new RegExp(`Usage: mempool-bench ${name} `));
      assertMatch(stdout, new RegExp(`Examples:\n  mempool-bench ${name}`));
      for (const option of ["--json", "--format", "--output", "--seed", "--quiet", "--version"]) {
        assertStringIncludes(stdout, option);
      }
    }
    assertEquals((await called([name, "--version"])).stdout, `${config.version}\n`);
  }
});

Deno.test("main() refuses bad usage and bad input in one sentence, with status 2", async () => {
  const refusals: readonly (readonly [args: string[], says: string])[] = [
    [
      ["bnech"],
      "unknown command 'bnech' (did you mean bench?): the commands are ab, bench, compare",
    ],
    [
      ["frobnicate"],
      "unknown command 'frobnicate': the commands are ab, bench, compare, completions",
    ],
    [["--frob"], "unknown option '--frob': the options are --version, --help"],
    [
      ["bench", "--wrokers", "3"],
      "unknown option '--wrokers' (did you mean --workers?): the options",
    ],
    [["bench", "--workers"], "option '--workers <n>' argument missing"],
    [["bench", "--workers", "many"], '--workers: workload.workers: "many" is not a whole number'],
    [["bench", "--duration", "2x"], '--duration: workload.duration: "2x" is not a duration: give'],
    [["bench", "--min-reserve", "-1"], "minReserve: -1 is not allowed: give an integer from 0"],
    [
      ["bench", "--policy", "lunix"],
      '"lunix" is not a policy: give adaptive, allocator-reservation',
    ],
    [["bench", "--set", "a"], '--set "a": give KEY=VALUE'],
    [["bench", "--trace", "no-such.csv"], "no-such.csv"],
    [
      ["bench", "canonicl"],
      "there is no such file, and no such scenario: give a file or ",
    ],
    [["bench", "no-such.jsonc"], "no-such.jsonc: there is no such file, and no such scenario"],
    [["bench", "LICENSE"], 'LICENSE:1: unexpected "MIT"'],
    [
      ["bench", "--format", "tabel"],
      'there is no format "tabel": give bencher, csv, dpdk, github-bigger',
    ],
    [["bench", "--json", "--format", "csv"], "--json and --format csv contradict each other"],
    [["list", "polices"], 'there is no "polices" to list: give scenarios'],
    [["list", "a", "b"], "too many arguments for 'list': expected 1 argument but got 2"],
    [["list", "policies", "--schema"], "--schema goes with scenarios only: found policies"],
    [["doctor", "--duration", "3"], '--duration: "3" is out of range'],
  ];
  for (const [args, says] of refusals) {
    const { status, stdout, stderr } = await called(args);
    assertEquals({ args, status, stdout }, { args, status: 2, stdout: "" });
    assertStringIncludes(stderr, says);
    assertMatch(stderr, /^error: [^\n]+\n$/);
  }
});

Deno.test("main() says in one sentence what it did not expect, and more with --verbose", async () => {
  const broken = () => {
    throw new TypeError("x is not a function");
  };
  const fails = async (args: string[]) => {
    const io = { ...recordedIo(), output: broken, stderr: "" };
    const err = { ...io.err, write: (text: string) => io.stderr += text };
    return { status: await main(args, { ...io, err }), stderr: io.stderr };
  };
  assertEquals(await fails(["list"]), {
    status: 3,
    stderr: "error: internal: TypeError: x is not a function: --verbose says where that is from\n",
  });
  assertStringIncludes((await fails(["list", "--verbose"])).stderr, "cli_test.ts");
});

Deno.test("cli.ts runs a scenario and prints one JSON document, nothing else", async () => {
  const { status, stdout, stderr } = await spawned(["bench", "contended", "--json", ...BRIEF]);
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  const result = JSON.parse(stdout);
  assertEquals(result.schema, "mempool-bench/result@1");
  assertEquals(result.scenario.workload.duration, 50e6);
  assertEquals(result.runs[0].workers.length, 1);
});

Deno.test("cli.ts prints several results as one JSON array", async () => {
  const { stdout } = await spawned(["bench", "contended", "contended", "--json", ...BRIEF]);
  assertEquals(JSON.parse(stdout).length, 2);
});

Deno.test("cli.ts prints the variants of a scenario one after the other, then side by side", async () => {
  const { stdout } = await spawned(["bench", "reservation", ...BRIEF]);
  const heads = ["reservation/five-level ", "reservation/allocator-reservation ", "side by side "];
  const lines = stdout.split("\n");
  const places = heads.map((head) => lines.findIndex((line) => `${line} `.startsWith(head)));
  assertEquals([places[0], places.toSorted((a, b) => a - b)], [0, places]);
  assertMatch(lines[places[2]!]!, /^side by side +five-level +allocator-reservation$/);
});

Deno.test("cli.ts runs over an allocator of the user's own, wherever it lies, with the right to read alone", async () => {
  const folder = await Deno.makeTempDir();
  const scenario = {
    allocators: { own: { kind: "module", path: "./own.ts" } },
    pools: { buffers: { over: "own", minReserve: 4 } },
    workload: { kind: "closed", take: "buffers" },
  };
  const bench = ["bench", `${folder}/my.jsonc`, "--json", ...BRIEF];
  try {
    await Deno.copyFile(new URL("allocators/examples/free_list.ts", root), `${folder}/own.ts`);
    await Deno.writeTextFile(`${folder}/my.jsonc`, JSON.stringify(scenario));
    const { status, stdout, stderr } = await spawned(bench);
    assertEquals({ status, stderr }, { status: 0, stderr: "" });
    assertEquals(JSON.parse(stdout).runs[0].leaked, 0);
    const forbidden = {
      write: `Deno.writeTextFileSync("${folder}/mine", "")`,
      run: 'new Deno.Command("deno", { args: ["--version"] }).outputSync()',
    };
    for (const [right, code] of Object.entries(forbidden)) {
      await Deno.writeTextFile(`${folder}/own.ts`, code);
      const refused = await spawned(bench);
      assertEquals([refused.status, refused.stdout], [2, ""]);
      const cannot = "this module cannot be loaded \\(Requires";
      assertMatch(
        refused.stderr,
        new RegExp(`^error: my: allocators\\.own: \\S+/own\\.ts: ${cannot} ${right} .+\\n$`),
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("cli.ts prints no colours where nobody watches, nor with NO_COLOR", async () => {
  const { status, stdout, stderr } = await spawned(["bench", "contended", ...BRIEF], {
    NO_COLOR: "1",
  });
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  assertStringIncludes(stdout, "1 backend-atomic");
  assert(!stdout.includes("\x1b"));
});

Deno.test("cli.ts writes to the file of --output and to no other", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/policies.json`;
    await Deno.writeTextFile(file, "x".repeat(100_000));
    const { status, stdout } = await spawned(["list", "policies", "--json", "--output", file]);
    assertEquals({ status, stdout }, { status: 0, stdout: "" });
    assertEquals(JSON.parse(await Deno.readTextFile(file)).policies[0].name, "adaptive");

    const missing = await spawned(["list", "--output", `${folder}/no/such/folder`]);
    assertEquals({ status: missing.status, stdout: missing.stdout }, { status: 2, stdout: "" });
    assertMatch(missing.stderr, /^error: --output: [^\n]+: this file cannot be written: [^\n]+\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("main() prints what it measured when it is interrupted, with status 130", async () => {
  const interrupt = new AbortController();
  const io = recordedIo({ terminalColumns: 80, signal: interrupt.signal });
  const err = {
    ...io.err,
    write(progress: string) {
      if (progress.includes("measuring")) interrupt.abort();
    },
  };
  const args = ["bench", "contended", "canonical", "--json", "--duration", "1h"];
  assertEquals(await main(args, { ...io, err }), 130);
  const result = JSON.parse(io.stdout());
  assertEquals(result.partial, true);
  assertEquals(result.runs[0].workers[0].exit, "interrupted");
});

Deno.test("main() ends with status 3 at a deadlock: one sentence, and the account in the result", async () => {
  const args = ["bench", "dead", "--min-reserve", "0", "--duration", "1h", "--warmup", "0"];
  const { status, stdout, stderr } = await called([...args, "--json"]);
  assertEquals(status, 3);
  assertMatch(stderr, /^error: dead: deadlock: no progress: workers 0 and 1 wait for [^\n]+\n$/);
  const { partial, warnings: [warning] } = JSON.parse(stdout);
  assertEquals([partial, warning.code], [true, "deadlock"]);
  assertStringIncludes(warning.message, "worker 1 holds nothing and has waited ");
});

Deno.test("cli.ts stops its workers at Ctrl-C and keeps the result", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/result.json`;
    const child = command(["bench", "--json", "--duration", "1h", "--output", file]).spawn();
    const streams = Promise.all([child.stdout.text(), child.stderr.text()]);
    // It listens before it opens the file.
    while (!await exists(file)) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGINT");
    assertEquals({ code: (await child.status).code, streams: await streams }, {
      code: 130,
      streams: ["", ""],
    });
    assertEquals(JSON.parse(await Deno.readTextFile(file)).partial, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("cli.ts ends without a word when its reader has seen enough", async () => {
  const child = command(["list", "scenarios", "--schema"]).spawn();
  await child.stdout.cancel();
  const stderr = child.stderr.text();
  assertEquals({ code: (await child.status).code, stderr: await stderr }, { code: 0, stderr: "" });
});

Deno.test("main() spells out characters that would steer a terminal, wherever they came from", async () => {
  const { status, stderr } = await called(["bench", "a\u001b[31m\u202eb"]);
  assertEquals(status, 2);
  assertStringIncludes(stderr, "a\\u001b[31m\\u202eb: there is no such file");
});

Deno.test("cli.ts says which file is not whole where there is no more room for it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/schema.json`;
    // A limit of 4 KiB on what is written, in the place of a full disk.
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      args: [
        "-c",
        `trap "" XFSZ; ulimit -f 4; exec "$@"`,
        "bash",
        Deno.execPath(),
        ...["run", "-q", "--no-check", "-P", "cli.ts", "list", "scenarios", "--schema"],
        ...["--output", file],
      ],
      cwd: new URL(".", import.meta.url),
    }).output();
    const [out, sentence] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals([code, out], [3, ""]);
    assertMatch(
      sentence!,
      /^error: --output: [^\n]*schema\.json: this file is not whole: [^\n]+\n$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
