/**
 * Whole sessions on a machine that is played: gated as `ab --gate` gates them, with noise as shared machines have it.
 *
 * In earnest: `deno test -P=test commands/ab_session_test.ts -- --sessions 1000`.
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { type Comparison, MARGINS } from "../results/comparison.ts";
import { CPU, CPU_ALONE } from "../results/measures.ts";
import { exampleSlice } from "../results/testing/example_slice.ts";
import { createRandom, type Random } from "../workloads/random.ts";
import type { AbPlan } from "./ab_plan.ts";
import { runSession, type SessionWorld } from "./ab_session.ts";
import { Exit } from "./exit.ts";
import {
  PacedError,
  type PacedSource,
  type SlotOrder,
  SlotsError,
  type StartPaced,
} from "./paced_process.ts";
import { recordedIo } from "./recorded_io.ts";
import { planSlots } from "./slot_turns.ts";
import { drawTurns } from "./turns.ts";

const SESSIONS = Number(parseArgs(Deno.args, { string: ["sessions"] }).sessions ?? 10);

/** What a block takes on the played machine, milliseconds: two processes started at once, four slices, or a warm-up and slots. */
const START_MS = 350;
const SLICE_MS = 300;
const WARMUP_MS = 100;

function plan(seed: number, budgetMs: number): AbPlan {
  return {
    folders: { base: "before", head: "now" },
    args: ["contended"],
    seed,
    judging: { margins: MARGINS, confidence: 0.98 },
    budgetMs,
    sliceMs: 200,
    slots: planSlots(200, 1),
    patience: { readyMs: 60_000, sliceMs: 60_000 },
    warnings: [],
  };
}

/** How a machine goes. */
interface Played {
  /** How many times as long the head takes. */
  readonly cost?: number;
  /** Deviation of a slice, or of a slot. */
  readonly noise?: number;
  /** Whether both sides take turns in slots. */
  readonly inSlots?: boolean;
  /** Whether somebody else works on it now and then, for a second or so. */
  readonly loaded?: boolean;
}

/** A process without slots. */
const NO_SLOTS: Pick<PacedSource, "begin" | "slot" | "end"> = {
  begin: () => Promise.reject(new Error("no slots")),
  slot: () => Promise.reject(new Error("no slots")),
  end: () => Promise.reject(new Error("no slots")),
};

/** A machine in virtual time. */
function played(
  random: Random,
  { cost = 1, noise = 0.03, loaded = false, inSlots = false }: Played,
) {
  let nowMs = 0;
  let slowUntilMs = 0;
  const start: StartPaced = ({ folder }) => {
    const luck = 1 + 0.005 * random.normal();
    nowMs += START_MS / 2;
    const sizeAfter = (ms: number) => {
      nowMs += ms;
      // One slice in ten has somebody come, or as many slots as take as long.
      const comes = loaded && random.uniform() < 0.1 * ms / SLICE_MS;
      if (comes) slowUntilMs = nowMs + 2000 * random.uniform();
      const slow = nowMs < slowUntilMs ? 1.5 + random.uniform() : 1;
      return Math.exp(noise * random.normal()) * luck * slow * (folder === "now" ? cost : 1);
    };
    return {
      ready: () => Promise.resolve(inSlots),
      slice: () => Promise.resolve(exampleSlice(sizeAfter(SLICE_MS))),
      begin: () => Promise.resolve(void (nowMs += WARMUP_MS / 2)),
      slot({ name, ms }) {
        const cpuNs = 7 * sizeAfter(ms);
        return Promise.resolve({ name, allocsPerSecond: 1e9 / cpuNs, cpuNs });
      },
      end: () => Promise.resolve(exampleSlice(sizeAfter(0))),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  };
  return { start, now: () => nowMs };
}

function world(machine: Pick<SessionWorld, "start" | "now">): SessionWorld {
  return { ...machine, signal: new AbortController().signal, quiet: true, err: recordedIo().err };
}

async function verdictsOf(machine: Played, budgetMs: number, sessions = SESSIONS) {
  const counts = { slower: 0, faster: 0, same: 0, "cannot tell": 0, unfit: 0 };
  for (let seed = 1; seed <= sessions; seed++) {
    const random = createRandom(seed, 9);
    const comparison = await runSession(plan(seed, budgetMs), world(played(random, machine)));
    counts[comparison!.verdict]++;
    if (comparison!.session!.unfit !== null) counts.unfit++;
  }
  return counts;
}

for (const inSlots of [false, true]) {
  const turns = inSlots ? "in slots" : "in slices";
  for (const loaded of [false, true]) {
    const where = loaded ? "a machine that others work on" : "a quiet machine";
    for (const budgetMs of [5000, 30_000]) {
      Deno.test(`runSession() of ${budgetMs / 1000}s ${turns} calls identical code slower at most 2 times in 100 on ${where}`, async () => {
        const { slower, faster } = await verdictsOf({ loaded, inSlots }, budgetMs);
        assert(slower <= 0.02 * SESSIONS && faster <= 0.02 * SESSIONS, `${slower} ${faster}`);
      });
    }
  }

  Deno.test(`runSession() of 30s ${turns} finds 10 % more in 19 of 20`, async () => {
    const { slower } = await verdictsOf({ cost: 1.1, inSlots }, 30_000);
    assert(slower >= 0.95 * SESSIONS, `${slower} of ${SESSIONS}`);
  });

  Deno.test(`runSession() of 30s ${turns} shows in 9 of 10 what it says it would have seen`, async () => {
    let shown = 0;
    for (let seed = 1; seed <= SESSIONS; seed++) {
      const session = async (lot: number, cost: number) => {
        const machine = played(createRandom(lot, 9), { cost, inSlots });
        return (await runSession(plan(lot, 30_000), world(machine)))!;
      };
      const { name } = inSlots ? CPU_ALONE : CPU;
      const telling = ({ rows }: Comparison) => rows.find(({ measure }) => measure === name)!;
      const sees = telling(await session(seed, 1)).detectable!;
      const injected = await session(seed + SESSIONS, 1 + sees);
      // Whichever row says it first ends the session, so that the others may have had no time to.
      if (injected.verdict === "slower") shown++;
    }
    assert(shown >= 0.9 * SESSIONS, `${shown} of ${SESSIONS}`);
  });
}

Deno.test("runSession() of 5s cannot tell, and says that it was short", async () => {
  const comparison = await runSession(
    plan(1, 5000),
    world(played(createRandom(1, 9), { cost: 3 })),
  );
  assertEquals(comparison!.verdict, "cannot tell");
  assertEquals(comparison!.warnings.map(({ code }) => code), ["short-budget"]);
  assert(comparison!.session!.spentNs <= 5e9);
});

Deno.test("runSession() stops as soon as something is slower, or all is told", async () => {
  const session = async (machine: Played) =>
    (await runSession(plan(1, 120_000), world(played(createRandom(1, 9), machine))))!;
  for (const [cost, verdict] of [[2, "slower"], [0.5, "faster"], [1, "same"]] as const) {
    const { session: facts, ...comparison } = await session({ cost, noise: 0.005 });
    assertEquals([comparison.verdict, facts!.ended], [verdict, "told"]);
    assert(facts!.blocks < 60, `${facts!.blocks}`);
    assert(facts!.blocksMost > 60, `${facts!.blocksMost}`);
  }
});

/** A process of a played machine that runs in slots, and what it was asked. */
function slotted(
  asked: string[],
  { cost = 1, can = true, stuck = false, started = [] as string[] } = {},
): StartPaced {
  const noise = createRandom(5, 9);
  return ({ folder }) => {
    started.push(folder);
    const times = (folder === "now" ? cost : 1) * (1 + 0.03 * noise.normal());
    const slot = ({ name, ms, worker }: SlotOrder) => {
      asked.push(`${folder} ${name} ${ms} ${worker}`);
      const cpuNs = 7 * times * (1 + 0.05 * noise.normal());
      return Promise.resolve({ name, allocsPerSecond: 1e9 / cpuNs, cpuNs });
    };
    return {
      ready: () => Promise.resolve(can || folder === "now"),
      slice: () => Promise.resolve(exampleSlice(times)),
      begin: () => stuck ? Promise.reject(new SlotsError("they wait")) : Promise.resolve(),
      slot,
      end: () => Promise.resolve(exampleSlice(times)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  };
}

/** A world in which each look at the clock takes a second. */
function ticking(start: StartPaced): SessionWorld {
  let nowMs = 0;
  return world({ start, now: () => nowMs += 1000 });
}

Deno.test("runSession() has both sides take turns in slots, by fours of one kind as the lot says", async () => {
  const asked: string[] = [];
  const slots = planSlots(100, 2);
  const started: string[] = [];
  const start = slotted(asked, { started });
  const { session } = (await runSession({ ...plan(3, 4000), slots }, ticking(start)))!;
  assertEquals([session!.blocks, session!.slots, session!.slotNs], [4, 20, 10e6]);
  assertEquals(asked.length, 4 * 4 * slots.fours.length);
  const fours = Array.from({ length: 4 }, () => slots.fours).flat();
  for (const [four, { name, worker }] of fours.entries()) {
    const turns = asked.slice(4 * four, 4 * four + 4);
    const sides = turns.map((turn) => turn.split(" ")[0]).join(" ");
    assert(["before now now before", "now before before now"].includes(sides), sides);
    assert(turns.every((turn) => turn.endsWith(` ${name} 10 ${worker}`)));
    // Who has its turn first was started first: what that is worth follows from the lot too.
    assertEquals(started[2 * Math.floor(four / slots.fours.length)], sides.split(" ")[0]);
  }
  assertEquals(new Set([0, 2, 4, 6].map((at) => started[at])), new Set(["before", "now"]));
  assertEquals(new Set(slots.fours.map(({ worker }) => worker)), new Set([0, 1]));
});

Deno.test("runSession() in slots finds 10 % more, and calls identical code the same", async () => {
  const session = async (cost: number) => {
    const start = slotted([], { cost });
    return (await runSession({ ...plan(1, 60_000), slots: planSlots(100, 2) }, ticking(start)))!;
  };
  const [slower, same] = [await session(1.1), await session(1)];
  assertEquals([slower.verdict, slower.session!.ended], ["slower", "told"]);
  assert(slower.session!.blocks < 20, `${slower.session!.blocks}`);
  assertEquals(same.rows.find(({ measure }) => measure === "cpu-alone")!.verdict, "same");
});

Deno.test("runSession() runs in slices where a side knows no slots, and says which", async () => {
  const asked: string[] = [];
  const { session, warnings } = (await runSession(
    plan(1, 3000),
    ticking(slotted(asked, { can: false })),
  ))!;
  assertEquals([asked.length, session!.slots, warnings[0]!.code], [0, undefined, "short-budget"]);
  assertEquals(warnings.filter(({ code }) => code === "no-slots").length, 1);
  assert(warnings[1]!.message.startsWith("--base: this checkout is too old to run in slots"));
});

Deno.test("runSession() runs in slices where workers cannot go on while others sleep", async () => {
  const start = slotted([], { stuck: true });
  const { session, warnings } = (await runSession(plan(1, 3000), ticking(start)))!;
  assertEquals([session!.blocks, session!.slots], [3, undefined]);
  assertEquals(warnings.map(({ code }) => code), ["short-budget", "no-slots"]);
  assert(warnings[1]!.message.startsWith("--"), warnings[1]!.message);
  assertMatch(warnings[1]!.message, /: they wait, so that both sides ran in slices/);
});

Deno.test("runSession() makes a block again from which a worker did not come back, once", async () => {
  const session = (stuckAt: readonly number[]) => {
    let begun = 0;
    const start: StartPaced = (order) => {
      const source = slotted([])(order);
      const isStuck = order.folder === "now" && stuckAt.includes(begun++);
      return {
        ...source,
        begin: () => isStuck ? Promise.reject(new SlotsError("they wait")) : source.begin(),
      };
    };
    return runSession({ ...plan(3, 6000), slots: planSlots(100, 2) }, ticking(start));
  };
  for (const stuckAt of [[0], [2], [1, 3]]) {
    const { session: made, warnings } = (await session(stuckAt))!;
    assertEquals([made!.blocks > 2, made!.slots], [true, 20]);
    assertEquals(warnings.some(({ code }) => code === "no-slots"), false);
  }
  const { status, message } = await assertRejects(() => session([2, 3]), Exit);
  assertEquals([status, message], [3, "--head: they wait"]);
});

Deno.test("runSession() is the same again with the same seed, lots and all", async () => {
  const once = () => runSession(plan(5, 20_000), world(played(createRandom(5, 9), { cost: 1.05 })));
  assertEquals(await once(), await once());
});

Deno.test("drawTurns() draws both orders equally often, and no other", () => {
  const random = createRandom(3, 0);
  const drawn = Array.from({ length: 1000 }, () => drawTurns(random).join(" "));
  const baseFirst = drawn.filter((turns) => turns === "base head head base").length;
  const headFirst = drawn.filter((turns) => turns === "head base base head").length;
  assertEquals(baseFirst + headFirst, 1000);
  assert(Math.abs(baseFirst - 500) < 80, `${baseFirst}`);
});

Deno.test("runSession() gives both sides the same seeds, and each block two of its own", async () => {
  const seeds: string[] = [];
  const machine = played(createRandom(1, 9), {});
  const start: StartPaced = (order) => {
    seeds.push(`${order.folder} ${order.args.join(" ")}`);
    return machine.start(order);
  };
  await runSession(plan(7, 4000), world({ ...machine, start }));
  // Who is started first follows from the lot.
  assertEquals([seeds.slice(0, 2).toSorted(), seeds.slice(2, 4).toSorted()], [
    ["before contended --seed 7", "now contended --seed 7"],
    ["before contended --seed 9", "now contended --seed 9"],
  ]);
});

Deno.test("runSession() keeps whole blocks where it is interrupted", async () => {
  const controller = new AbortController();
  const machine = played(createRandom(1, 9), {});
  const { signal } = controller;
  let started = 0;
  const start: StartPaced = (order) => {
    if (++started === 6) controller.abort();
    return machine.start(order);
  };
  const comparison = await runSession(plan(1, 60_000), { ...world({ ...machine, start }), signal });
  assertEquals([comparison!.session!.ended, comparison!.session!.blocks], ["interrupted", 2]);
  const atOnce = { ...world(machine), signal: AbortSignal.abort() };
  assertEquals(await runSession(plan(1, 60_000), atOnce), null);
});

Deno.test("runSession() says which side failed, and ends every process", async () => {
  let open = 0;
  const failing = (status: number, message: string): StartPaced => ({ folder }) => {
    open++;
    return {
      ...NO_SLOTS,
      ready: () =>
        folder === "now" ? Promise.reject(new PacedError(status, message)) : Promise.resolve(false),
      slice: () => Promise.resolve(exampleSlice(1)),
      [Symbol.asyncDispose]: () => Promise.resolve(void open--),
    };
  };
  const cases = [
    [2, "raid7: there is no such scenario", 2, "--head: raid7: there is no such scenario"],
    [3, "worker 1 failed", 3, "--head: worker 1 failed"],
    [137, "", 3, "--head: it ended without a word"],
    [2, "unknown option '--paced': the options", 2, "--head: this checkout is too old"],
  ] as const;
  for (const [status, message, expected, sentence] of cases) {
    const machine = { start: failing(status, message), now: () => 0 };
    const error = await assertRejects(() => runSession(plan(1, 5000), world(machine)), Exit);
    assertEquals([error.status, error.message.startsWith(sentence), open], [expected, true, 0]);
  }
});

Deno.test("runSession() ends with status 3 where a side hangs, and says which, and when", async () => {
  for (const hangs of ["ready", "slice"] as const) {
    let open = 0;
    const start: StartPaced = ({ folder }) => {
      open++;
      const done = <T>(what: string, value: T) =>
        what === hangs && folder === "before" ? new Promise<T>(() => {}) : Promise.resolve(value);
      return {
        ...NO_SLOTS,
        ready: () => done("ready", false),
        slice: () => done("slice", exampleSlice(1)),
        [Symbol.asyncDispose]: () => Promise.resolve(void open--),
      };
    };
    const patient = { readyMs: 60_000, sliceMs: 60_000, [`${hangs}Ms`]: 20 };
    const machine = world({ start, now: () => 0 });
    const error = await assertRejects(
      () => runSession({ ...plan(1, 5000), patience: patient }, machine),
      Exit,
    );
    assertEquals([error.status, error.message, open], [
      3,
      "--base: it did not answer within 0s",
      0,
    ]);
  }
});

Deno.test("runSession() goes on with seed 0 after the last one", async () => {
  const seeds = new Set<string>();
  const machine = played(createRandom(1, 9), {});
  const start: StartPaced = (order) => {
    seeds.add(order.args.at(-1)!);
    return machine.start(order);
  };
  const last = 2 ** 32 - 1;
  const { session } = (await runSession(plan(last, 6000), world({ ...machine, start })))!;
  assert(session!.blocks >= 3);
  assertEquals([...seeds].slice(0, 3), [`${last}`, "1", "3"]);
});
