import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../input_error.ts";
import { parseScenario } from "../parse_scenario.ts";
import { registered } from "../registered.ts";
import { builtinNames, readBuiltin } from "./builtin.ts";

Deno.test("builtinNames() lists the files of the folder by name", () => {
  const names = builtinNames();
  for (const name of ["canonical", "contended", "dead", "heap", "nested", "outages", "sqlite"]) {
    assert(names.includes(name), name);
  }
});

Deno.test("readBuiltin() gives scenarios that are sound, named as their files, and say what to look at", () => {
  for (const name of builtinNames()) {
    const { text } = readBuiltin(name);
    assert(/^\/\/ [^]*\n\/\/ Look at: /.test(text), name);
    const scenario = parseScenario({ name }, {}, registered);
    assertEquals(scenario.name, name);
    assert(scenario.summary.length > 20 && scenario.summary.length <= 100, scenario.summary);
  }
});

Deno.test("readBuiltin() gives replays whose trace is there", () => {
  for (const name of builtinNames()) {
    const { trace } = parseScenario({ name }, {}, registered).workload;
    assert(trace === null || Deno.statSync(trace).isFile, `${name}: ${trace}`);
  }
});

Deno.test("readBuiltin() refuses an unknown name with those that there are", () => {
  const { message } = assertThrows(() => readBuiltin("canonicl"), InputError);
  const names = builtinNames().join(", ");
  assertEquals(
    message,
    `there is no scenario "canonicl": give ${names} or a file (did you mean canonical?)`,
  );
  assertThrows(() => readBuiltin("../../deno"), InputError);
});
