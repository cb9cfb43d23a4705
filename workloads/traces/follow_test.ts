import { assertEquals, assertStringIncludes } from "@std/assert";
import { followTrace } from "./follow.ts";
import type { LiveEvent } from "./live.ts";
import { liveWarnings } from "./live_counts.ts";
import { withFile } from "./made_up.ts";
import { AS_RECORDED } from "./options.ts";

const CSV = "t_ns,op,id\n0,a,x\n10,a,y\n20,a,z\n5,f,x\n30,f,y\n";

/** Follows a trace with a window of one row. */
async function follow(path: string) {
  let readings = 0;
  const { observer, counts } = await followTrace(path, AS_RECORDED, () => {
    readings++;
    const told: string[] = [];
    const event = ({ timeNs, op, element }: LiveEvent) =>
      void told.push(`${timeNs} ${op}${element}`);
    return { told, event };
  }, { windowRows: 1 });
  return { told: observer.told, counts, readings };
}

Deno.test("followTrace() reads a second time where rows are late, and then has them in order", async () => {
  const { told, counts, readings } = await withFile(CSV, follow);
  assertEquals(told, ["0 a0", "5 f0", "10 a0", "20 a1", "30 f0"]);
  assertEquals([readings, counts.outOfOrder, counts.lateRows], [2, 1, 0]);
});

Deno.test("followTrace() reads once where all is in order", async () => {
  assertEquals((await withFile("t_ns,op,id\n0,a,x\n10,a,y\n", follow)).readings, 1);
});

Deno.test("followTrace() takes late rows of a pipe when they come, and says how many", async () => {
  const folder = await Deno.makeTempDir();
  const pipe = `${folder}/pipe`;
  try {
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    const [followed] = await Promise.all([follow(pipe), Deno.writeTextFile(pipe, CSV)]);
    const { told, counts, readings } = followed;
    assertEquals(told, ["0 a0", "10 a1", "10 f0", "20 a0", "30 f1"]);
    assertEquals([readings, counts.lateRows], [1, 1]);
    assertStringIncludes(liveWarnings(counts)[0]!.message, "too far out of order");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("followTrace() takes untimed events as they come", async () => {
  const { told } = await withFile("op,id\na,x\nf,x\n", follow);
  assertEquals(told, ["0 a0", "1 f0"]);
});
