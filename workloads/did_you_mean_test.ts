import { assertEquals } from "@std/assert";
import { didYouMean, nearest, oneOf } from "./did_you_mean.ts";

const NAMES = ["five-level", "linux", "linux-2.5", "reserve-first", "minReserve", "over"];

Deno.test("nearest() finds what differs in at most a third, or begins alike, and else nothing", () => {
  const cases: [word: string, name: string | null][] = [
    ["linx", "linux"],
    ["ovr", "over"],
    ["minreserve", "minReserve"],
    ["five", "five-level"],
    ["res", "reserve-first"],
    ["linux-", "linux-2.5"],
    ["queue", null],
    ["xyz", null],
    ["o", null],
    ["", null],
    ["a-very-long-word-that-is-like-none", null],
  ];
  for (const [word, name] of cases) assertEquals(nearest(word, NAMES), name, word);
  assertEquals(nearest("linux", []), null);
});

Deno.test("didYouMean() ends a sentence with the nearest name, or with nothing", () => {
  assertEquals(didYouMean("linx", NAMES), " (did you mean linux?)");
  assertEquals(didYouMean("queue", NAMES), "");
});

Deno.test("oneOf() writes names as they stand in a sentence", () => {
  assertEquals(oneOf(["a"]), "a");
  assertEquals(oneOf(["a", "b"]), "a or b");
  assertEquals(oneOf(["a", "b", "c"]), "a, b or c");
  assertEquals(oneOf(["a", "b", "c"], "and"), "a, b and c");
});
