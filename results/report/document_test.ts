import { assertEquals, assertThrows } from "@std/assert";
import { ResultError } from "../parse_each.ts";
import { exampleResult } from "../testdata/example.ts";
import { exampleJoint, exampleRecommendation, exampleSweep } from "../testdata/example_sizing.ts";
import { parseDocuments } from "./document.ts";

const ALL = [exampleRecommendation(), exampleResult(), exampleSweep(), exampleJoint()];

Deno.test("parseDocuments() gives back what each command prints, key by key, in an array or one a line", () => {
  for (const text of [JSON.stringify(ALL), ALL.map((each) => JSON.stringify(each)).join("\n")]) {
    assertEquals(parseDocuments(text, "a.json"), ALL);
  }
});

Deno.test("parseDocuments() reads a recommendation that knows nothing of several pools", () => {
  const { joint: _, ...older } = exampleRecommendation();
  assertEquals(parseDocuments(JSON.stringify(older), "a.json"), [exampleRecommendation()]);
});

Deno.test("parseDocuments() says file, line and key", () => {
  const [recommendation, result, sweep] = ALL.map((each) => JSON.stringify(each)) as [
    string,
    string,
    string,
  ];
  const refusals: readonly (readonly [string, string])[] = [
    ["", "a.json: it is empty: give what bench, recommend or sweep print with --json"],
    ['{"schema":"x"}', 'a.json: schema: found "x", not one of ours: give what bench'],
    ["3", "a.json: schema: found none, not one of ours"],
    [`${result}\n{`, "a.json: line 2: no JSON: give documents, one a line"],
    [recommendation.replace('"kind":"wait-rate"', '"kind":"x"'), 'a.json: target.kind: found "x"'],
    [recommendation.replace('"missRate":1,', '"missRate":"x",'), "a.json: curve.0.missRate: found"],
    [sweep.replace('"bytes":0', '"bytes":null'), "a.json: rows.0.bytes: found null, not number"],
  ];
  for (const [text, sentence] of refusals) {
    assertThrows(() => parseDocuments(text, "a.json"), ResultError, sentence);
  }
});
