import { assertEquals } from "@std/assert";
import type { Policy } from "../../pools/policy.ts";
import { assertRefusals, parsed, sampleWith } from "../testdata/sample.ts";

const STEPS =
  'give backend-atomic, reserve, backend-blocking, wait or {"reserve": {"atLeast": 0.5}}';
const POLICIES =
  'give adaptive, allocator-reservation, backend-only, five-level, linux, linux-2.5, reserve-first or {"steps": [...]}';
const AT = "10: pools.outer.policy";

function policyOf(text: string) {
  return parsed(sampleWith('"linux"', text)).pools.outer?.policy;
}

Deno.test("policySchema() takes a registered name, five-level where none is given", () => {
  assertEquals(policyOf('"reserve-first"'), "reserve-first");
  assertEquals(parsed(sampleWith(', "policy": "linux"', "")).pools.outer?.policy, "five-level");
});

Deno.test("policySchema() takes steps of one's own and fills in how waiters go on", () => {
  assertEquals(policyOf('{ "steps": ["backend-atomic", "wait"] }'), {
    steps: ["backend-atomic", "wait"],
    retryFrom: "backend-atomic",
    retryMs: 5000,
  });
  assertEquals(
    policyOf(
      '{ "steps": [{ "reserve": { "atLeast": "25%" } }, "backend-blocking", "reserve", "wait"], "retryFrom": "backend-blocking", "retryMs": 100 }',
    ),
    {
      steps: [{ reserve: { atLeast: 0.25 } }, "backend-blocking", "reserve", "wait"],
      retryFrom: "backend-blocking",
      retryMs: 100,
    },
  );
  assertEquals(policyOf('{ "steps": [{ "reserve": { "moreThan": 0.5 } }] }'), {
    steps: [{ reserve: { moreThan: 0.5 } }],
    retryFrom: "reserve",
    retryMs: 5000,
  });
});

Deno.test("policySchema() takes where the reserve is, and how it follows demand", () => {
  const { reserveIn, adapt } = policyOf(
    '{ "steps": ["reserve"], "reserveIn": "pool", "adapt": { "growth": 1.5 } }',
  ) as Policy;
  assertEquals([reserveIn, adapt], ["pool", { growth: 1.5, windowMs: 250, giveBack: 0.5 }]);
  assertEquals("adapt" in (policyOf('{ "steps": ["reserve"] }') as Policy), false);
});

Deno.test("policySchema() refuses unknown policies, keys and steps", () => {
  assertRefusals([
    ['"linux"', '"linx"', `${AT}: "linx" is not a policy: ${POLICIES} (did you mean linux?)`],
    ['"linux"', "7", `${AT}: 7 is not a policy: ${POLICIES}`],
    [
      '"linux"',
      '{ "stps": [] }',
      `${AT}.stps: unknown key: give steps, retryFrom, retryMs, reserveIn or adapt (did you mean steps?)`,
    ],
    [
      '"linux"',
      '{ "steps": "reserve" }',
      `${AT}.steps: "reserve" is not allowed: give a list of steps`,
    ],
    [
      '"linux"',
      '{ "steps": ["backend-atomic", "reserv"] }',
      `${AT}.steps.1: "reserv" is not a step: ${STEPS} (did you mean reserve?)`,
    ],
    ['"linux"', '{ "steps": [5] }', `${AT}.steps.0: 5 is not a step: ${STEPS}`],
    [
      '"linux"',
      '{ "steps": [{ "reserve": { "atLest": 0.5 } }] }',
      `${AT}.steps.0.reserve.atLest: unknown key: give atLeast or moreThan (did you mean atLeast?)`,
    ],
    [
      '"linux"',
      '{ "steps": [{ "reserve": { "atLeast": 1.5 } }] }',
      `${AT}.steps.0.reserve.atLeast: 1.5 is not a probability: give a number from 0 to 1 or a percentage, such as 0.1%`,
    ],
  ]);
});

Deno.test("policySchema() refuses steps that do not go together", () => {
  const none = "there is no step to take an element by: " +
    "give backend-atomic, reserve or backend-blocking";
  assertRefusals([
    ['"linux"', '{ "steps": [] }', `${AT}.steps: ${none}`],
    ['"linux"', '{ "steps": ["wait"] }', `${AT}.steps: ${none}`],
    [
      '"linux"',
      '{ "steps": ["reserve", "reserve"] }',
      `${AT}.steps: reserve stands there twice: give each step at most once`,
    ],
    [
      '"linux"',
      '{ "steps": [{ "reserve": { "atLeast": 0.5 } }, { "reserve": { "moreThan": 0.2 } }] }',
      `${AT}.steps: a reserve step with a condition stands there twice: give each step at most once`,
    ],
    [
      '"linux"',
      '{ "steps": ["reserve", "wait", "backend-atomic"] }',
      `${AT}.steps: wait is not the last step: nothing can follow it`,
    ],
    [
      '"linux"',
      '{ "steps": [{ "reserve": {} }] }',
      `${AT}.steps.0: not one condition: give either atLeast or moreThan`,
    ],
    [
      '"linux"',
      '{ "steps": [{ "reserve": { "atLeast": 0, "moreThan": 0 } }] }',
      `${AT}.steps.0: not one condition: give either atLeast or moreThan`,
    ],
    [
      '"linux"',
      '{ "steps": ["reserve", "wait"], "retryFrom": "backend-atomic" }',
      `${AT}.retryFrom: backend-atomic is not one of the steps: give reserve`,
    ],
    [
      '"linux"',
      '{ "steps": ["reserve"], "retryFrom": "backend" }',
      `${AT}.retryFrom: "backend" is not allowed: give backend-atomic, reserve or backend-blocking`,
    ],
    [
      '"linux"',
      '{ "steps": ["reserve"], "retryMs": 0 }',
      `${AT}.retryMs: 0 is out of range: give 0.1 to 3600000`,
    ],
    [
      '"linux"',
      '{ "steps": ["reserve"], "reserveIn": "slab" }',
      `${AT}.reserveIn: "slab" is not allowed: give pool or allocator`,
    ],
    [
      '"linux"',
      '{ "steps": ["reserve"], "adapt": { "growth": 0.5 } }',
      `${AT}.adapt.growth: 0.5 is out of range: give 1 to 16`,
    ],
    [
      '"linux"',
      '{ "steps": ["reserve"], "adapt": { "window": 1 } }',
      `${AT}.adapt.window: unknown key: give growth, windowMs or giveBack (did you mean windowMs?)`,
    ],
  ]);
});
