import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { elementsUnderWay, tasksUnderWay } from "./under_way.ts";

const TASKS = 2 ** 17;

function underWay(
  rate: number,
  hold: { kind: string; [option: string]: string | number },
  tasks = TASKS,
) {
  const { count, startNs, holdNs } = tasksUnderWay(
    { arrival: { kind: "poisson", rate }, hold },
    1,
    tasks,
  );
  assertEquals(startNs, new Float64Array(count));
  return { count, forEver: holdNs.filter((each) => each === Infinity).length, holdNs };
}

Deno.test("tasksUnderWay() are as many as are held on the average", () => {
  const { count, forEver, holdNs } = underWay(
    20_000_000,
    { kind: "exponential", mean: 1e6 },
    2 ** 22,
  );
  assertEquals([count, forEver], [20_000, 0]);
  assertAlmostEquals(holdNs.reduce((sum, hold) => sum + hold, 0) / count / 1e6, 1, 0.03);
});

Deno.test("tasksUnderWay() adds those whose number no run of that length shows to vary", () => {
  // Of 200 that are under way 30 % are so throughout: by chance 18 more, once in a hundred times.
  const heavy = { kind: "pareto", min: 90_909, alpha: 1.1 };
  const { count, forEver, holdNs } = underWay(200_000, heavy);
  assertGreater(forEver, 14);
  assertLess(forEver, 22);
  assertAlmostEquals(count - forEver, 200, 1);
  assertEquals(holdNs.findLastIndex((hold) => hold === Infinity), forEver - 1);
  assertLess(underWay(200_000, heavy, 2 ** 24).forEver, forEver);
});

Deno.test("tasksUnderWay() does not try to put in what no pool has room for", () => {
  const { count } = underWay(1e10, { kind: "constant", time: 86_400e9 });
  assertLess(count, 2 ** 24);
});

Deno.test("tasksUnderWay() of what comes and goes evenly have none wait: one ends as the next arrives", () => {
  const load = {
    arrival: { kind: "constant", rate: 1000 },
    hold: { kind: "constant", time: 20e6 },
  };
  for (const tasks of [10, TASKS]) {
    const { count, holdNs } = tasksUnderWay(load, 1, tasks);
    assertEquals(holdNs, Float64Array.from({ length: 20 }, (_, task) => task * 1e6));
    assertEquals(count, 20);
  }
});

Deno.test("elementsUnderWay() are held together where a task has taken several", () => {
  const load = {
    arrival: { kind: "poisson", rate: 20_000 },
    hold: { kind: "exponential", mean: 1e6 },
  };
  const { holdNs } = tasksUnderWay(load, 1, TASKS);
  for (const elements of [1, 3]) {
    const each = elementsUnderWay({ ...load, elements }, 1, elements * TASKS);
    assertEquals(
      each,
      Float64Array.from([...holdNs].flatMap((hold) => Array(elements).fill(hold))),
    );
  }
});
