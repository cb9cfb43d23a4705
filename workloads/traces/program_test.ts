import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFile } from "./made_up.ts";
import { compileReplay, type ReplayProgram } from "./program.ts";
import { ALLOCATE, FREE } from "./program_ops.ts";
import { TraceError } from "./trace.ts";

const SAMPLE = new URL("../scenarios/sqlite-memory.csv.gz", import.meta.url);
const JQ = new URL("./testdata/jq.mtrace.gz", import.meta.url);

const compile = (content: string) => withFile(content, (path) => compileReplay(path));

Deno.test("compileReplay() gives columns of what to do, from time 0", async () => {
  const program = await compile(
    "t_ns,op,id,size,worker\n500,a,x,64,main\n510,a,y,9000,io\n520,r,x,80,io\n530,f,x,,io\n560,a,z,1,main\n",
  );
  assertEquals([...program.timeNs], [0, 10, 30, 60]);
  assertEquals([...program.op], [ALLOCATE, ALLOCATE, FREE, ALLOCATE]);
  assertEquals([...program.element], [0, 1, 0, 0]);
  assertEquals([...program.sizeBytes], [64, 9000, 64, 1]);
  assertEquals([...program.worker], [0, 1, 0, 0]);
  const { events, allocs, frees, slots, workers, durationNs, liveAtEnd, reallocs, timed } = program;
  assertEquals(
    { events, allocs, frees, slots, workers, durationNs, liveAtEnd, reallocs, timed },
    {
      events: 4,
      allocs: 3,
      frees: 1,
      slots: 2,
      workers: 2,
      durationNs: 60,
      liveAtEnd: 2,
      reallocs: 1,
      timed: true,
    },
  );
});

Deno.test("compileReplay() says who frees, where the trace does", async () => {
  const program = await compile(
    "t_ns,op,id,size,worker\n0,a,x,64,main\n1,a,y,64,main\n2,f,x,,io\n3,f,y,,\n",
  );
  assertEquals([...program.worker], [0, 0, 0, 0]);
  assertEquals([...program.by], [0, 0, 1, 0]);
  assertEquals(program.workers, 2);
});

Deno.test("compileReplay() puts every column in shared memory", async () => {
  const { timeNs, op, element, sizeBytes, worker, by } = await compileReplay(SAMPLE);
  for (const column of [timeNs, op, element, sizeBytes, worker, by]) {
    assert(column.buffer instanceof SharedArrayBuffer);
  }
});

for (const [name, url] of Object.entries({ sample: SAMPLE, jq: JQ })) {
  Deno.test(`compileReplay() gives a program that can be played: ${name}`, async () => {
    play(await compileReplay(url));
  });
}

Deno.test("compileReplay() plays what is longer than a chunk of its columns", async () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => `${i},a,${i},${i % 500},w${i % 3}\n`);
  const frees = rows.map((_, i) => `${i + 100_000},f,${99_999 - i},,\n`);
  const program = await compile("t_ns,op,id,size,worker\n" + rows.join("") + frees.join(""));
  play(program);
  assertEquals(program.events, 200_000);
  assertEquals(program.slots, 100_000);
  assertEquals(program.workers, 3);
  assertEquals(program.sizeBytes[70_001], 70_001 % 500);
});

Deno.test("compileReplay() says in its warnings what was decided", async () => {
  const program = await compile("t_ns,op,id\n0,f,q\n1,a,x\nfoo\n2,a,x\n3,r,q\n4,f,x\n");
  assertEquals(program.warnings.map(({ message }) => message), [
    '1 line was passed over as no event could be read; the first is line 4, "foo"',
    "frees of elements that were not live, left out: 1",
    "resizes of elements that were not live, left out: 1",
    "allocations of elements that were live, freed first: 1",
  ]);
});

Deno.test("compileReplay() refuses a trace that allocates nothing", async () => {
  const error = await assertRejects(() => compile("t_ns,op,id\n0,f,1\n"), TraceError);
  assert(error.message.endsWith(": it allocates nothing"), error.message);
});

/** Plays a program and checks everything that it says of itself. */
function play(program: ReplayProgram): void {
  const size = new Map<number, number>();
  let peak = 0;
  let now = 0;
  for (let event = 0; event < program.events; event++) {
    const element = program.element[event]!;
    assert(program.timeNs[event]! >= now);
    now = program.timeNs[event]!;
    assert(element >= 0 && element < program.slots);
    assert(program.worker[event]! < program.workers);
    assert(program.by[event]! < program.workers);
    if (program.op[event] === ALLOCATE) {
      assert(!size.has(element));
      size.set(element, program.sizeBytes[event]!);
    } else {
      assertEquals(program.op[event], FREE);
      assertEquals(size.get(element), program.sizeBytes[event]);
      size.delete(element);
    }
    peak = Math.max(peak, size.size);
  }
  assertEquals(program.slots, peak);
  assertEquals(program.liveAtEnd, size.size);
  assertEquals(program.durationNs, now);
  assertEquals(program.allocs - program.frees, program.liveAtEnd);
  assertEquals(program.allocs + program.frees, program.events);
}
