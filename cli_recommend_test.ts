/**
 * `recommend` and `sweep` as they are called: documents, exit statuses, refusals.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "./cli.ts";
import { recordedIo } from "./commands/recorded_io.ts";
import { leftOutWarnings } from "./commands/scenarios.ts";
import { sizingOf } from "./commands/sizing.ts";
import * as recommendationFormats from "./results/recommendation_formats/mod.ts";
import * as sweepFormats from "./results/sweep_formats/mod.ts";

const TRACE = new URL("./workloads/scenarios/sqlite-memory.csv.gz", import.meta.url).pathname;
const LOAD = ["--arrival", "poisson:rate=20000/s", "--hold", "exponential:mean=1ms"];
const BRIEF = ["--duration", "100ms", "--warmup", "0"];

async function called(args: readonly string[], terminalColumns = 0) {
  const io = recordedIo({ terminalColumns });
  const status = await main(args, io);
  return { status, stdout: io.stdout(), stderr: io.stderr() };
}

Deno.test("main() recommends for given arrivals and holds, with the formula beside it", async () => {
  const { status, stdout } = await called(["recommend", ...LOAD, "--json"]);
  const { schema, recommended, analytic, curve, because, exact } = JSON.parse(stdout);
  assertEquals([status, schema, exact], [0, "mempool-bench/recommendation@1", null]);
  assertEquals(analytic.minReserve, 32);
  assertEquals(recommended, 32);
  assertMatch(because, new RegExp(`^with ${recommended} .* wait .* 99% confidence`));
  assert(curve.some(({ minReserve }: { minReserve: number }) => minReserve === recommended));
});

Deno.test("main() recommends the same to the last byte for the same seed", async () => {
  const args = ["recommend", ...LOAD, "--json"];
  const [first, second, other] = await Promise.all([
    called(args),
    called(args),
    called([...args, "--seed", "7"]),
  ]);
  assertEquals(first!.stdout, second!.stdout);
  assert(first!.stdout !== other!.stdout);
});

Deno.test("main() ends with 0 where a trace can't tell, and with 1 where nothing allowed is enough", async () => {
  const unsure = await called(["recommend", "--trace", TRACE]);
  assertEquals(unsure.status, 0);
  assertStringIncludes(unsure.stdout, "no recommendation: ");
  assertMatch(unsure.stdout, /! too-short: this trace holds \d+ busy periods? .* needed/s);
  for (
    const args of [["--trace", TRACE, "--max-reserve", "100"], [...LOAD, "--max-reserve", "15"]]
  ) {
    const { status, stderr } = await called(["recommend", ...args]);
    assertEquals(status, 1);
    assertMatch(stderr, /^error: recommend: no reserve up to 1\d+ meets the target[^\n]*\n$/);
  }
});

Deno.test("main() lets a budget of the back end do what the reserve need not", async () => {
  const size = async (...args: string[]) =>
    JSON.parse((await called(["recommend", ...LOAD, "--json", ...args])).stdout).recommended;
  const dead = await size();
  assertEquals(await size("--backend", "budget=20"), dead - 20);
  assert(await size("--backend", "outages:up=50ms,down=5ms") < dead);
});

Deno.test("main() recommends for all pools of a scenario together, and shows meanwhile how far it is", async () => {
  const args = ["recommend", "raid1-resync", "--slo", "wait rate < 8%"];
  const { status, stdout, stderr } = await called([...args, "--json"], 100);
  const recommendation = JSON.parse(stdout);
  const { joint, recommended } = recommendation;
  assertEquals([status, joint.exhaustive, joint.pools.length], [0, true, 2]);
  const [beneath, above] = joint.pools;
  assertEquals([beneath.pool, beneath.minReserve, above.pool], ["r1bio-pool", 0, "resync"]);
  assertEquals(joint.recommended.minReserves, [0, above.minReserve]);
  assertEquals(joint.recommended.bytes, above.minReserve * above.bytesPerElement);
  assert(joint.recommended.missHigh < 0.08 && joint.confirmed.missHigh < 0.08);
  assert(recommended >= 1);
  assertMatch(stderr, /\r.*recommend simulating, run \d+, \d+s so far/s);
  const table = recommendationFormats.table.print(recommendation, { color: false, columns: 100 });
  assertMatch(table, /together \S+, because with them .* no\s+cheaper pair meets the target/s);
  assertMatch(table, /\n {2}resync +\d+ .*\n {2}all +\S+iB/s);
  const markdown = recommendationFormats.markdown.print(recommendation, {
    color: false,
    columns: 0,
  });
  assertStringIncludes(markdown, "| pool | reserve | bytes |");
});

Deno.test("main() sizes one pool only where it is told so, or where there is only one", async () => {
  for (const args of [["nested", "--no-joint"], ["outages"]]) {
    const { stdout } = await called(["recommend", ...args, "--slo", "wait rate < 20%", "--json"]);
    assertEquals(JSON.parse(stdout).joint, null);
  }
});

Deno.test("main() says with how many nobody waits, also where workers wait with their tasks", async () => {
  const { stdout } = await called(["recommend", "dead", "--json"]);
  const { neverWaits, recommended, curve } = JSON.parse(stdout);
  const waits = (min: number) =>
    curve.find(({ minReserve }: { minReserve: number }) => minReserve === min).waitRate;
  assert(neverWaits > recommended && waits(recommended) > 0);
  assertEquals(waits(neverWaits), 0);
});

Deno.test("main() says how the back end fails: by its script, and as the workers of a result saw it", async () => {
  const sized = await called(["recommend", "outages", "--slo", "wait rate < 20%", "--json"]);
  const [scripted, ...others] = JSON.parse(sized.stdout).failures;
  assertEquals([scripted.source, scripted.burstNs, others.length], ["script", 5e6, 0]);
  assertEquals([scripted.share.toFixed(4), Math.round(scripted.allocsPerBurst)], ["0.0909", 100]);
  // A memory that is too small for its load, and one that is down half of the time.
  const squeezed = [
    "--set",
    "pressure=outages:up=5ms,down=5ms",
    "--duration",
    "300ms",
    "--warmup",
    "0",
  ];
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const run = await called(["bench", "outages", ...squeezed, "--json"]);
    await Deno.writeTextFile(file, run.stdout);
    const args = ["recommend", "--result", file, "--slo", "wait rate < 20%", "--json"];
    const { failures } = JSON.parse((await called(args)).stdout);
    const sources = failures.map(({ source }: { source: string }) => source);
    assertEquals(sources, ["script", "measured"]);
    const { share, burstNs, longestNs, allocsPerBurst } = failures[1];
    assert(share > 0.05 && share < 0.98 && burstNs > 1e6 && longestNs >= burstNs);
    assert(allocsPerBurst >= 1);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("main() verifies pools together with real workers, by bounds of what tasks waited", async () => {
  const args = ["recommend", "raid1-resync", "--slo", "wait rate < 8%", "--verify", ...BRIEF];
  const { joint, warnings } = JSON.parse((await called([...args, "--json"])).stdout);
  const { waitRates, atLeast, atMost, met } = joint.verified;
  assertEquals([waitRates.length, waitRates[0]], [2, 0]);
  assertEquals([atLeast, atMost], [waitRates[1], waitRates[1]]);
  // Where it can't tell, it says why: nothing else than the machine keeps it from that.
  const late = warnings.some(({ code }: { code: string }) => code === "rate-not-reached");
  if (met === null) assert(late);
  else assertEquals(met, atMost < 0.08);
});

Deno.test("main() verifies a recommendation with real workers, at the reserve and one below", async () => {
  const { stdout } = await called(["recommend", "outages", "--verify", "--json", ...BRIEF]);
  const { verified, recommended } = JSON.parse(stdout);
  assertEquals(
    verified.map(({ minReserve }: { minReserve: number }) => minReserve),
    [recommended, recommended - 1],
  );
});

for (
  const [command, formats, args] of [
    ["recommend", recommendationFormats, LOAD],
    ["sweep", sweepFormats, ["outages", "--vary", "min-reserve=8,16", "--simulate"]],
  ] as const
) {
  Deno.test(`main() prints what ${command} found in every format, for every width`, async () => {
    for (const format of Object.keys(formats)) {
      const text = async (columns: number) =>
        (await called([command, ...args, "--format", format], columns)).stdout;
      const plain = await text(0);
      assert(plain.endsWith("\n") && !plain.endsWith("\n\n"), format);
      assert(!plain.includes("\x1b["), format);
      assert((await text(100)).length > 0);
    }
  });
}

Deno.test("main() sweeps a grid into one document", async () => {
  const grid = ["--vary", "min-reserve=8..32", "--vary", "policy=five-level,linux"];
  const { status, stdout } = await called(["sweep", "outages", ...grid, "--simulate", "--json"]);
  const { schema, rows, simulated } = JSON.parse(stdout);
  assertEquals([status, schema, simulated, rows.length], [0, "mempool-bench/sweep@1", true, 6]);
  assertEquals(rows[1].settings, { "min-reserve": "8", policy: "linux" });
});

Deno.test("leftOutWarnings() travel with what is swept or sized of a scenario that has variants", async () => {
  const args = ["sweep", "reservation", "--vary", "min-reserve=24,32", "--simulate", "--json"];
  const swept = JSON.parse((await called(args)).stdout);
  const options = { slo: "wait rate < 1%", confidence: "99%", maxReserve: "64" };
  const sized = (await sizingOf("reservation", options)).subject;
  for (const { warnings } of [swept, sized]) {
    assertEquals(warnings[0], {
      code: "variants-left-out",
      message: "reservation/five-level and reservation/allocator-reservation are left out: " +
        "this is of what they have in common",
      advice: "to have it of one of them, give the keys that it changes with --set",
    });
  }
  assertEquals(leftOutWarnings("outages"), []);
});

Deno.test("main() refuses what recommend and sweep cannot do, in one sentence, with status 2", async () => {
  const refusals: readonly (readonly [args: string[], says: string])[] = [
    [["recommend"], "give one of a scenario, --trace FILE"],
    [["recommend", "outages", "--trace", TRACE], "found scenario and trace"],
    [["recommend", "--hold", "constant:1ms"], "--hold alone says too little: give --arrival"],
    [
      ["recommend", "--arrival", "poison:rate=1/s", "--hold", "constant:1ms"],
      "did you mean poisson",
    ],
    [["recommend", ...LOAD, "--slo", "latency < 1ms"], '--slo: "latency < 1ms" is no target'],
    [["recommend", ...LOAD, "--confidence", "20%"], "--confidence: "],
    [["recommend", ...LOAD, "--backend", "none"], '--backend: "none" is no back end that can'],
    [["recommend", ...LOAD, "--backend", "budget=many"], "--backend: "],
    [["recommend", ...LOAD, "--policy", "lunix"], '--policy: "lunix" is not a policy'],
    [["recommend", "contended"], "a closed load has no arrivals to size a reserve for: with 1,024"],
    [["recommend", "highmem", "--set", "workload.asyncShare=0.5"], 'give "how": "bulk", or an'],
    [["recommend", "sqlite"], "a replay is sized by its trace: give --trace"],
    [["recommend", "--result", "LICENSE"], "LICENSE"],
    [["sweep", "outages"], "required option '--vary <key=list>' not specified"],
    [["sweep", "outages", "--vary", "min-reserve=9..3"], "leads nowhere"],
    [
      ["sweep", "outages", "--vary", "policy=lunix"],
      '--vary policy: pools.buffers.policy: "lunix"',
    ],
    [["sweep", "outages", "--vary", "nope=1"], "--vary nope: unknown key"],
    [["sweep", "outages", "--vary", "memory.pages=x"], '--vary memory.pages: "x" is not'],
    [["sweep", "outages", "--vary", "min-reserve=1", "--set", "nope=1"], "--set nope: unknown"],
  ];
  for (const [args, says] of refusals) {
    const { status, stdout, stderr } = await called(args);
    assertEquals({ args, status, stdout }, { args, status: 2, stdout: "" });
    assertStringIncludes(stderr, says);
    assertMatch(stderr, /^error: [^\n]+\n$/);
  }
});
