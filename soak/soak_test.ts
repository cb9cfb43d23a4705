import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { Flatness, type Memory } from "./flatness.ts";
import { Ground } from "./ground.ts";
import { soak, type SoakOptions } from "./soak.ts";
import type { StayOrder } from "./stay.ts";
import { SUBJECTS, WORKERS } from "./subjects.ts";

async function soaked(args: readonly string[], options: SoakOptions = {}) {
  const lines: string[] = [];
  const status = await soak(args, (line) => lines.push(line), options);
  return { status, lines };
}

const UNSEEN = "nothing lost; it was too short to see whether memory stays flat";

Deno.test("soak() loses nothing, at smoke size", async () => {
  const { status, lines } = await soaked(["--minutes", "0.04", "--seed", "7"]);
  assertEquals([status, lines.at(-1)], [0, UNSEEN], lines.join("\n"));
  assertMatch(lines[0]!, /^\d+ s: [1-9]\d* rounds; [1-9]\d* pools, .*; [1-9]\d* elements/);
});

Deno.test("soak() ends with what is known when it is interrupted", async () => {
  const { status, lines } = await soaked(["--minutes", "60"], { signal: AbortSignal.timeout(300) });
  assertEquals([status, lines[0], lines.at(-1)], [0, "interrupted", UNSEEN]);
});

Deno.test("soak() refuses bad usage in one sentence", async () => {
  for (const args of [["--minutes", "0"], ["--minutes", "x"], ["--seed", "1.5"], ["--fast"]]) {
    await assertRejects(() => soaked(args), RangeError, "give");
  }
});

Deno.test("Ground.checkAtRest() finds an element that nobody gave back, under each subject", () => {
  for (const subject of SUBJECTS) {
    const ground = new Ground(subject);
    ground.checkAtRest();
    const handle = ground.pool.allocate();
    assertMatch(complaint(() => ground.checkAtRest()), /^elements out: 1, not 0$/);
    ground.pool.free(handle);
    ground.checkAtRest();
    ground.end();
  }
});

Deno.test("soak() puts right what workers leave that die, and loses nothing by it", async () => {
  const { status, lines } = await soaked(["--minutes", "0.04", "--seed", "3"], { deathMs: 50 });
  assertEquals([status, lines.at(-1)], [0, UNSEEN], lines.join("\n"));
  assertMatch(lines[0]!, /; [1-9]\d* deaths \(\d+ with a lock, .*, recovered in \S+ ms \(p50\)/);
});

Deno.test("soak() notices an element that is lost, and one that is handed out twice", async () => {
  const found = { loss: /elements out: \d+, not \d+$/, double: /worker \d was given \d+, which/ };
  for (const plant of ["loss", "double"] as const) {
    const { status, lines } = await soaked(["--minutes", "1"], { plant });
    assertEquals(status, 1);
    assertMatch(lines.at(-2)!, /^LOST in .+ over .+: /);
    assertMatch(lines.at(-2)!, found[plant]);
    assertMatch(lines.at(-1)!, /^begins with the same round, .*: deno task soak --seed 1$/);
  }
});

Deno.test("soak() has each worker begin the same again with the same seed, however fast the others are", async () => {
  const orders = async (seed: string) => {
    const byWorker: string[][] = [];
    const ending = new AbortController();
    const { Worker: Original } = globalThis;
    globalThis.Worker = class extends Original {
      readonly #orders: string[] = [];
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        byWorker.push(this.#orders);
      }
      override postMessage(order: unknown): void {
        const { seed, steps } = order as StayOrder;
        if (steps !== undefined) this.#orders.push(`${seed} ${steps}`);
        // In the first round: that is the last then.
        if (steps !== undefined) ending.abort();
        super.postMessage(order);
      }
    };
    try {
      const options = { signal: ending.signal, deathMs: 1e9 };
      await soaked(["--minutes", "1", "--seed", seed], options);
    } finally {
      globalThis.Worker = Original;
    }
    return byWorker;
  };
  const [first, again, other] = [await orders("1"), await orders("1"), await orders("2")];
  assertEquals(first.length, WORKERS);
  first.forEach((stays, worker) => {
    const common = Math.min(stays.length, again[worker]!.length);
    assert(common > 0);
    assertEquals(stays.slice(0, common), again[worker]!.slice(0, common));
    assertNotEquals(stays[0], other[worker]![0]);
  });
  assertEquals(new Set(first.map(([stay]) => stay)).size, WORKERS);
});

Deno.test("soak() notices memory that a worker keeps", async () => {
  // Each fourth look is told: two of them are looks enough.
  const controller = new AbortController();
  const lines: string[] = [];
  const print = (line: string) => {
    lines.push(line);
    if (lines.length === 2) controller.abort();
  };
  const often = { lookMs: 0, warmupMs: 0, signal: controller.signal };
  const status = await soak(["--minutes", "1"], print, { ...often, plant: "leak" });
  assertEquals(status, 1, lines.join("\n"));
  assertMatch(lines.at(-1)!, /^memory grows: from \S+ to \S+ MiB alive$/);
});

Deno.test("Flatness complains of memory whose least grows, and not of what comes and goes", () => {
  const seen = (memoryAt: (second: number) => Memory) => {
    let second = 0;
    const flatness = new Flatness({ now: () => second * 1000 });
    for (; second < 600; second++) flatness.note(memoryAt(second));
    return flatness.complaint();
  };
  const [alive, outside] = [30e6, 200e6];
  assertEquals(seen((second) => ({ alive, outside: outside + second % 60 * 4e6 })), null);
  assertEquals(seen((second) => ({ alive: Math.min(second, 60) * 1e6, outside })), null);
  assertMatch(
    seen((second) => ({ alive: alive + second % 60 * 1e6 + second * 1e4, outside }))!,
    /^memory grows: from \S+ to \S+ MiB alive$/,
  );
  assertMatch(
    seen((second) => ({ alive, outside: outside + second * 1e6 }))!,
    /^memory grows: from \S+ to \S+ MiB outside of heaps$/,
  );
});

Deno.test("Flatness says nothing of a time that is too short", () => {
  const flatness = new Flatness({ warmupMs: 0, now: () => 0 });
  for (let look = 1; look <= 5; look++) flatness.note({ alive: look * 1e6, outside: 0 });
  assertEquals(flatness.complaint(), null);
});

function complaint(check: () => void): string {
  try {
    check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}
