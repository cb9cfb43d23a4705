import { assertEquals, assertStringIncludes } from "@std/assert";
import { withFile } from "./made_up.ts";
import { AS_RECORDED, type TraceOptions } from "./options.ts";
import { traceStatistics } from "./statistics.ts";

/** The warnings of a trace, each as one line. */
function warningsOf(text: string, options: Partial<TraceOptions> = {}): Promise<string[]> {
  return withFile(text, async (path) => {
    const { warnings } = await traceStatistics(path, { ...AS_RECORDED, ...options });
    return warnings.map(({ code, message, advice }) => `${code}: ${message} -> ${advice}`);
  });
}

const rows = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${row(index)}\n`).join("");

Deno.test("trapsOf() compares the grain of the stamps with the median hold", async () => {
  const coarse = (holdUs: number) =>
    `start_ms,latency_us\n${rows(50, (i) => `${i * 10},${holdUs}`)}`;
  const [warning = ""] = await warningsOf(coarse(3999));
  assertStringIncludes(warning, "resolution: stamps are 1ms coarse and the median hold is 4ms");
  assertStringIncludes(warning, "--spread");
  assertEquals(await warningsOf(coarse(4000)), []);
});

Deno.test("trapsOf() advises otherwise where the stamps are spread already", async () => {
  const log = rows(50, (i) => `${i >> 2}, 90000, 0, 512, ${i}, 0`);
  const [warning = ""] = await warningsOf(log, { spread: true });
  assertStringIncludes(
    warning,
    "concurrency depends on how they are spread -> what is spread is a",
  );
});

Deno.test("trapsOf() gives both peaks where ends were not recorded", async () => {
  const text = `start_us,end_us\n0,9\n1,\n2,9\n20,30\n`;
  const [dropped = ""] = await warningsOf(text);
  assertStringIncludes(
    dropped,
    "unfinished: ends that were not recorded: 1, left out; the peak is 2, with them",
  );
  assertStringIncludes(dropped, "it would be 3");
  const [held = ""] = await warningsOf(text, { unfinished: "hold" });
  assertStringIncludes(held, "1, held to the end of the trace; the peak is 3");
});

Deno.test("trapsOf() says what is live at the end, unless that is little", async () => {
  const text = (left: number) =>
    `t_ns,op,id\n${rows(20, (i) => `${i},a,${i}`)}${rows(20 - left, (i) => `${50 + i},f,${i}`)}`;
  assertEquals(await warningsOf(text(2)), []);
  const [warning = ""] = await warningsOf(text(3));
  assertStringIncludes(warning, "live-at-end: elements still live at the end: 3 of a peak of 20");
});

Deno.test("trapsOf() takes a flat top for a cap, and a single burst for none", async () => {
  const capped = rows(3000, (i) => `${i},${i + 9}`); // nine at a time, always
  const [warning = ""] = await warningsOf(`start_us,end_us\n${capped}`);
  assertStringIncludes(warning, "flat-top: the top is flat: the peak is 9, and all but 0.1%");
  const burst = rows(3000, (i) => i < 30 ? `${i},50` : `${i * 20},${i * 20 + 30}`);
  assertEquals(await warningsOf(`start_us,end_us\n${burst}`), []);
});

Deno.test("trapsOf() says that the clock counts operations, and that arrivals are all there is", async () => {
  const untimed = await warningsOf("op,id\na,x\nf,x\n");
  assertEquals(untimed.map((each) => each.split(":")[0]), ["untimed"]);
  const arrivals = await warningsOf("start_us\n1\n2\n");
  assertEquals(arrivals.map((each) => each.split(":")[0]), ["arrivals-only"]);
});

Deno.test("traceStatistics() says which choices did nothing", async () => {
  const codes = async (options: Partial<TraceOptions>) =>
    (await warningsOf("start_us,end_us\n1,9\n20,80\n", options)).map((each) => each.split(":")[0]);
  assertEquals(await codes({ spread: true }), ["nothing-spread"]);
  assertEquals(await codes({ hold: { kind: "constant", time: 5 } }), ["hold-not-used"]);
});
