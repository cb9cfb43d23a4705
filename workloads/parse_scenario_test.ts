import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { resolve } from "node:path";
import { InputError } from "./input_error.ts";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import type { Scenario } from "./scenario.ts";
import { builtinNames, readBuiltin } from "./scenarios/mod.ts";
import { parsed, refusal, SAMPLE, sampleWith } from "./testdata/sample.ts";

function again(scenario: Scenario): Scenario {
  const text = JSON.stringify(scenario);
  return parseScenario({ file: "elsewhere/again.json", text }, {}, registered);
}

Deno.test("parseScenario() resolves units to base numbers and fills in defaults", () => {
  const { memory, pools, workload, pressure, debug, seed, repeat } = parsed(SAMPLE);
  assertEquals(memory, {
    pages: 4096,
    pageBytes: 4096,
    watermarks: { min: 32, low: 64, high: 96 },
    growTo: 4096,
  });
  assertEquals(pools.inner, { over: "page", minReserve: 32, policy: "five-level" });
  assertEquals(workload, {
    kind: "open",
    take: [{ pool: "outer", count: 1, how: "each" }],
    takeOneOf: [],
    workers: 2,
    duration: 2e9,
    warmup: 5e8,
    inFlight: 64,
    arrival: { kind: "poisson", rate: 20000 },
    hold: { kind: "constant", time: 1e6 },
    atomicShare: 0,
    asyncShare: 0,
    trace: null,
    speed: 1,
  });
  assertEquals([pressure, debug, seed, repeat], [{ kind: "none" }, false, 1, 1]);
});

Deno.test("parseScenario() has a trace's path start from the scenario's folder", () => {
  const text = `{
    "allocators": { "page": { "kind": "page" } },
    "pools": { "pages": { "over": "page", "minReserve": 1 } },
    "workload": { "kind": "replay", "take": "pages", "trace": "./t.csv" }
  }`;
  const { workload } = parseScenario({ file: "some/where/r.jsonc", text }, {}, registered);
  assertEquals(workload.trace, resolve("some/where/t.csv"));
});

Deno.test("parseScenario() reports the first mistake in the order of the file", () => {
  const text = sampleWith('"workers": 2', '"workers": 99, "duration": "5 parsecs"')
    .replace('"kind": "none"', '"knid": "none"');
  assertEquals(refusal(text), "my.jsonc:15: workload.workers: 99 is out of range: give 1 to 64");
  assertEquals(
    refusal(text.replace('"over": "page"', '"over": "pagee"')),
    'my.jsonc:9: pools.inner.over: "pagee" is neither an allocator nor a pool of this scenario: ' +
      "give page, fresh, inner or outer (did you mean page?)",
  );
});

Deno.test("parseScenario() refuses shares that are more than the whole, and names without characters", () => {
  assertEquals(
    refusal(sampleWith('"workers": 2', '"atomicShare": "60%", "asyncShare": 0.5')),
    "my.jsonc:15: workload.asyncShare: 0.5 is not allowed beside an atomicShare of 0.6: " +
      "give shares that are 1 or less together",
  );
  for (const name of ["", "a\nb", "x".repeat(101)]) {
    const text = sampleWith('"name": "my"', `"name": ${JSON.stringify(name)}`);
    assert(refusal(text).endsWith(" is not allowed: give 1 to 100 characters on one line"));
  }
});

Deno.test("parseScenario() takes a value that is nowhere written", () => {
  const raw = JSON.parse(SAMPLE.replace("// on top", ""));
  assertEquals(parseScenario({ label: "mine", raw }, {}, registered), parsed(SAMPLE));
  assertEquals(
    assertThrows(
      () => parseScenario({ label: "mine", raw: { ...raw, seed: -1 } }, {}, registered),
      InputError,
    ).message,
    "mine: seed: -1 is out of range: give 0 to 4294967295",
  );
});

Deno.test("parseScenario() reads what it resolved as the same scenario", () => {
  for (const name of builtinNames()) {
    const scenario = parseScenario({ name }, {}, registered);
    assertEquals(again(scenario), scenario, name);
  }
  fc.assert(
    fc.property(overrides(), (set) => {
      const scenario = parsed(SAMPLE, { set });
      assertEquals(again(scenario), scenario);
    }),
  );
});

Deno.test("parseScenario() makes of any spoilt text a scenario or one sentence", () => {
  const texts = [SAMPLE, ...builtinNames().map((name) => readBuiltin(name).text)];
  const tokens = texts.map((text) => text.match(/"(?:[^"\\]|\\.)*"|\/\/.*|[^\s"]|\s+/g) ?? []);
  let refused = 0;
  fc.assert(
    fc.property(
      fc.nat(texts.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 3 }), junk()), {
        minLength: 1,
        maxLength: 3,
      }),
      (which, edits) => {
        const text = edits.reduce(spoil, tokens[which] ?? []).join("");
        try {
          parsed(text);
        } catch (error) {
          assert(error instanceof InputError, `${error}\n${text}`);
          assert(/^my\.jsonc(:\d+)?: [^\n]+$/.test(error.message), error.message);
          refused++;
        }
      },
    ),
    { numRuns: 600 },
  );
  assert(refused > 300);
});

/** Random settings that leave the sample sound. */
function overrides(): fc.Arbitrary<string[]> {
  const one = fc.oneof(
    fc.nat(64).map((n) => `pools.outer.minReserve=${n}`),
    fc.constantFrom("five-level", "backend-only", '{"steps": ["reserve", "wait"]}').map((policy) =>
      `pools.inner.policy=${policy}`
    ),
    fc.double({ min: 1, max: 1e9, noNaN: true }).map((rate) => `workload.arrival.rate=${rate}`),
    fc.double({ min: 0, max: 1, noNaN: true }).map((share) => `workload.atomicShare=${share}`),
    fc.integer({ min: 1, max: 90_000 }).map((ms) => `workload.duration=${ms}ms`),
    fc.constantFrom("dead", "fail:atomic=1%", "outages:up=1s,down=3ms").map((p) => `pressure=${p}`),
    fc.nat(2 ** 32 - 1).map((seed) => `seed=${seed}`),
    fc.integer({ min: 0, max: 10 }).map((order) => `allocators.page.order=${order}`),
  );
  return fc.array(one, { maxLength: 6 }).filter((set) => !set.some(needsMuchMemory));
}

/** An order at which the sample's reserves would not fit. */
function needsMuchMemory(set: string): boolean {
  return /order=([6-9]|10)$/.test(set) || /minReserve=(6[0-4]|[3-5]\d)$/.test(set);
}

/** What a slip of the hand may leave in a file. */
function junk(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom("{", "}", "[", "]", ",", ":", "null", "-1", "1e999", '"', "//", "/*", "\0"),
    fc.constantFrom('"page"', '"inner"', '"kind"', '"__proto__"', '"5 parsecs"', "{}", "[]", "0.5"),
    fc.json(),
    fc.string(),
  );
}

/** Takes a token out, puts junk before it or in its place, or swaps it with another. */
function spoil(
  tokens: readonly string[],
  [at, other, how, text]: [number, number, number, string],
): string[] {
  const spoilt = [...tokens];
  if (spoilt.length === 0) return spoilt;
  const i = at % spoilt.length;
  const j = other % spoilt.length;
  if (how === 0) spoilt.splice(i, 1);
  else if (how === 1) spoilt.splice(i, 0, text);
  else if (how === 2) spoilt.splice(i, 1, text);
  else [spoilt[i], spoilt[j]] = [spoilt[j] ?? "", spoilt[i] ?? ""];
  return spoilt;
}
