/** Which steps are walked, in which order: every policy against a plain walker, in every situation up to M = 5. */
import { assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { compilePolicy } from "./compiled_policy.ts";
import { resolvePolicy } from "./composition_plan.ts";
import * as registry from "./policies/mod.ts";
import type { Policy, Step } from "./policy.ts";
import type { Serves } from "./testing/scripted_backend.ts";
import { soon } from "./testing/eventually.ts";
import { type ScriptedPool, scriptedPool } from "./testing/scripted_pool.ts";
import { walk } from "./testing/step_walker.ts";

const BLOCKING_FIRST: readonly Step[] = ["backend-blocking", "reserve", "backend-atomic", "wait"];

/** Lists that nobody has registered. */
const CUSTOM: Readonly<Record<string, Policy>> = {
  "a quarter of the reserve first": {
    steps: [
      "backend-atomic",
      { reserve: { atLeast: 0.25 } },
      "backend-blocking",
      "reserve",
      "wait",
    ],
    retryFrom: "backend-atomic",
    retryMs: 60_000,
  },
  "more than three quarters of the reserve, then no wait": {
    steps: [{ reserve: { moreThan: 0.75 } }, "backend-atomic", "reserve"],
    retryFrom: "reserve",
    retryMs: 60_000,
  },
  "the blocking backend first": {
    steps: BLOCKING_FIRST,
    retryFrom: "backend-blocking",
    retryMs: 60_000,
  },
  "the blocking backend first, tried again from the reserve": {
    steps: BLOCKING_FIRST,
    retryFrom: "reserve",
    retryMs: 60_000,
  },
  "nothing but the atomic backend and the wait": {
    steps: ["backend-atomic", "wait"],
    retryFrom: "backend-atomic",
    retryMs: 60_000,
  },
  "nothing but the reserve": { steps: ["reserve"], retryFrom: "reserve", retryMs: 60_000 },
};

const POLICIES: Readonly<Record<string, Policy>> = { ...registry, ...CUSTOM };

type Caller = "atomic" | "blocking" | "async";

const SERVES: readonly Serves[] = [
  { atomic: true, blocking: true },
  { atomic: false, blocking: true },
  { atomic: true, blocking: false },
  { atomic: false, blocking: false },
];

/** M, N and what the back end does. */
interface Situation {
  readonly minReserve: number;
  readonly current: number;
  readonly serves: Serves;
}

function* situations(): Generator<Situation> {
  for (let minReserve = 0; minReserve <= 5; minReserve++) {
    for (let current = 0; current <= minReserve; current++) {
      for (const serves of SERVES) yield { minReserve, current, serves };
    }
  }
}

/** Allocates as a caller of the kind does; whoever waits is served by the free of `spare`. */
async function allocate(made: ScriptedPool, caller: Caller, spare: Handle): Promise<Handle> {
  const { pool } = made;
  if (caller === "atomic") return pool.allocate(ATOMIC);
  made.duringWait(() => pool.free(spare));
  if (caller === "blocking") return pool.allocate(BLOCKING);
  const wait = pool.allocateAsync();
  if (pool.reserve.queue.count() > 0) pool.free(spare);
  return await soon("the async caller", wait);
}

function levelSince(made: ScriptedPool, before: readonly number[]): number {
  return made.counts().hits.findIndex((hits, index) => hits > before[index]!) + 1;
}

for (const [name, policy] of Object.entries(POLICIES)) {
  for (const caller of ["atomic", "blocking", "async"] as const) {
    Deno.test(`Mempool under ${name} walks the steps of its policy for ${caller} callers`, async () => {
      for (const situation of situations()) {
        const made = scriptedPool({ minReserve: situation.minReserve, policy });
        const spare = made.backend.out.size === 0 ? made.pool.allocate(BLOCKING) : NONE;
        const held = made.leaveInReserve(situation.current);
        made.backend.serves = situation.serves;
        made.backend.takeLog();
        await compare(made, policy, situation, caller, spare === NONE ? held[0]! : spare);
      }
    });
  }
}

async function compare(
  made: ScriptedPool,
  policy: Policy,
  situation: Situation,
  caller: Caller,
  spare: Handle,
): Promise<void> {
  const { hits, none, failed } = made.counts();
  const expected = walk(policy.steps, {
    ...situation,
    asks: (kind) => situation.serves[kind],
    maySleep: caller !== "atomic",
  });
  const handle = await allocate(made, caller, spare);
  const found = {
    calls: made.backend.takeLog(),
    level: levelSince(made, hits),
    current: made.pool.currentReserve,
  };
  assertEquals(found, expected as typeof found, JSON.stringify(situation));
  assertEquals(handle !== NONE, expected.level > 0);
  const refused = [made.counts().none - none, made.counts().failed - failed];
  if (expected.level > 0) assertEquals(refused, [0, 0]);
  else assertEquals(refused, caller === "atomic" ? [1, 0] : [0, 1]);
  made.check();
}

for (const [name, policy] of Object.entries(POLICIES)) {
  if (!policy.steps.includes("wait")) continue;
  Deno.test(`Mempool under ${name} tries again from its retryFrom`, () => {
    const made = scriptedPool({ minReserve: 2, policy: { ...policy, retryMs: 1 } });
    const [first] = made.leaveInReserve(0);
    made.backend.die();
    const logs: string[][] = [];
    made.beforeSleeps(() => {
      logs.push(made.backend.takeLog());
      if (logs.length === 3) made.pool.free(first!);
    });
    assertEquals(made.pool.allocate(BLOCKING), first!);
    const again = policy.steps.slice(policy.steps.indexOf(policy.retryFrom))
      .filter((step) => step !== "wait");
    const dead = { minReserve: 2, current: 0, asks: () => false, maySleep: true };
    const retried = [...walk(again, dead).calls];
    assertEquals(logs.slice(1), [retried, retried]);
    made.check();
  });
}

/** What each registered policy is, step by step, and from where it tries again. */
const TABLE: Readonly<Record<string, readonly [steps: string, retryFrom: string]>> = {
  "five-level": [
    "backend-atomic, reserve >= 0.5, backend-blocking, reserve, wait",
    "backend-atomic",
  ],
  "linux": ["backend-atomic, reserve >= 0, backend-blocking, reserve, wait", "backend-blocking"],
  "linux-2.5": ["backend-atomic, reserve > 0.5, backend-blocking, reserve, wait", "backend-atomic"],
  "reserve-first": ["reserve, backend-atomic, backend-blocking, wait", "reserve"],
  "backend-only": ["backend-atomic, backend-blocking", "backend-atomic"],
  "adaptive": [
    "backend-atomic, reserve >= 0.5, backend-blocking, reserve, wait",
    "backend-atomic",
  ],
  "allocator-reservation": ["backend-atomic, backend-blocking, reserve, wait", "backend-atomic"],
};

function textOf(step: Step): string {
  if (typeof step === "string") return step;
  const { reserve } = step;
  return "atLeast" in reserve ? `reserve >= ${reserve.atLeast}` : `reserve > ${reserve.moreThan}`;
}

for (const [name, [steps, retryFrom]] of Object.entries(TABLE)) {
  Deno.test(`Policy ${name} is: ${steps}; again from ${retryFrom} after 5 s`, () => {
    const policy = resolvePolicy(name);
    const text = policy.steps.map(textOf).join(", ");
    assertEquals([text, policy.retryFrom, policy.retryMs], [steps, retryFrom, 5000]);
  });
}

Deno.test("compilePolicy() refuses a wait that is not last and a retryFrom that is not a step", () => {
  const policy = resolvePolicy("five-level");
  assertThrows(
    () => compilePolicy({ ...policy, steps: ["wait", "backend-atomic"] }),
    RangeError,
    "wait must be its last step",
  );
  assertThrows(
    () => compilePolicy({ ...policy, steps: ["reserve", "wait"] }),
    RangeError,
    'retryFrom must be one of its steps: current value is "backend-atomic"',
  );
});

Deno.test("resolvePolicy() takes a registered name or a policy, and refuses everything else by name", () => {
  for (const [name, policy] of Object.entries(registry)) assertEquals(resolvePolicy(name), policy);
  const custom = CUSTOM["nothing but the reserve"]!;
  assertEquals(resolvePolicy(custom), custom);
  for (const name of ["six-level", "toString"]) {
    assertThrows(() => resolvePolicy(name), RangeError, `"${name}" is not a policy`);
  }
});
