import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkResult, parseResults, ResultError } from "./result_schema.ts";
import { exampleResult } from "./testdata/example.ts";

Deno.test("checkResult() gives back what a run yields, key by key", () => {
  for (const repeats of [0, 1, 6]) {
    const result = JSON.parse(JSON.stringify(exampleResult({ repeats, pools: ["bio", "bvec"] })));
    assertEquals(checkResult(structuredClone(result)), result);
  }
});

Deno.test("checkResult() keeps keys that it does not know", () => {
  assertEquals(
    checkResult({ ...exampleResult(), later: 1 }),
    { ...exampleResult(), later: 1 } as never,
  );
});

Deno.test("checkResult() names the key that is wrong", () => {
  const result = JSON.parse(JSON.stringify(exampleResult()));
  result.runs[0].pools.pages.levels[2].hits = "many";
  assertThrows(
    () => checkResult(result),
    ResultError,
    'runs.0.pools.pages.levels.2.hits: found "many", not number',
  );
  assertThrows(
    () => checkResult({ ...exampleResult(), schema: "x" }),
    ResultError,
    "schema: found",
  );
  const short = JSON.parse(JSON.stringify(exampleResult()));
  short.runs[0].timeline.pools.pages.reserve.pop();
  assertThrows(() => checkResult(short), ResultError, "runs.0.timeline: found");
  const { id: _, ...nameless } = exampleResult();
  assertThrows(() => checkResult(nameless), ResultError, "id: it is missing");
  assertThrows(() => checkResult(null), ResultError, "found null, not Object");
});

Deno.test("parseResults() reads one document, an array, and one a line", () => {
  const results = [exampleResult(), exampleResult({ repeats: 2 })];
  const lines = results.map((result) => JSON.stringify(result)).join("\r\n\n") + "\n";
  assertEquals(parseResults(lines, "a").length, 2);
  assertEquals(parseResults(`\uFEFF${lines}`, "a").length, 2);
  assertEquals(parseResults(JSON.stringify(results, null, 2), "a").length, 2);
  assertEquals(parseResults(JSON.stringify(results[0]), "a").length, 1);
});

Deno.test("parseResults() says file, line and key", () => {
  const good = JSON.stringify(exampleResult());
  const refusals: readonly (readonly [string, string])[] = [
    ["", "a.json: it is empty"],
    ["{", "a.json: line 1: no JSON, it ends in the middle: give results, one a line"],
    ['{\n  "id": "a', "a.json: line 2: no JSON, it ends in the middle"],
    ['{\n  "id": 7,\n', "a.json: line 2: no JSON, it ends in the middle"],
    ['{\n  "id": 7\n  "x": 8\n}', "a.json: line 3: no JSON: give results, one a line"],
    ['{\n  "id": 7,\n  "x": oops\n}', "a.json: line 3: no JSON: give results, one a line"],
    ['{\n  "id": 7\n} }', "a.json: line 3: no JSON: give results, one a line"],
    ["hello", "a.json: line 1: no JSON: give results, one a line"],
    [`${good}\n{"schema":`, "a.json: line 2: no JSON"],
    [`${good}\n{"schema":1}`, "a.json: line 2: schema: found 1"],
    [`[${good},3]`, "a.json: result 2: found 3"],
    ["[]", "a.json: it holds no result"],
  ];
  for (const [text, sentence] of refusals) {
    assertThrows(() => parseResults(text, "a.json"), ResultError, sentence);
  }
});

Deno.test("parseResults() of a result with anything changed is a result or a sentence", () => {
  const text = JSON.stringify(exampleResult());
  const change = fc.record({
    at: fc.nat(text.length - 1),
    cut: fc.nat(6),
    put: fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom("null", "-1", "{}", "1e999", '""')),
  });
  fc.assert(
    fc.property(change, ({ at, cut, put }) => {
      try {
        parseResults(text.slice(0, at) + put + text.slice(at + cut), "a.json");
      } catch (error) {
        if (!(error instanceof ResultError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
