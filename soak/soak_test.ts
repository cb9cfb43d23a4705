import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Flatness } from "./flatness.ts";
import { Ground } from "./ground.ts";
import { soak } from "./soak.ts";
import { SUBJECTS } from "./subjects.ts";

async function soaked(args: readonly string[], signal?: AbortSignal) {
  const lines: string[] = [];
  const options = signal === undefined ? {} : { signal };
  const status = await soak(args, (line) => lines.push(line), options);
  return { status, lines };
}

Deno.test("soak() loses nothing, at smoke size", async () => {
  const { status, lines } = await soaked(["--minutes", "0.04", "--seed", "7"]);
  assertEquals([status, lines.at(-1)], [0, "nothing lost"], lines.join("\n"));
  assertMatch(lines[0]!, /^\d+ s: [1-9]\d* rounds; [1-9]\d* pools, .*; [1-9]\d* elements/);
});

Deno.test("soak() ends with what is known when it is interrupted", async () => {
  const { status, lines } = await soaked(["--minutes", "60"], AbortSignal.timeout(300));
  assertEquals([status, lines[0], lines.at(-1)], [0, "interrupted", "nothing lost"]);
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

Deno.test("Flatness complains of memory whose least grows, and not of what comes and goes", () => {
  const seen = (rssAt: (second: number) => number) => {
    let second = 0;
    const flatness = new Flatness(() => second * 1000, () => rssAt(second));
    for (; second < 600; second++) flatness.note();
    return flatness.complaint();
  };
  assertEquals(seen((second) => 200e6 + second % 60 * 4e6), null);
  assertEquals(seen((second) => second < 60 ? second * 10e6 : 600e6), null);
  assertMatch(seen((second) => 200e6 + second % 60 * 1e6 + second * 1e6)!, /^memory grows: from/);
});

function complaint(check: () => void): string {
  try {
    check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}
