import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../workloads/input_error.ts";
import { budgetOf, isDead, outageCycleNs, tasksForOutages } from "./scripted_backend.ts";

const ENDLESS = { upNs: Infinity, downNs: 0 };

Deno.test("isDead() of a back end that never serves, whatever is said to be the reason", () => {
  for (
    const [pressure, dead] of [
      [{ failure: [0, 0], upNs: 0, downNs: Infinity }, true],
      [{ failure: [1, 1], ...ENDLESS }, true],
      [{ failure: [1, 0.99], ...ENDLESS }, false],
      [{ failure: [0.99, 1], ...ENDLESS }, false],
      [{ failure: [0, 0], upNs: 5, downNs: 5 }, false],
    ] as const
  ) {
    const backend = { kind: "pressure", name: "any", pressure } as const;
    assertEquals([isDead(backend), budgetOf(backend)], [dead, dead ? 0 : null]);
  }
});

Deno.test("outageCycleNs() is the time from one outage to the next, where there are any", () => {
  const cycle = (upNs: number, downNs: number) =>
    outageCycleNs({
      ...{ kind: "pressure", name: "any", pressure: { failure: [0, 0], upNs, downNs } },
    });
  assertEquals([cycle(50, 5), cycle(50, 0), cycle(Infinity, 5), cycle(0, 5)], [55, 0, 0, 0]);
  assertEquals(outageCycleNs({ kind: "budget", elements: 3 }), 0);
});

Deno.test("tasksForOutages() are as many as hold 32 of them, and what cannot hold them is refused", () => {
  const reach = { of: "tasks", longest: 2 ** 20, instead: "none" } as const;
  const of = (cycle: number) => tasksForOutages(cycle, reach);
  assertEquals([of(0), of(1100), of(2 ** 15)], [0, 2 ** 16, 2 ** 20]);
  assertThrows(
    () => of(2 ** 15 + 1),
    InputError,
    "outages: there is one in 32,769 tasks, and the longest simulation, of 1,048,576, must hold 32 of them: " +
      "give shorter ones, or none",
  );
});
