import { assertEquals } from "@std/assert";
import { Evidence } from "./evidence.ts";
import { everyBlock, scripted } from "./testing/scripted_waits.ts";

const TASKS = 2 ** 18;

/** Evidence of pools of which up to 50 elements nearly all tasks wait, with 55 a share, and with 60 nobody. */
function evidenceOf(shareAt55: number): Evidence {
  const share = (min: number) => min <= 50 ? 0.95 : min <= 55 ? shareAt55 : 0;
  return new Evidence(
    scripted((min) => ({ share: share(min), blocks: everyBlock(1, 64) })),
    TASKS,
    [64, 16],
  );
}

Deno.test("Evidence does not take the clumps of a pool in which most wait for those of one in which hardly anybody does", () => {
  const evidence = evidenceOf(0.2);
  evidence.see([40, 50, 60]);
  assertEquals(evidence.interval(50, 0.99)!.share > 0.9, true);
  assertEquals(evidence.interval(60, 0.99), null);
  evidence.see([55]);
  assertEquals(evidence.interval(60, 0.99)!.high < 0.001, true);
});

Deno.test("Evidence of more tasks, or fewer, looks at the clumps of no fewer elements than keep up with the load", () => {
  const waits = () => ({ share: 0.2, blocks: everyBlock(1, 64) });
  const none = { share: 0, blocks: [] };
  const experiment = scripted((min) => min <= 55 ? waits() : none);
  for (const least of [50, 56]) {
    const evidence = new Evidence(experiment, TASKS, [64, 16], least);
    for (const each of [evidence, evidence.ofMore(2 * TASKS), evidence.ofFewer(TASKS / 2)]) {
      each.see([55, 60]);
      assertEquals(each.knowsClumps(60), least === 50);
    }
  }
});
