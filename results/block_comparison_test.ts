import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import type { Block, SlotSample } from "./block.ts";
import { compareBlocks, judgeBlocks, type SessionFacts } from "./block_comparison.ts";
import type { ComparedRow, Comparison } from "./comparison.ts";
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
  for (const { verdict, low, high } of judgeBlocks(blocksOf(7, 2))) {
    assertEquals([verdict, low, high], ["cannot tell", null, null]);
  }
  // Most of the chance of error is the processor time's.
  assertEquals(slower(judgeBlocks(blocksOf(8, 2))), ["cpu"]);
  assertEquals(slower(judgeBlocks(blocksOf(10, 2))).length, 3);
});

function slower(rows: readonly ComparedRow[]): string[] {
  return rows.filter(({ verdict }) => verdict === "slower").map(({ measure }) => measure);
}

/** The slots of one side, and how far one of them is off. */
function slotsOf(cost: number, noise: () => number, outlier = 1): SlotSample[] {
  const fours = ["alone", "all", "alone", "timed", "alone", "all", "alone", "alone"] as const;
  return fours.flatMap((name, four) =>
    [0, 1].map((slot): SlotSample => {
      const times = cost * noise() * (four === 2 && slot === 0 ? outlier : 1);
      return { name, allocsPerSecond: 1e8 / times, cpuNs: (name === "alone" ? 7 : 12) * times };
    })
  );
}

/** Blocks in slots: one worker alone is steady, all together differ from process to process. */
function slottedBlocks(count: number, cost: number, outlier = 1): Block[] {
  const noise = noises(0.01);
  return Array.from({ length: count }, (_, block): Block => ({
    first: block % 3 === 1 ? "head" : "base",
    base: [exampleSlice(1)],
    head: [exampleSlice(cost)],
    slots: { base: slotsOf(1, noise, outlier), head: slotsOf(cost, noise) },
  }));
}

Deno.test("judgeBlocks() has a row of one worker alone where blocks are of slots, and it is told first", () => {
  const rows = judgeBlocks(slottedBlocks(10, 1.1));
  assertEquals(rows.map(({ measure }) => measure), ["throughput", "cpu", "cpu-alone", "p99"]);
  assertEquals(slower(rows), ["cpu-alone"]);
  const alone = rows.find(({ measure }) => measure === "cpu-alone")!;
  assertAlmostEquals(alone.change, 0.1, 0.02);
  assertAlmostEquals(alone.base, 7, 0.2);
  assertEquals(slower(judgeBlocks(slottedBlocks(14, 1.1))).length, 4);
});

Deno.test("judgeBlocks() gives a slot in which the machine did something else no weight", () => {
  const [clean, disturbed] = [1, 50].map((outlier) =>
    judgeBlocks(slottedBlocks(12, 1.1, outlier)).find(({ measure }) => measure === "cpu-alone")!
  );
  assertAlmostEquals(clean!.change, disturbed!.change, 0.01);
  assertEquals(disturbed!.verdict, "slower");
});

Deno.test("judgeBlocks() takes one worker alone where it was fastest, as the slow half of a machine tells of no code", () => {
  // One side of each block, now this and now that, has seven of ten slots on a core that somebody else uses too.
  const slow = (slots: readonly SlotSample[]) => {
    let alone = 0;
    return slots.map((slot) =>
      slot.name === "alone" && alone++ % 10 < 7 ? { ...slot, cpuNs: 1.7 * slot.cpuNs } : slot
    );
  };
  const blocks = slottedBlocks(14, 1.1).map((block, at): Block => {
    const { base, head } = block.slots!;
    const isBase = at * at % 3 === 1;
    return {
      ...block,
      slots: { base: isBase ? slow(base) : base, head: isBase ? head : slow(head) },
    };
  });
  const alone = judgeBlocks(blocks).find(({ measure }) => measure === "cpu-alone")!;
  assertEquals(alone.verdict, "slower");
  assertAlmostEquals(alone.change, 0.1, 0.02);
});

Deno.test("judgeBlocks() leaves out a row that a side lacks in one block", () => {
  const lacks = (block: Block): Block => ({
    ...block,
    slots: {
      base: block.slots!.base,
      head: block.slots!.head.filter(({ name }) => name !== "alone"),
    },
  });
  const blocks = slottedBlocks(3, 1).map((block, at) => at === 1 ? lacks(block) : block);
  assertEquals(judgeBlocks(blocks).map(({ measure }) => measure), ["throughput", "cpu", "p99"]);
});

Deno.test("compareBlocks() of slots has a control where a block has several values, and is wrong no more often", () => {
  const { rows, session } = compared(slottedBlocks(12, 1), { slots: 12, slotNs: 10e6 });
  assertEquals(rows.map(({ control }) => control !== undefined), [true, true, true, false]);
  assertEquals([session!.blocksLeast, session!.slots, session!.falseAlarms], [8, 12, 0.01]);
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
  assertEquals([session!.blocks, session!.blocksLeast, session!.unfit], [14, 8, null]);
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
    head: block.head.map((result) => ({ ...result, scenario: other })),
  }));
  const { comparable, warnings } = compared(blocks);
  assertEquals([comparable, warnings[0]!.code], [false, "other-scenario"]);
});
