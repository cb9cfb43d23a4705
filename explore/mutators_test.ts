import { assert, assertEquals } from "@std/assert";
import { mutantsOf, mutated, MUTATORS } from "./mutators.ts";
import { PROJECT } from "./subject.ts";

/** What the lines of a text become, by the kind of change. */
function changes(text: string): [string, string][] {
  return mutantsOf("a.ts", text).map(({ mutator, after }) => [mutator, after]);
}

for (
  const [text, expected] of [
    ["if (a < b) f();", [
      ["condition flipped", "if (a <= b) f();"],
      ["statement removed", "if (a < b) ;"],
    ]],
    ["let c = a === b && !d;", [
      ["condition flipped", "let c = a === b || !d;"],
      ["condition flipped", "let c = a !== b && !d;"],
      ["condition flipped", "let c = a === b && d;"],
    ]],
    ["while (next()) {}", [["condition flipped", "while (!(next())) {}"]]],
    ["let c = a - b % d;", [["arithmetic", "let c = a + b % d;"], [
      "arithmetic",
      "let c = a - b * d;",
    ]]],
    ["let c = a + WORD;", []],
    ['let c = "a" + b;', []],
    ["let c = 3, d = 0, e = 5000;", [
      ["constant", "let c = 4, d = 0, e = 5000;"],
      ["constant", "let c = 2, d = 0, e = 5000;"],
      ["constant", "let c = 3, d = 1, e = 5000;"],
    ]],
    ["const SLOT_WORDS = 16;", [["constant", "const SLOT_WORDS = 15;"]]],
    ["let c = true;", [["constant", "let c = false;"]]],
    ["for (;; index++) {}", []],
    ["{ index++; }", [["statement removed", "{ }"], ["arithmetic", "{ index--; }"]]],
    ["{ Atomics.add(words, at, n); }", [
      ["statement removed", "{ }"],
      ["twin", "{ Atomics.sub(words, at, n); }"],
    ]],
    ["class A extends B { constructor() { super(); } }", []],
    ["for (;;) { if (a) continue; g(); }", [
      ["guard removed", "for (;;) { g(); }"],
      ["condition flipped", "for (;;) { if (!(a)) continue; g(); }"],
      ["statement removed", "for (;;) { if (a) continue; }"],
    ]],
    ["if (a) { b; } else { c; }", [
      ["condition flipped", "if (!(a)) { b; } else { c; }"],
      ["else removed", "if (a) { b; }"],
    ]],
    ["function f() { return count(); }", [["returns 0", "function f() { return 0; }"]]],
    ["const a = { count: () => n };", [["returns 0", "const a = { count: () => 0 };"]]],
    ['throw new RangeError("less than " + (1 - b));', []],
    ["let a = `${b + 1}`;", []],
    ["interface A { readonly b: 1 } type C = 2;", []],
    ["let a: 1 | 2 = b as 3;", []],
    ["import { a } from 'b'; export { a };", []],
    ["/** One < two. */ export const a = b < c;", [
      ["condition flipped", "/** One < two. */ export const a = b <= c;"],
    ]],
  ] as [string, [string, string][]][]
) {
  Deno.test(`mutantsOf() of ${text}`, () => {
    assertEquals(changes(text).sort(), expected.sort());
  });
}

Deno.test("mutantsOf() knows its lines, and mutated() puts the change there", () => {
  const text = "let a = b;\n\nif (\n  a\n) return;\nlet c;\n";
  const guard = mutantsOf("a.ts", `f(() => {\n${text}});`)
    .find(({ mutator }) => mutator === "guard removed")!;
  assertEquals([guard.line, guard.lastLine, guard.before, guard.after], [
    4,
    6,
    "if ( a ) return;",
    "",
  ]);
  assertEquals(mutated(`f(() => {\n${text}});`, guard), "f(() => {\nlet a = b;\n\n\nlet c;\n});");
});

Deno.test("mutantsOf() finds each kind of change in the wait queue, and every change is one", async () => {
  const file = "sync/wait_queue.ts";
  const text = await Deno.readTextFile(new URL(file, PROJECT));
  const mutants = mutantsOf(file, text);
  assert(mutants.length > 150);
  const missing = Object.keys(MUTATORS).filter((name) =>
    !mutants.some(({ mutator }) => mutator === name)
  );
  assertEquals(missing, ["guard removed", "else removed"]);
  for (const mutant of mutants) assert(mutant.before !== mutant.after, mutant.before);
});
