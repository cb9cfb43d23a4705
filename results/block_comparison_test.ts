import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { type Block, compareBlocks, judgeBlocks, type SessionFacts } from "./block_comparison.ts";
import type { Comparison } from "./comparison.ts";
import { exampleSlice } from "./testing/example_slice.ts";

/** Small, and different from call to call. */
function noises(size: number): () => number {
  let call = 0;
  return () => 1 + size * Math.sin(7 * ++call);
}

/** Blocks in which the head takes `cost` times as long, and a machine that gets slower all the time. */
function blocksOf(count: number, cost: number, size = 0.005): Block[] {
  const noise = noises(size);
  return Array.from({ length: count }, (_, block) => {
    const [one, two, three, four] = [0, 1, 2, 3].map((at) =>
      (1 + 0.01 * (4 * block + at)) * noise()
    );
    const isHeadFirst = block * block % 3 === 1;
    const outer = [one!, four!];
    const inner = [two!, three!];
    const [base, head] = isHeadFirst ? [inner, outer] : [outer, inner];
    const slices = (costs: number[], times: number) =>
      [exampleSlice(costs[0]! * times), exampleSlice(costs[1]! * times)] as const;
    return {
      first: isHeadFirst ? "head" : "base",
      base: slices(base, 1),
      head: slices(head, cost),
    };
  });
}

const FACTS: SessionFacts = {
  blocksMost: 20,
  ended: "budget",
  budgetNs: 30e9,
  spentNs: 29e9,
  sliceNs: 200e6,
  seed: 1,
};

function compared(blocks: readonly Block[], facts: Partial<SessionFacts> = {}): Comparison {
  const random = noises(0.999);
  return compareBlocks(blocks, { ...FACTS, ...facts }, { random: () => random() / 2 });
}

Deno.test("judgeBlocks() has rows of throughput, processor time and each pool's p99", () => {
  const rows = judgeBlocks(blocksOf(3, 1));
  assertEquals(rows.map(({ pool, part, measure }) => [pool, part, measure]), [
    [null, null, "throughput"],
    [null, null, "cpu"],
    ["pages", "total", "p99"],
  ]);
});

Deno.test("judgeBlocks() tells same, slower and faster, whatever the machine does meanwhile", () => {
  for (const [cost, verdict] of [[1, "same"], [1.1, "slower"], [0.9, "faster"]] as const) {
    const rows = judgeBlocks(blocksOf(14, cost));
    assertEquals(rows.map((row) => row.verdict), [verdict, verdict, verdict]);
    const [throughput, cpu] = rows;
    assertAlmostEquals(throughput!.change, 1 / cost - 1, 0.01);
    assertAlmostEquals(cpu!.change, cost - 1, 0.01);
    assertAlmostEquals(throughput!.head / throughput!.base - 1, throughput!.change, 1e-9);
  }
});

Deno.test("judgeBlocks() cannot tell from fewer blocks than the evidence needs", () => {
  for (const { verdict, low, high } of judgeBlocks(blocksOf(8, 2))) {
    assertEquals([verdict, low, high], ["cannot tell", null, null]);
  }
  assert(judgeBlocks(blocksOf(9, 2)).every(({ verdict }) => verdict === "slower"));
});

Deno.test("judgeBlocks() calls nothing slower that is within its margin", () => {
  const rows = judgeBlocks(blocksOf(20, 1.02, 0.001), { margins: { throughput: 0.03, cpu: 0.01 } });
  assertEquals(rows.map(({ measure, verdict }) => [measure, verdict]), [
    ["throughput", "same"],
    ["cpu", "slower"],
  ]);
});

Deno.test("compareBlocks() says how often it is wrong, and what it sees", () => {
  const { session, rows, confidence, verdict } = compared(blocksOf(14, 1));
  assertEquals([confidence, verdict], [0.98, "same"]);
  assertAlmostEquals(session!.falseAlarms, 0.01);
  assertEquals([session!.blocks, session!.blocksLeast, session!.unfit], [14, 9, null]);
  for (const { detectable, margin, control } of rows) {
    assert(detectable! >= margin * 0.99 && detectable! < 0.06, `${detectable}`);
    assert(control!.low! < 0 && control!.high! > 0);
  }
});

Deno.test("compareBlocks() finds a machine unfit on which code differs from itself", () => {
  const first = (block: Block) => block.first === "base" ? 1 : 1.2;
  const crooked = blocksOf(14, 1).map((block): Block => {
    const slices = [exampleSlice(first(block)), exampleSlice(2.2 - first(block))] as const;
    return { ...block, base: slices, head: slices };
  });
  const { session, warnings, rows } = compared(crooked);
  assertStringIncludes(session!.unfit!, "identical code differs in throughput");
  assertEquals(warnings.map(({ code }) => code), ["machine-unfit"]);
  assert(rows.every(({ verdict }) => verdict !== "slower"));
});

Deno.test("compareBlocks() finds a machine unfit that shows nothing in a time that should do", () => {
  assertStringIncludes(
    compared(blocksOf(3, 1), { blocksMost: 3 }).session!.unfit!,
    "made 3 blocks",
  );
  const wild = compared(blocksOf(14, 1, 0.9), { blocksMost: 14 });
  assertStringIncludes(wild.session!.unfit!, "not even a change of 50%");
});

Deno.test("compareBlocks() says of a short time that it was short, not that the machine is unfit", () => {
  const { session, warnings } = compared(blocksOf(3, 1), { budgetNs: 5e9, blocksMost: 3 });
  assertEquals(session!.unfit, null);
  assertEquals(warnings.map(({ code }) => code), ["short-budget"]);
  assertStringIncludes(warnings[0]!.advice, "give --budget ");
});

Deno.test("compareBlocks() says where the sides ran different scenarios", () => {
  const other = { ...exampleSlice(1).scenario, pools: {} };
  const blocks = blocksOf(9, 1).map((block): Block => ({
    ...block,
    head: [{ ...block.head[0], scenario: other }, { ...block.head[1], scenario: other }],
  }));
  const { comparable, warnings } = compared(blocks);
  assertEquals([comparable, warnings[0]!.code], [false, "other-scenario"]);
});
