import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import jstat from "jstat";
import { changesOf, historiesOf } from "./changes.ts";
import type { Result } from "./result.ts";
import { exampleHistory } from "./testdata/example_history.ts";

const tQuantile = jstat.studentt.inv;
const changes = (results: readonly Result[]) => changesOf(results, { tQuantile });

Deno.test("changesOf() names the revision from which on the throughput is 5 % less", () => {
  const { rows, points, verdict, needed } = changes(
    exampleHistory({ results: 40, throughput: (index) => index < 25 ? 1 : 0.95 }),
  );
  assertEquals(verdict, "changed");
  assertLess(needed, 20);
  const changed = rows.filter((row) => row.changes.length > 0);
  assertEquals(changed.map(({ measure }) => measure), ["throughput"]);
  const [change, ...more] = changed[0]!.changes;
  assertEquals(more, []);
  assertEquals([change!.kind, change!.verdict], ["step", "slower"]);
  assertAlmostEquals(change!.began, 25, 1);
  assertEquals(points[25]!.revision, "r25");
  assertAlmostEquals(change!.change, -0.05, 0.02);
  assertAlmostEquals(change!.after / change!.before, 1 + change!.change, 1e-9);
});

Deno.test("changesOf() sees a slow drift and names where it began", () => {
  const drift = (index: number) => 1 - 0.2 * Math.min(1, Math.max(0, (index - 19) / 20));
  const { rows } = changes(exampleHistory({ results: 60, throughput: drift }));
  const [change] = rows[0]!.changes;
  assertEquals([change!.kind, change!.verdict], ["drift", "slower"]);
  assertAlmostEquals(change!.began, 20, 3);
  assert(change!.beganFrom <= 20 && 20 <= change!.beganTo);
});

Deno.test("changesOf() finds no change in 95 of 100 histories without one, over all rows together", () => {
  let changed = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const { verdict, rows } = changes(exampleHistory({ results: 24, seed }));
    assertGreater(rows.length, 20);
    if (verdict !== "no change") changed++;
  }
  assertLess(changed, 6);
});

Deno.test("changesOf() leaves out a change that does not matter, and says what it could have seen", () => {
  const throughput = (index: number) => index < 20 ? 1 : 0.98;
  const { rows, verdict } = changes(exampleHistory({ results: 40, noise: 0.002, throughput }));
  assertEquals(verdict, "no change");
  assertEquals(rows[0]!.detectable, 0.03);
  const noisy = changes(exampleHistory({ results: 40, noise: 0.05 })).rows[0]!.detectable!;
  assert(noisy > 0.06 && noisy < 0.2, `${noisy}`);
});

Deno.test("changesOf() shows in 8 of 10 histories a step that it calls detectable", () => {
  let found = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const noise = exampleHistory({ results: 30, noise: 0.03, seed });
    const step = changesOf(noise, { tQuantile, measures: ["throughput"] }).rows[0]!.detectable!;
    const throughput = (index: number) => index < 15 ? 1 : 1 + step;
    const stepped = exampleHistory({ results: 30, noise: 0.03, seed, throughput });
    if (changesOf(stepped, { tQuantile, measures: ["throughput"] }).verdict === "changed") found++;
  }
  assertGreater(found, 28);
});

Deno.test("changesOf() cannot tell from few results, and says how many are needed", () => {
  const { verdict, warnings, rows } = changes(exampleHistory({ results: 4 }));
  assertEquals(verdict, "cannot tell");
  assertEquals(rows.map(({ detectable }) => detectable).filter((each) => each !== null), []);
  const [{ code, message }] = warnings as [typeof warnings[number]];
  assertEquals(code, "few-results");
  assertEquals(message.replace(/\d+ needed/, "N needed"), "cannot tell: 4 results, N needed");
  const alone = changesOf(exampleHistory({ results: 4 }), { tQuantile, measures: ["throughput"] });
  assertEquals(alone.warnings[0]!.message, "cannot tell: 4 results, 10 needed");
  assertEquals(alone.rows.length, 1);
});

Deno.test("changesOf() does not ask for more results where there is no row to follow", () => {
  const still = exampleHistory({ results: 12, throughput: (index) => index < 11 ? 1 : 0 });
  const { verdict, warnings } = changesOf(still, { tQuantile, measures: ["throughput"] });
  assertEquals([verdict, ...warnings.map(({ code }) => code)], ["cannot tell", "no-rows"]);
});

Deno.test("changesOf() says where the results come from another version of Deno", () => {
  const results = exampleHistory({ results: 20 }).map((result, index) => {
    const environment = { ...result.environment, deno: index < 9 ? "2.9.5" : "2.9.6" };
    return { ...result, environment };
  });
  const [{ code, message } = { code: "", message: "" }, ...more] = changes(results).warnings;
  assertEquals([code, more], ["other-deno", []]);
  assertEquals(message, "Deno changed, from 2.9.5 to 2.9.6 at r9: a change there may be of that");
});

Deno.test("changesOf() is the same for any number of repeats that say the same", () => {
  const throughput = (index: number) => index < 15 ? 1 : 0.9;
  const once = changes(exampleHistory({ results: 30, throughput, repeats: 1 }));
  const thrice = changes(exampleHistory({ results: 30, throughput, repeats: 3 }));
  const [a, b] = [once, thrice].map(({ rows }) => rows[0]!.changes);
  assertEquals(a!.map(({ began }) => began), b!.map(({ began }) => began));
  assertAlmostEquals(a![0]!.change, b![0]!.change, 1e-9);
});

Deno.test("historiesOf() keeps machines and scenarios apart, and leaves out what is partial", () => {
  const results = exampleHistory({ results: 6 });
  const [a, b, c, d] = results as [Result, Result, Result, Result];
  const other = { ...b, environment: { ...b.environment, cpu: "another" } };
  const heavier = { ...c, scenario: { ...c.scenario, workload: { kind: "open", workers: 9 } } };
  const histories = historiesOf([a, other, heavier, { ...d, partial: true }, ...results.slice(4)]);
  assertEquals(histories.map((history) => history.length), [3, 1, 1]);
});
