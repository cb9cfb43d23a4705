import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { cutTrace, type Part } from "./cut.ts";
import { withFile } from "./made_up.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
import { followTrace } from "./follow.ts";
import { surveyTrace } from "./survey.ts";
import { TraceError } from "./trace.ts";

/** A part of a trace, as its rows and what was live at the cut. */
function cut(text: string, part: Part, options: Partial<TraceOptions> = {}) {
  return withFile(text, async (path) => {
    const texts: string[] = [];
    const survey = await surveyTrace(path, { ...AS_RECORDED, ...options });
    const outcome = await cutTrace(survey, part, {
      form: "csv",
      write: (text) => texts.push(text),
    });
    const all = texts.join("");
    const rows = all.split("\n").filter((line) => line !== "" && !line.startsWith("#")).slice(1);
    return { ...outcome, rows, all };
  });
}

const CSV = "t_ns,op,id,size,worker\n" +
  "100,a,x,1,w\n110,a,y,2,w\n120,r,x,9,w\n130,f,y,,w\n140,a,z,3,w\n150,f,x,,w\n160,f,z,,w\n";

Deno.test("cutTrace() begins with what is live at the cut, as large as it is then", async () => {
  const { rows, liveAtCut, events } = await cut(CSV, { from: 25, to: 55 });
  assertEquals(rows, ["0,a,x,9,w", "0,a,y,2,w", "5,f,y,,w", "15,a,z,3,w", "25,f,x,,w"]);
  assertEquals([liveAtCut, events], [2, 5]);
});

Deno.test("cutTrace() counts a moment to the part that it begins", async () => {
  assertEquals((await cut(CSV, { from: 30, to: 40 })).rows, ["0,a,x,9,w", "0,a,y,2,w", "0,f,y,,w"]);
});

Deno.test("cutTrace() gives an interval from before the cut what is left of it", async () => {
  const { rows, liveAtCut } = await cut(
    "t_ns,op,hold_ns,size\n0,i,50,1\n5,i,10,2\n6,i,,3\n30,i,90,4\n",
    { from: 20, to: 40 },
  );
  assertEquals(rows, ["0,i,,1,,30", "10,i,,4,,90"]);
  assertEquals(liveAtCut, 1);
});

Deno.test("cutTrace() takes the first events", async () => {
  const { rows, liveAtCut } = await cut(CSV, { first: 2 });
  assertEquals(rows, ["0,a,x,1,w", "10,a,y,2,w"]);
  assertEquals(liveAtCut, 0);
});

Deno.test("cutTrace() cuts by operations where there are no times", async () => {
  const { rows, all } = await cut("op,id\na,x\na,y\nf,x\na,z\n", { from: 2, to: 4 });
  assertEquals(rows, ["a,x,0,", "a,y,0,", "f,x,,", "a,z,0,"]);
  assertStringIncludes(all, "from 2 to 4");
});

Deno.test("cutTrace() puts rows in order of time, however late they are", async () => {
  const late = Array.from({ length: 20_000 }, (_, i) => `${i + 10},a,e${i},1,\n`).join("");
  const { rows } = await cut(`t_ns,op,id,size,worker\n${late}0,a,first,1,\n`, { from: 0, to: 12 });
  assertEquals(rows, ["0,a,first,1,", "10,a,e0,1,", "11,a,e1,1,"]);
});

Deno.test("cutTrace() refuses a part in which nothing happens", async () => {
  const error = await assertRejects(() => cut(CSV, { from: 500, to: 600 }), TraceError);
  assertStringIncludes(error.message, "nothing happens in it from 500 to 600");
});

Deno.test("cutTrace() keeps the levels of the whole, wherever it is cut", async () => {
  const event = fc.record({
    timeNs: fc.nat(40),
    op: fc.constantFrom("a", "f", "r", "i"),
    id: fc.constantFrom("x", "y", "z"),
    holdNs: fc.nat(20),
  });
  const parts = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 20 }));
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1 }), parts, async (events, [from, length]) => {
      const text = "t_ns,op,id,size,worker,hold_ns\n0,a,zero,1,,\n" +
        events.map(({ timeNs, op, id, holdNs }) =>
          `${timeNs},${op},${op === "i" ? "" : id},1,,${op === "i" ? holdNs : ""}\n`
        ).join("");
      const { all } = await cut(text, { from, to: from + length });
      const [whole, part] = [await levelsOf(text), await levelsOf(all)];
      for (let time = from; time < from + length; time++) {
        assertEquals(part(time - from), whole(time), `at ${time}`);
      }
    }),
    { numRuns: 60 },
  );
});

/** How many are live after all that happens at a time. */
function levelsOf(text: string): Promise<(timeNs: number) => number> {
  return withFile(text, async (path) => {
    const { observer } = await followTrace(path, AS_RECORDED, () => {
      const told: { timeNs: number; by: number }[] = [];
      return {
        told,
        event: ({ timeNs, op }: { timeNs: number; op: string }) =>
          void told.push({ timeNs, by: op === "a" ? 1 : -1 }),
      };
    });
    return (timeNs) =>
      observer.told.filter((event) => event.timeNs <= timeNs)
        .reduce((sum, { by }) => sum + by, 0);
  });
}
