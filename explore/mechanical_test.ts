import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { baseline } from "./baseline.ts";
import { type Checker, checkersOf, EXPLORER } from "./checkers.ts";
import { JUDGED, judgementOf } from "./judged_survivors.ts";
import { drawn, mechanical } from "./mechanical.ts";
import { batchesOf, Catches, Pace, tryMutant } from "./mutant_trials.ts";
import { type Mutant, mutantsOf } from "./mutators.ts";
import { copyProject } from "./planted_tree.ts";
import { PROJECT } from "./subject.ts";

function checker(name: string, ms: number, lines: Record<string, number[]> = {}): Checker {
  const entries = Object.entries(lines).map(([file, each]) => [file, new Set(each)] as const);
  return { name, ms, lines: new Map(entries) };
}

async function mutantOf(file: string, before: string, after: string): Promise<Mutant> {
  const text = await Deno.readTextFile(new URL(file, PROJECT));
  return mutantsOf(file, text).find((each) => each.before === before && each.after === after)!;
}

const namesOf = (checkers: readonly Checker[]) => checkers.map(({ name }) => name);

async function outcome(args: readonly string[]): Promise<{ status: number; text: string }> {
  const lines: string[] = [];
  const status = await mechanical([...args, "--workers", "1"], (line) => lines.push(line));
  return { status, text: lines.join("\n") };
}

Deno.test("mechanical() changes a line in every way, and says who catches that", async () => {
  const args = ["--files", "sync/barrier.ts", "--only", "Atomics.add(", "--tests", "barrier_test"];
  const { status, text } = await outcome(args);
  assertEquals(status, 0, text);
  assertMatch(text, /^sync\/barrier\.ts: 4 of 4 caught: barrier_test\.ts 4$/m);
});

Deno.test("mechanical() passes over survivors that were judged", async () => {
  const args = ["--files", "sync/bell.ts", "--only", "const ASLEEP", "--tests", "bell_test"];
  const { status, text } = await outcome(args);
  assertEquals(status, 0, text);
  assertMatch(text, /^sync\/bell\.ts:\d+: constant: equivalent: /m);
  assertMatch(text, /^survivors: 2, judged equivalent 2, performance only 0, not judged 0$/m);
});

Deno.test("mechanical() fails over one that was not", async () => {
  const args = ["--files", "sync/bell.ts", "--only", "notify(", "--tests", "none"];
  const { status, text } = await outcome(args);
  assertEquals(status, 1, text);
  assertMatch(text, /^sync\/bell\.ts:\d+: [a-z ]+: SURVIVES$/m);
  assertMatch(text, /^survivors: 3, judged equivalent 1, performance only 0, not judged 2$/m);
});

for (
  const [args, refusal] of [
    [["--fast"], "--fast: give --files PART"],
    [["--mutants", "many"], "--mutants many: give a whole number"],
    [["--only", "juggle"], "--only juggle: no such line"],
    [["--files", "sync/lock,juggle"], "--files juggle: give parts of paths"],
  ] as const
) {
  Deno.test(`mechanical() refuses ${args.join(" ")} in one sentence`, async () => {
    await assertRejects(() => mechanical(args, () => {}), RangeError, refusal);
  });
}

Deno.test("baseline() keeps what tests execute, until a test or the code changes", async () => {
  await using tree = await copyProject();
  const file = `${await Deno.makeTempDir({ prefix: "baseline-" })}/baseline.json`;
  const measured = async () =>
    (await baseline([tree], { parts: ["bell_test", "barrier_test"], file }, () => {}))
      .toSorted((a, b) => a.name < b.name ? -1 : 1);
  const [barrier, bell] = await measured();
  assert(bell!.lines.get("sync/bell.ts")!.size > 10);
  assertEquals(await measured(), [barrier, bell]);
  const test = new URL("sync/bell_test.ts", tree.root);
  await Deno.writeTextFile(test, `${await Deno.readTextFile(test)}\n// Changed.\n`);
  const [sameBarrier, otherBell] = await measured();
  assertEquals([sameBarrier, otherBell!.lines], [barrier, bell!.lines]);
  assert(otherBell!.ms !== bell!.ms);
  await Deno.writeTextFile(file, "{");
  await assertRejects(measured, RangeError, "give a file that was written by this");
  await Deno.remove(new URL(".", `file://${file}`), { recursive: true });
});

Deno.test("tryMutant() finds no catcher for a change that nobody looks at, and puts the file back", async () => {
  await using tree = await copyProject();
  const file = "sync/bell.ts";
  const text = await Deno.readTextFile(new URL(file, tree.root));
  const mutant = mutantsOf(file, text).find(({ after }) => after === "")!;
  const blind = checker("sync/region_test.ts", 20_000, { [file]: [mutant.line] });
  const seeing = checker("sync/bell_test.ts", 20_000, { [file]: [mutant.line] });
  const stand = { root: tree.root, catches: new Catches(), pace: new Pace(), patienceMs: 60_000 };
  const survived = await tryMutant(mutant, { ...stand, checkers: [blind] });
  assertEquals([survived.by, survived.passed], [null, ["sync/region_test.ts"]]);
  const caught = await tryMutant(mutant, { ...stand, checkers: [blind, seeing] });
  assertEquals(caught.by, "sync/bell_test.ts");
  assertEquals(await Deno.readTextFile(new URL(file, tree.root)), text);
});

Deno.test("drawn() takes as many from each file as from any other, as far as there are any", async () => {
  const text = await Deno.readTextFile(new URL("sync/bell.ts", PROJECT));
  const all = [
    ...mutantsOf("few.ts", "let a = b < c;"),
    ...mutantsOf("some.ts", text),
    ...mutantsOf("more.ts", text),
  ];
  const chosen = drawn(all, 11, 1);
  const counts = Map.groupBy(chosen, ({ file }) => file).entries()
    .map(([file, { length }]) => [file, length]);
  assertEquals([...counts], [["few.ts", 1], ["some.ts", 5], ["more.ts", 5]]);
  assertEquals(drawn(all, 11, 1), chosen);
  assert(drawn(all, 11, 2).some((each, index) => each !== chosen[index]));
  assertEquals(new Set(drawn(all, 1e6, 3)).size, all.length);
});

Deno.test("checkersOf() are those that execute a line of what is changed, or its file where nobody does", () => {
  const [first, second] = mutantsOf("a.ts", "let b = 0;\nlet c = 0;\n");
  const all = [checker("one", 1, { "a.ts": [1] }), checker("other", 1, { "b.ts": [1, 2] })];
  assertEquals(namesOf(checkersOf(first!, all)), ["one"]);
  assertEquals(namesOf(checkersOf(second!, all)), ["one"]);
  assertEquals(namesOf(checkersOf(second!, [...all, checker("two", 1, { "a.ts": [2, 3] })])), [
    "two",
  ]);
});

Deno.test("Catches.order() begins with who is beside the file, then who has caught most of it, then the quick", () => {
  const catches = new Catches();
  const lines = { "a.ts": [1] };
  const all = [
    checker("quick_test.ts", 100, lines),
    checker("lucky_test.ts", 150, lines),
    checker("slow_test.ts", 200, lines),
    checker("a_test.ts", 250, lines),
  ];
  catches.add("a.ts", "lucky_test.ts");
  assertEquals(namesOf(catches.order("a.ts", all)), [
    "a_test.ts",
    "lucky_test.ts",
    "quick_test.ts",
    "slow_test.ts",
  ]);
});

Deno.test("batchesOf() has the explorer alone, and ever more tests in one process", () => {
  const tests = Array.from({ length: 8 }, (_, index) => checker(`${index}`, 1000));
  const batches = batchesOf([...tests.slice(0, 2), checker(EXPLORER, 1), ...tests.slice(2)]);
  assertEquals(batches.map(namesOf), [["0", "1"], [EXPLORER], ["2", "3", "4"], ["5", "6", "7"]]);
});

Deno.test("JUDGED are mutants that there are, each once", async () => {
  for (const judgement of JUDGED) {
    const { file, before, after } = judgement;
    assert(await mutantOf(file, before, after) !== undefined, `${file}: ${before} -> ${after}`);
    assertEquals(judgementOf({ file, before, after }), judgement);
  }
});
