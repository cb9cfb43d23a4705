import { assertEquals, assertThrows } from "@std/assert";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";

const KNOWN = ["csv", "json", "table"];

Deno.test("formatName() is table unless told otherwise", () => {
  assertEquals(formatName({}, KNOWN), "table");
  assertEquals(formatName({ format: "csv" }, KNOWN), "csv");
  assertEquals(formatName({ json: true }, KNOWN), "json");
  assertEquals(formatName({ json: true, format: "json" }, KNOWN), "json");
});

Deno.test("formatName() refuses what is unknown or contradicts itself", () => {
  const unknown = assertThrows(() => formatName({ format: "jsn" }, KNOWN), Exit);
  assertEquals(
    [unknown.status, unknown.message],
    [2, '--format: there is no format "jsn": give csv, json or table (did you mean json?)'],
  );
  assertThrows(() => formatName({ json: true, format: "csv" }, KNOWN), Exit, "contradict");
});
