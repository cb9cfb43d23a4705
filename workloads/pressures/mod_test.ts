import { assertEquals } from "@std/assert";
import { parseScenario } from "../parse_scenario.ts";
import { registered } from "../registered.ts";

function pressure(notation: string) {
  return parseScenario({ name: "canonical" }, { set: [`pressure=${notation}`] }, registered)
    .pressure;
}

Deno.test("pressures resolve to plain numbers, with nothing as the default", () => {
  assertEquals(pressure("none"), { kind: "none" });
  assertEquals(pressure("dead"), { kind: "dead" });
  assertEquals(pressure("fail:blocking=1%"), { kind: "fail", atomic: 0, blocking: 0.01 });
  assertEquals(pressure("outages:up=50ms,down=5ms"), { kind: "outages", up: 5e7, down: 5e6 });
});
