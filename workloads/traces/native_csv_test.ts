import { assertEquals, assertStringIncludes } from "@std/assert";
import { readWhole, refusalOf } from "./made_up.ts";

const HEADER = "t_ns,op,id,size,worker\n";

Deno.test("nativeCsv.read() gives the events as they stand", async () => {
  const { format, events, warnings } = await readWhole(
    `${HEADER}0,a,x,64,main\n5,r,x,128,main\n9,f,x,,helper\n`,
  );
  assertEquals(format, "native-csv");
  const base = { holdNs: 0, count: 1 };
  assertEquals(events, [
    { timeNs: 0, op: "a", id: "x", sizeBytes: 64, worker: "main", ...base },
    { timeNs: 5, op: "r", id: "x", sizeBytes: 128, worker: "main", ...base },
    { timeNs: 9, op: "f", id: "x", sizeBytes: 0, worker: "helper", ...base },
  ]);
  assertEquals(warnings, []);
});

Deno.test("nativeCsv.read() finds columns by name, in any order, others passed over", async () => {
  const { events } = await readWhole("id,colour,op,t_ns\n7,red,a,3\n");
  assertEquals(events.map(({ id, op, timeNs }) => ({ id, op, timeNs })), [
    { id: "7", op: "a", timeNs: 3 },
  ]);
});

Deno.test("nativeCsv.read() reads intervals, with an id or without, and counts", async () => {
  const { events } = await readWhole(
    "t_ns,op,id,size,worker,hold_ns,n\n1,i,,4096,w,50,\n2,i,x,,w,0,3\n",
  );
  assertEquals(events.map(({ op, id, holdNs, count }) => ({ op, id, holdNs, count })), [
    { op: "i", id: "", holdNs: 50, count: 1 },
    { op: "i", id: "x", holdNs: 0, count: 3 },
  ]);
});

Deno.test("nativeCsv.read() counts operations where there is no column of times", async () => {
  const { events, notes } = await readWhole("op,id,size\na,x,1\nf,,\nf,x,\na,y,1\n");
  assertEquals(notes.timed, false);
  assertEquals(events.map((event) => event.timeNs), [0, 1, 2]);
});

Deno.test("nativeCsv.read() takes what the comments say", async () => {
  const { notes, warnings } = await readWhole(
    `#source=a, b\n# just words\n#resolution_ns=1000000\n#truncated=1\n${HEADER}0,a,x,1,\n`,
  );
  assertEquals(notes.resolutionNs, 1e6);
  assertEquals(notes.timed, true);
  assertStringIncludes(warnings.join(), "recording was cut short");
});

Deno.test("nativeCsv.read() takes #clock=ops for operations", async () => {
  const { notes } = await readWhole(`#clock=ops\n${HEADER}0,a,x,1,\n`);
  assertEquals(notes.timed, false);
});

Deno.test("nativeCsv.read() counts free(NULL) and leaves it out", async () => {
  const { events, notes } = await readWhole(`${HEADER}0,f,,,\n1,f,0x0,,\n2,f,(nil),,\n3,a,x,1,\n`);
  assertEquals(events.length, 1);
  assertEquals(notes.nullFrees, 3);
});

Deno.test("nativeCsv.read() counts stamps beyond 2^53 from the first one", async () => {
  const { events } = await readWhole(
    `${HEADER}1795392000000000001,a,x,1,\n1795392000000000004,f,x,,\n1795392000000000003,a,y,1,\n`,
  );
  assertEquals(events.map((event) => event.timeNs), [0, 3, 2]);
});

Deno.test("nativeCsv.read() passes over lines that are no events, and shows the first", async () => {
  const bad = [
    "12",
    "hello world",
    "5,x,y,1,",
    "-5,a,y,1,",
    "5.5,a,y,1,",
    "5,a,,1,",
    "5,a,y,-1,",
    "5,i,y,1,",
    "5,a,y,99999999999999999,",
    "t_ns,op,id,size,worker",
  ];
  const { events, notes, warnings } = await readWhole(
    `${HEADER}0,a,x,1,\n${bad.join("\n")}\n9,f,x,,\n`,
  );
  assertEquals(events.length, 2);
  assertEquals(notes.foreignLines, bad.length);
  assertEquals(warnings, [
    `${bad.length} lines were passed over as no event could be read; the first is line 3, "12"`,
  ]);
});

Deno.test("nativeCsv.read() uses a last line without a newline, unless columns are missing", async () => {
  const whole = await readWhole(`${HEADER}0,a,x,1,w\n5,f,x,,w`);
  assertEquals(whole.events.length, 2);
  assertEquals(whole.warnings, []);
  for (const cut of ["5", "5,", "5,f,", "5,f,x", "5,f,x,"]) {
    const { events, notes, warnings } = await readWhole(`${HEADER}0,a,x,1,w\n${cut}`);
    assertEquals(events.length, 1);
    assertEquals(notes.nullFrees, 0);
    assertEquals(warnings, ["the last line is cut and was left out"]);
  }
});

Deno.test("nativeCsv.read() gives the same events for CRLF, LF and a byte-order mark", async () => {
  const lines = [...HEADER.trim().split("\n"), "0,a,x,1,w", "5,f,x,,w", "6,a,z,2,w", ""];
  const plain = await readWhole(lines.join("\n"));
  assertEquals(await readWhole(lines.join("\r\n")), plain);
  assertEquals(await readWhole("\ufeff" + lines.join("\r\n")), plain);
});

Deno.test("nativeCsv.recognises() a header behind comments, nothing else", async () => {
  assertEquals((await readWhole(`#a\n\n#b\nop,id\na,1\n`)).format, "native-csv");
  assertStringIncludes(await refusalOf("operation,id\na,1\n"), "its format is unknown");
  assertStringIncludes(await refusalOf("op,size\na,1\n"), "its format is unknown");
});
