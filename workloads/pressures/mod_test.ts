import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { InputError } from "../input_error.ts";
import { parseScenario } from "../parse_scenario.ts";
import { registered } from "../registered.ts";

function pressure(notation: string, name = "canonical") {
  return parseScenario({ name }, { set: [`pressure=${notation}`] }, registered)
    .pressure;
}

Deno.test("pressures resolve to plain numbers, with nothing as the default", () => {
  assertEquals(pressure("none"), { kind: "none" });
  assertEquals(pressure("dead"), { kind: "dead" });
  assertEquals(pressure("fail:blocking=1%"), { kind: "fail", atomic: 0, blocking: 0.01 });
  assertEquals(pressure("outages:up=50ms,down=5ms"), { kind: "outages", up: 5e7, down: 5e6 });
});

Deno.test("back ends are not to fail whose elements nobody tracks, and any others may", () => {
  const nothing = (kind: string) =>
    parseScenario(
      { name: "heap" },
      { set: [`allocators.fresh={ "kind": "null" }`, `pressure=${kind}`] },
      registered,
    );
  for (const kind of ["dead", "fail", "outages:up=1ms,down=1ms"]) {
    const { message } = assertThrows(() => nothing(kind), InputError);
    assertStringIncludes(message, `stands on elements that are not tracked, which never fail`);
    assertEquals(pressure(kind, "heap").kind, kind.split(":")[0]);
  }
  assertEquals(nothing("none").pressure, { kind: "none" });
});

Deno.test("hog refuses to leave all pages that there are, and to fill memory that nobody takes pages of", () => {
  assertEquals(pressure("hog:leave=47").leave, 47);
  const cases = [
    [
      "canonical",
      "hog:leave=1000000",
      "--set pressure.leave: 1000000 is not allowed: give an integer from 0 to 47, fewer than the memory's 48 pages",
    ],
    [
      "heap",
      "hog",
      '--set pressure.kind: "hog" is not allowed: it fills page memory, and no pool stands on any: give another pressure',
    ],
  ] as const;
  for (const [name, notation, said] of cases) {
    const { message } = assertThrows(() => pressure(notation, name), InputError);
    assertEquals(message, said);
  }
});
