import { assertEquals, assertStringIncludes } from "@std/assert";
import { readWhole, refusalOf } from "./made_up.ts";

const lines = (...objects: readonly unknown[]) =>
  objects.map((object) => JSON.stringify(object) + "\n").join("");

Deno.test("nativeNdjson.read() gives the same events as the CSV", async () => {
  const json = await readWhole(
    "#resolution_ns=1000\n" + lines(
      { t_ns: 0, op: "a", id: "1", size: 64, worker: "0" },
      { t_ns: 7, op: "i", id: "2", size: 8, worker: "1", hold_ns: 9, n: 2 },
      { t_ns: 8, op: "f", id: "1", worker: "0" },
    ),
  );
  const csv = await readWhole(
    "#resolution_ns=1000\nt_ns,op,id,size,worker,hold_ns,n\n0,a,1,64,0,,\n7,i,2,8,1,9,2\n8,f,1,,0,,\n",
  );
  assertEquals(json.format, "native-ndjson");
  assertEquals(json.events, csv.events);
  assertEquals(json.notes, csv.notes);
});

Deno.test("nativeNdjson.read() takes numbers for ids, and null for nothing", async () => {
  const { events, notes } = await readWhole(
    lines({ t_ns: 0, op: "a", id: 5, size: 1 }, { t_ns: 1, op: "f", id: null }, {
      t_ns: 2,
      op: "f",
      id: 5,
    }),
  );
  assertEquals(events.map((event) => event.id), ["5", "5"]);
  assertEquals(notes.nullFrees, 1);
});

Deno.test("nativeNdjson.read() reads stamps beyond 2^53 to the last digit", async () => {
  const { events } = await readWhole(
    '{"t_ns":1795392000000000001,"op":"a","id":"x"}\n{"t_ns": 1795392000000000004 ,"op":"f","id":"x"}\n',
  );
  assertEquals(events.map((event) => event.timeNs), [0, 3]);
});

Deno.test("nativeNdjson.read() counts operations where there is no time", async () => {
  const { events, notes } = await readWhole(
    lines({ op: "a", id: 1, size: 5 }, { op: "f", id: 1 }),
  );
  assertEquals(notes.timed, false);
  assertEquals(events.map((event) => event.timeNs), [0, 1]);
});

Deno.test("nativeNdjson.read() passes over what is no event", async () => {
  const { events, notes, warnings } = await readWhole(
    lines({ t_ns: 0, op: "a", id: 1 }, [1], "a", 5, null, { op: "z" }, {
      t_ns: 1.5,
      op: "a",
      id: 1,
    }) +
      '{"t_ns":\n' + lines({ t_ns: 3, op: "f", id: 1 }),
  );
  assertEquals(events.length, 2);
  assertEquals(notes.foreignLines, 7);
  assertStringIncludes(warnings.join(), "the first is line 2");
});

Deno.test("nativeNdjson.read() leaves out a cut last line and uses a whole one", async () => {
  const whole = lines({ t_ns: 0, op: "a", id: 1 }, { t_ns: 1, op: "f", id: 1 }).trimEnd();
  assertEquals((await readWhole(whole)).events.length, 2);
  const { events, warnings } = await readWhole(whole.slice(0, -1));
  assertEquals(events.length, 1);
  assertEquals(warnings, ["the last line is cut and was left out"]);
});

Deno.test("nativeNdjson.recognises() objects with an operation of the format", async () => {
  assertStringIncludes(await refusalOf(lines({ id: 1, start_ns: 0 })), "taken for json-lines");
  assertStringIncludes(await refusalOf(lines({ op: "alloc" })), "its format is unknown");
  assertStringIncludes(await refusalOf(lines(["op"])), "its format is unknown");
});
