import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withPolicy, withReserve } from "../tuning/session/moves.ts";
import { beginSession, type Session } from "../tuning/session/session.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { builtinNames, readBuiltin } from "../workloads/scenarios/mod.ts";
import type { RunningOptions } from "./options.ts";
import { tunedText } from "./tuned_file.ts";
import { scenarioWith, type TunedScenario, tunedScenario } from "./tuned_scenario.ts";

const TRACE = new URL("../workloads/scenarios/sqlite-memory.csv.gz", import.meta.url).pathname;

async function begun(named: string | undefined, options: RunningOptions = {}) {
  const tuned = await tunedScenario(named, options);
  return {
    tuned,
    session: beginSession(tuned.tuned, tuned.settings, { kind: "wait-rate", below: 0.01 }),
  };
}

/** What is written is what would be run. */
function check(tuned: TunedScenario, session: Session): string {
  const { text } = tunedText(tuned, session);
  const written = parseScenario({ file: "/elsewhere/tuned.jsonc", text }, {}, registered);
  assertEquals(written, scenarioWith(tuned, session));
  return text;
}

Deno.test("tunedText() is a built-in scenario with its comments, in which only what was chosen is another", async () => {
  for (const name of builtinNames().filter((each) => each !== "bio")) {
    const { tuned, session } = await begun(name);
    const text = check(tuned, withReserve(session, 3));
    const { text: original } = readBuiltin(name);
    for (const comment of original.match(/\/\/ .*/g) ?? []) assertStringIncludes(text, comment);
    assertStringIncludes(text, "// Tuned for wait rate < 1%.\n");
  }
  const { tuned, session } = await begun("outages");
  const text = check(tuned, withPolicy(withReserve(session, 24), "linux")!);
  assertMatch(text, /"minReserve": 24,\n? *"policy": "linux"/);
  assertStringIncludes(text, "// buffers: 24 in reserve (96KiB), linux: nothing predicted.");
});

Deno.test("tunedText() has what the command line changed, and no variants", async () => {
  const set = ["workload.hold=constant:2ms", "memory.pages=128"];
  const { tuned, session } = await begun("outages", {
    workers: "3",
    seed: "7",
    set,
    minReserve: "9",
  });
  const text = check(tuned, withReserve(session, 10));
  for (const part of ['"workers": 3', '"seed": 7', '"pages": 128', '"minReserve": 10']) {
    assertStringIncludes(text, part);
  }
  const several = await begun("reservation");
  const { text: alone, note } = tunedText(several.tuned, several.session);
  assert(!alone.includes('"compare"'));
  assertEquals(note, "its variants are left out");
});

Deno.test("tunedText() of a trace replays it on a pool of its largest blocks whose reserve carries all", async () => {
  const { tuned, session } = await begun(undefined, { trace: TRACE, unfinished: "hold" });
  assertEquals(tuned.tuned.pools.map(({ name }) => name), ["blocks"]);
  assertEquals(tuned.tuned.pools[0]!.unpredicted, null);
  const text = check(tuned, withReserve(session, 900));
  for (const part of ['"minReserve": 900', '"kind": "dead"', '"unfinished": "hold"', TRACE]) {
    assertStringIncludes(text, part);
  }
});

Deno.test("tunedScenario() lets each pool have the reserves and policies that its memory and its allocator allow", async () => {
  const { tuned: { tuned: outages } } = await begun("outages");
  assertEquals(outages.pools[0]!.most, 4096);
  assertEquals(
    outages.pools[0]!.policies.map(({ name }) => name),
    Object.keys(registered.policies),
  );
  const { tuned: { tuned: nested } } = await begun("nested");
  assertEquals(nested.pools.map(({ name, most }) => [name, most])[0], ["urgent", 248]);
  const allowed = nested.pools[0]!.policies.map(({ name }) => name);
  assert(!allowed.includes("allocator-reservation") && allowed.includes("linux"));
  const own = '{"steps":["backend-atomic","reserve","wait"],"retryFrom":"reserve","retryMs":50}';
  const { tuned } = await begun("outages", { set: [`pools.buffers.policy=${own}`] });
  assertEquals(tuned.tuned.pools[0]!.policies[0]!.name, "own");
  assertEquals(tuned.settings[0]!.policy, 0);
});
