import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../workloads/input_error.ts";
import { combinationsOf, parseVaried } from "./vary.ts";

Deno.test("parseVaried() doubles, steps, and takes values as they stand", () => {
  const values = (text: string) => parseVaried(`k=${text}`).values.join(" ");
  assertEquals(values("0,1,2,4..256"), "0 1 2 4 8 16 32 64 128 256");
  assertEquals(values("4..24:8"), "4 12 20");
  assertEquals(values("0..2:1,5,1"), "0 1 2 5");
  assertEquals(values("five-level, linux"), "five-level linux");
  assertEquals(parseVaried("workload.hold=constant:1ms").values, ["constant:1ms"]);
});

Deno.test("combinationsOf() gives every combination, the last key fastest, as changes of a scenario", () => {
  const varied = ["min-reserve=1,2", "memory.pages=64,128"].map(parseVaried);
  assertEquals(combinationsOf(varied).map(({ overrides }) => overrides), [
    { minReserve: "1", set: ["memory.pages=64"] },
    { minReserve: "1", set: ["memory.pages=128"] },
    { minReserve: "2", set: ["memory.pages=64"] },
    { minReserve: "2", set: ["memory.pages=128"] },
  ]);
});

Deno.test("parseVaried() and combinationsOf() refuse what leads nowhere, in a sentence", () => {
  const refusals: readonly (readonly [string[], string])[] = [
    [["min-reserve"], '--vary "min-reserve": give KEY=LIST'],
    [["=1"], '--vary "=1": give KEY=LIST'],
    [["k=1,,2"], "give KEY=LIST"],
    [["k=0..8"], '--vary k: "0..8" leads nowhere: give FROM..TO from 1 up, doubling'],
    [["k=8..4:1"], "leads nowhere: give FROM..TO with a step from 1 up"],
    [["k=1..4:0"], "with a step from 1 up"],
    [["k=0..99999999:1"], "more than 10000 combinations"],
    [["k=1..200:1", "l=1..200:1"], "--vary: there are more than 10000 combinations"],
    [["k=1", "k=2"], "--vary k: it is given twice"],
  ];
  for (const [texts, says] of refusals) {
    assertThrows(() => combinationsOf(texts.map(parseVaried)), InputError, says);
  }
});
