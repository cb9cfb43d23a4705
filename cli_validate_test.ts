import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import { builtinNames } from "./workloads/scenarios/mod.ts";

const SOUND = {
  allocators: { page: { kind: "page" } },
  pools: { buffers: { over: "page", minReserve: 8 } },
  workload: { kind: "closed", take: "buffers", duration: "2s" },
};

async function called(...args: string[]) {
  const io = recordedIo();
  const status = await main(["validate", ...args], io);
  return { status, stdout: io.stdout(), stderr: io.stderr() };
}

/** Validates files with these texts, named a.jsonc, b.jsonc and so on, in a folder of their own. */
async function validated(texts: readonly string[], ...args: string[]) {
  const folder = Deno.makeTempDirSync();
  try {
    const files = texts.map((text, index) => {
      const file = `${folder}/${"abc"[index]}.jsonc`;
      Deno.writeTextFileSync(file, text);
      return file;
    });
    const outcome = await called(...files, ...args);
    return { ...outcome, stdout: outcome.stdout.replaceAll(`${folder}/`, "") };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("validate says what a sound file is", async () => {
  const { status, stdout, stderr } = await validated([JSON.stringify(SOUND)]);
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  assertEquals(
    stdout,
    "a.jsonc: a sound scenario: a, 1 pool over 1 allocator, closed load by 2 workers for 2s, " +
      "16MiB of memory\n",
  );
});

Deno.test("validate finds every built-in scenario sound, with its variants", async () => {
  const { status, stdout, stderr } = await called(...builtinNames());
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  for (const name of builtinNames()) assertStringIncludes(stdout, `${name}: a sound `);
  assertStringIncludes(stdout, "a sound variant: reservation/five-level, 2 pools over 1 allocator");
});

Deno.test("validate --json prints the resolved scenario, or several, or nothing where one is refused", async () => {
  const text = JSON.stringify(SOUND);
  const one = JSON.parse((await validated([text], "--json")).stdout);
  assertEquals([one.name, one.workload.duration, one.repeat], ["a", 2e9, 1]);
  const compare = { low: { "pools.buffers.minReserve": 1 }, high: {} };
  const both = [JSON.stringify({ ...SOUND, compare }), text];
  const several = JSON.parse((await validated(both, "--json")).stdout);
  assertEquals(several.map(({ name }: { name: string }) => name), ["a/low", "a/high", "b"]);
  const { status, stdout } = await validated([text, "{}"], "--json");
  assertEquals({ status, stdout }, { status: 2, stdout: "" });
});

Deno.test("validate names each file that is refused, and still says which are sound", async () => {
  const texts = [JSON.stringify({ ...SOUND, seed: -1 }), JSON.stringify(SOUND), "{\n,}"];
  const { status, stdout, stderr } = await validated(texts);
  assertEquals(status, 2);
  assertStringIncludes(stdout, "b.jsonc: a sound scenario");
  assertStringIncludes(stderr, "a.jsonc:1: seed: -1 is out of range");
  assertStringIncludes(stderr, 'c.jsonc:2: unexpected ","');
  assertEquals(stderr.match(/\n/g)!.length, 2);
});

Deno.test("validate refuses what only the start of a run would show", async () => {
  const replay = { kind: "replay", take: "buffers", trace: "./none.csv" };
  const hold = { kind: "trace", file: "./none.csv" };
  const arrival = { kind: "constant", rate: "10/s" };
  const module = { kind: "module", path: "./none.ts" };
  const refusals: readonly (readonly [object, RegExp])[] = [
    [{ workload: replay }, /a\.jsonc: .*none\.csv: /],
    [{ workload: { kind: "open", take: "buffers", arrival, hold } }, /a\.jsonc: .*none\.csv: /],
    [{ allocators: { page: module } }, /a\.jsonc: a: allocators\.page: .*none\.ts/],
    [
      { compare: { sound: {}, unsound: { "allocators.page": module } } },
      /a\.jsonc: a\/unsound: allocators\.page: .*none\.ts/,
    ],
  ];
  for (const [changes, says] of refusals) {
    const { status, stdout, stderr } = await validated([JSON.stringify({ ...SOUND, ...changes })]);
    assertEquals({ status, stdout, says: says.test(stderr) }, {
      status: 2,
      stdout: "",
      says: true,
    });
  }
});
