import { assertEquals } from "@std/assert";
import { exampleResult } from "../testdata/example.ts";
import { csv } from "./csv.ts";
import { json } from "./json.ts";

const OPTIONS = { color: false, columns: 80 };

Deno.test("json.join() makes one array of several results", () => {
  const results = [exampleResult(), exampleResult({ repeats: 2 })];
  const text = json.join!(results.map((result) => json.print(result, OPTIONS)));
  assertEquals(JSON.parse(text), JSON.parse(JSON.stringify(results)));
});

Deno.test("csv.join() has one header for several results", () => {
  const text = csv.print(exampleResult(), OPTIONS);
  const lines = csv.join!([text, text]).split("\r\n");
  assertEquals(lines.filter((line) => line.startsWith("id,")).length, 1);
  assertEquals(lines.length, 2 * text.split("\r\n").length - 2);
});
