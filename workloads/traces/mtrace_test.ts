import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { readWhole, refusalOf } from "./made_up.ts";
import type { TraceEvent } from "./trace.ts";

/** Operations as the format writes them, the caller in front. */
function traceOf(...operations: readonly string[]): string {
  return ["= Start", ...operations.map((each) => `@ ./a.out:(main+1f)[0x401a] ${each}`), ""]
    .join("\n");
}

const told = (events: readonly TraceEvent[]) => events.map(({ op, id }) => `${op}${id}`);

Deno.test("mtrace.read() gives allocations and frees, sizes hexadecimal, times counted", async () => {
  const { format, events, notes } = await readWhole(
    traceOf("+ 0x55dfa9f254a0 0x30", "- 0x55dfa9f254a0"),
  );
  const base = { worker: "", holdNs: 0, count: 1 };
  assertEquals(format, "mtrace");
  assertEquals(notes.timed, false);
  assertEquals(events, [
    { timeNs: 0, op: "a", id: "0", sizeBytes: 48, ...base },
    { timeNs: 1, op: "f", id: "0", sizeBytes: 0, ...base },
  ]);
});

Deno.test("mtrace.read() takes every form of caller, or none", async () => {
  const { events, notes } = await readWhole(
    "= Start\n@ /lib/x.so.0:[0xa7504] + 0x10 0x1\n@ /a b/c (1):(f] + 1)[0x2] + 0x20 0x1\n" +
      "@ [0x5581] + 0x30 0x1\n+ 0x40 0x1\n= End\n",
  );
  assertEquals(events.length, 4);
  assertEquals(notes.foreignLines, 0);
});

Deno.test("mtrace.read() keeps the element through a realloc that moves it", async () => {
  const { events } = await readWhole(
    traceOf("+ 0x10 0x8", "< 0x10", "> 0x90 0x20", "+ 0x10 0x8", "- 0x90", "- 0x10"),
  );
  assertEquals(told(events), ["a0", "r0", "a1", "f0", "f1"]);
  assertEquals(events.map((event) => event.timeNs), [0, 1, 2, 3, 4]);
  assertEquals(events[1]!.sizeBytes, 32);
});

Deno.test("mtrace.read() keeps the element through a realloc in place", async () => {
  const { events } = await readWhole(traceOf("+ 0x10 0x8", "< 0x10", "> 0x10 0x20", "- 0x10"));
  assertEquals(told(events), ["a0", "r0", "f0"]);
});

Deno.test("mtrace.read() pairs reallocs between which other threads write", async () => {
  const { events } = await readWhole(
    traceOf(
      ...["+ 0x10 0x8", "+ 0x20 0x8", "< 0x10", "+ 0x10 0x8"], // 0x10 is used again already
      ...["< 0x20", "> 0x30 0x9", "> 0x40 0x9", "- 0x30", "- 0x40", "- 0x10"],
    ),
  );
  assertEquals(told(events), ["a0", "a1", "a2", "r0", "r1", "f0", "f1", "f2"]);
});

Deno.test("mtrace.read() gives a second allocation at a live address the same id", async () => {
  const { events } = await readWhole(traceOf("+ 0x10 0x8", "+ 0x10 0x9", "- 0x10"));
  assertEquals(told(events), ["a0", "a0", "f0"]);
});

Deno.test("mtrace.read() gives elements from before the trace ids that nobody knows", async () => {
  const { events } = await readWhole(traceOf("- 0x10", "< 0x20", "> 0x30 0x8", "- 0x30"));
  const [unknown, resized, freed] = events;
  assertEquals(events.map((event) => event.op), ["f", "r", "f"]);
  assertNotEquals(unknown!.id, resized!.id);
  assertEquals(resized!.id, freed!.id);
});

Deno.test("mtrace.read() leaves out failures and free(NULL), and says so", async () => {
  const { events, notes, warnings } = await readWhole(
    traceOf("+ 0x10 0x8", "! 0x10 0xffffffffff", "+ (nil) 0x8", "- 0", "- (nil)", "- 0x10"),
  );
  assertEquals(told(events), ["a0", "f0"]);
  assertEquals(events.map((event) => event.timeNs), [0, 1]);
  assertEquals(notes.nullFrees, 2);
  assertEquals(warnings, ["2 failed allocations were left out"]);
});

Deno.test("mtrace.read() reads a size of 0, which is written without 0x", async () => {
  const { events } = await readWhole(traceOf("+ 0x10 0", "- 0x10"));
  assertEquals(events[0]!.sizeBytes, 0);
});

Deno.test("mtrace.read() takes addresses beyond 2^53 to the last bit", async () => {
  const { events } = await readWhole(
    traceOf("+ 0xb400007f00000010 0x1", "+ 0xb400007f00000011 0x1", "- 0xb400007f00000010"),
  );
  assertEquals(told(events), ["a0", "a1", "f0"]);
});

Deno.test("mtrace.read() does not take a cut address for free(NULL)", async () => {
  for (const cut of ["- 0x", "- ", "-", "+ 0x20", "+ 0x20 ", "+ 0x20 0x"]) {
    const { events, notes, warnings } = await readWhole(traceOf("+ 0x10 0x8", cut).trimEnd());
    assertEquals(told(events), ["a0"], cut);
    assertEquals(notes.nullFrees, 0);
    assertEquals(warnings, ["the last line is cut and was left out"]);
  }
});

Deno.test("mtrace.read() passes over foreign lines", async () => {
  const { events, notes } = await readWhole(
    traceOf("+ 0x10 0x8", "* 0x10", "- 0x10 0x5", "< 0x1 0x2", "> 0x30", "- 0x10") + "hello\n",
  );
  assertEquals(told(events), ["a0", "f0"]);
  assertEquals(notes.foreignLines, 5);
});

Deno.test("mtrace.recognises() no list that only looks like one", async () => {
  assertStringIncludes(await refusalOf("- item 1\n- item 2\n"), "its format is unknown");
  assertStringIncludes(await refusalOf("@ home + 0xg 1\n"), "its format is unknown");
});
