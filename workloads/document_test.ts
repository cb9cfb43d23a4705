import { assertEquals } from "@std/assert";
import { readDocument } from "./document.ts";
import { parsed, refusal, SAMPLE, sampleWith } from "./testdata/sample.ts";

const ALLOWED = "give JSON, in which comments and trailing commas may stand";

Deno.test("readDocument() takes comments, trailing commas and a byte order mark", () => {
  const text = `\uFEFF/* mine */ ${SAMPLE.replace('"none" }', '"none", }, // last')}`;
  assertEquals(parsed(text), parsed(SAMPLE));
});

Deno.test("readDocument() refuses what is not JSONC, with the line", () => {
  const cases: [text: string, said: string][] = [
    ["", ": the file is empty: give a scenario, an object with allocators, pools and workload"],
    [" \n", ": the file is empty: give a scenario, an object with allocators, pools and workload"],
    ['{\n  "a": tru\n}', `:2: unexpected "tru": ${ALLOWED}`],
    ['{\n  "a": 1\n  "b": 2\n}', `:3: unexpected "\\"b\\"": ${ALLOWED}`],
    ['{\n  "a": 1\n', `:3: the text ends too early: ${ALLOWED}`],
    ["{}\n/* and so", `:2: the text ends too early: ${ALLOWED}`],
    ["\0\x01\x02", `:1: unexpected "\\u0000\\u0001\\u0002": ${ALLOWED}`],
    ["{}\n/", `:2: unexpected "/": ${ALLOWED}`],
    ["[".repeat(200_000), ": this is nested too deeply to be read: give a scenario"],
  ];
  for (const [text, said] of cases) assertEquals(refusal(text), `my.jsonc${said}`);
});

Deno.test("readDocument() refuses a key that is given twice", () => {
  assertEquals(
    refusal(sampleWith('"workers": 2,', '"workers": 2,\n    "workers": 3,')),
    "my.jsonc:16: workload.workers: this key stands there twice: give it once",
  );
});

Deno.test("readDocument() names the scenario by its file unless it has a name", () => {
  assertEquals(readDocument("some/where/load.test.jsonc", "{}").name, "load.test");
  const text = SAMPLE.replace('"name": "my",', "");
  assertEquals(parsed(text).name, "my");
});
