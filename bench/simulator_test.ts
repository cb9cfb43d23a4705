import { assertEquals, assertMatch } from "@std/assert";
import { report } from "./simulator.ts";

Deno.test("report() of the simulator has a line for drawing and for each case", () => {
  const lines = report(20_000, 1);
  assertEquals(lines.length, 4);
  for (const line of lines) assertMatch(line, /\d ns a task +\d+\.\d M allocations\/s$/);
});
