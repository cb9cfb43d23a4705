import { assert, assertEquals } from "@std/assert";
import { exampleResult } from "../testdata/example.ts";
import { json } from "./json.ts";

Deno.test("json is the result and nothing else, indented by two", () => {
  const result = exampleResult({ repeats: 2 });
  const text = json.print(result, { color: true, columns: 10 });
  assertEquals(JSON.parse(text), result);
  assert(text.startsWith('{\n  "schema": "mempool-bench/result@1",\n') && text.endsWith("\n}\n"));
});
