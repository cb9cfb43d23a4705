import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { explore } from "./explore.ts";
import type { Mutation } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";
import { mutants } from "./mutants.ts";
import { plant, planted } from "./planted_tree.ts";
import { allDeathPrograms, allPrograms, findProgram } from "./programs.ts";
import { formatChoices, parseChoices } from "./schedule_text.ts";
import { startSearcher } from "./searcher.ts";
import { PROJECT } from "./subject.ts";

async function printed(
  run: (print: (line: string) => void) => Promise<number>,
): Promise<{ status: number; text: string }> {
  const lines: string[] = [];
  const status = await run((line) => lines.push(line));
  return { status, text: lines.join("\n") };
}

function mutationNamed(name: string): Mutation {
  return MUTATIONS.find((mutation) => mutation.name === name)!;
}

Deno.test("explore() finds nothing wrong in some of all programs, at smoke size", async () => {
  const { status, text } = await printed((print) => explore(["--schedules", "800"], print));
  assertEquals(status, 0, text);
  assertMatch(text, /^pairs: \d+ programs, \d+ distinct schedules \(\d+ to \d+ each\)/m);
  assertMatch(text, /^\d{3} distinct schedules of 100 programs \(of \d+\) in \d+ s, seed 1$/m);
  assertMatch(text, /^violations 0$/m);
});

Deno.test("explore() tries every schedule of a small program with up to two preemptions", async () => {
  const args = ["--program", "lock/threads=2", "--schedules", "500"];
  const { status, text } = await printed((print) => explore(args, print));
  assertEquals(status, 0, text);
  assertStringIncludes(text, "all with up to 2 preemptions");
});

Deno.test("explore() --deaths has a thread die after each of its operations, and everything is back in the end", async () => {
  const args = ["--deaths", "--program", "free+blocking/M=0/fails/dies=0", "--schedules", "600"];
  const { status, text } = await printed((print) => explore(args, print));
  assertEquals(status, 0, text);
  assertMatch(text, /^free dies: \d+ points in 1 programs$/m);
  assertMatch(text, /^recovered after a death at each of \d+ points \(100 %\)$/m);
});

Deno.test("explore() --deaths says after which operation of the dead one things went wrong, and brings that back", async () => {
  await using tree = await plant(mutationNamed("nothing put back"));
  const args = ["--deaths", "--program", "free+blocking/M=0/fails/dies=0", "--schedules", "300"];
  const { status, text } = await printed((print) => explore(args, print, tree.root));
  assertEquals(status, 1);
  const [, again] = /again: deno task explore (.*)$/m.exec(text)!;
  const [, message] = /where it dies after \d+ operations: (.*)$/m.exec(text)!;
  const replayed = await printed((print) => explore(again!.split(" "), print, tree.root));
  assertEquals(replayed.status, 1);
  assertStringIncludes(replayed.text, message!);
});

Deno.test("explore() replays a failure by its seed, ten times of ten, in whatever worker", async () => {
  await using tree = await plant(mutationNamed("drain word read before the parking is said"));
  using searcher = await startSearcher(tree.root);
  const program = "blocking+miss-and-free/M=0/serves";
  const { failure } = await searcher.search(program, { share: 5000, seed: 1, strategy: "pct" });
  assert(failure !== null);
  assertMatch(failure.message, /cannot go on/);
  assert(
    failure.trace.some((line) => line.includes("composition/participants[participant 2 drain]")),
  );
  const args = ["--program", program, "--strategy", "pct", "--schedules", "1", "--workers", "1"];
  const texts = new Set<string>();
  for (let time = 0; time < 10; time++) {
    const again = [...args, "--seed", `${failure.seed}`];
    const { status, text } = await printed((print) => explore(again, print, tree.root));
    assertEquals(status, 1);
    texts.add(text.replace(/in \d+ s/, "in some s"));
  }
  assertEquals(texts.size, 1);
  for (const line of failure.trace) assertStringIncludes([...texts][0]!, line);
});

Deno.test("explore() replays a schedule by its choices, on code in which nothing is wrong with it too", async () => {
  await using tree = await plant(mutationNamed("release without a notify"));
  using searcher = await startSearcher(tree.root);
  const { failure } = await searcher.search("lock/threads=2", {
    share: 500,
    seed: 1,
    strategy: null,
  });
  const choices = formatChoices(failure!.choices);
  const args = ["--program", "lock/threads=2", "--choices", choices];
  const broken = await printed((print) => explore(args, print, tree.root));
  assertEquals(broken.status, 1);
  assertStringIncludes(broken.text, failure!.message);
});

for (
  const [args, refusal] of [
    [["--fast"], "--fast: give --schedules N"],
    [["--schedules", "many"], "--schedules many: give a whole number"],
    [["--strategy", "luck"], "--strategy luck: give one of bound-0"],
    [["--program", "juggle"], "--program juggle: give a name or a part of one"],
    [["--choices", "1"], "--choices are those of one program"],
    [["--program", "lock/threads=2", "--choices", "a"], "--choices a: give ACTOR"],
  ] as const
) {
  Deno.test(`explore() refuses ${args.join(" ")} in one sentence`, async () => {
    await assertRejects(() => explore(args, () => {}), RangeError, refusal);
  });
}

Deno.test("allPrograms() have names of their own, by which they are found", () => {
  const names = [...allPrograms(), ...allDeathPrograms()].map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (const name of names) assertEquals(findProgram(name)?.name, name);
  assertEquals(findProgram("juggle+free/M=0/serves"), undefined);
});

Deno.test("parseChoices() reads back what formatChoices() has written", () => {
  const choices = [0, 0, 0, 1, 2, 2, 0];
  assertEquals(formatChoices(choices), "0x3,1,2x2,0");
  assertEquals(parseChoices(formatChoices(choices)), choices);
});

Deno.test("MUTATIONS are thirty at least, each of a text that stands in the code once", async () => {
  assert(MUTATIONS.length >= 30);
  assertEquals(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length);
  for (const mutation of MUTATIONS) {
    const text = await Deno.readTextFile(new URL(mutation.file, PROJECT));
    assert(planted(text, mutation) !== text);
    for (const program of mutation.programs ?? []) assert(findProgram(program), program);
  }
});

Deno.test("mutants() catches planted bugs, at smoke size: those of the lock, and one by a test", async () => {
  const lock = await printed((print) =>
    mutants(["--only", "sync/lock.ts", "--schedules", "300"], print)
  );
  assertEquals(lock.status, 0, lock.text);
  assertMatch(lock.text, /^caught 5 of 5$/m);
  const tag = await printed((print) =>
    mutants(["--only", "tag too narrow", "--schedules", "10"], print)
  );
  assertMatch(tag.text, /owner_table_test\.ts: tagOf\(\).*\n[^]*caught 1 of 1$/);
});

Deno.test("mutants() says what survives, and refuses a bug whose text is gone", async () => {
  const harmless: Mutation = {
    name: "nothing",
    file: "sync/lock.ts",
    find: "/** Looks at a held lock before sleeping. */",
    replace: "",
  };
  const { status, text } = await printed((print) =>
    mutants(["--schedules", "2"], print, [harmless])
  );
  assertEquals([status, text], [1, "sync/lock.ts: nothing\n  SURVIVES\ncaught 0 of 1"]);
  const gone = [{ ...harmless, find: "what never stood there" }];
  await assertRejects(
    () => mutants(["--schedules", "2"], () => {}, gone),
    Error,
    'sync/lock.ts has the text of "nothing" 0 times',
  );
});
