import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { widthOf } from "../results/formats/columns.ts";
import { builtinNames } from "../workloads/scenarios/mod.ts";
import { recordedIo } from "./recorded_io.ts";
import {
  type Choice,
  choiceView,
  chooseByLine,
  matching,
  offers,
  pressedAt,
} from "./scenario_choice.ts";

const FRESH: Choice = {
  offers: ["bio", "outages", "swap-out", "raid1"].map((name) => ({
    name,
    summary: `what ${name} is`,
  })),
  text: "",
  at: 0,
};

function chosen(names: string): string | null | undefined {
  let choice = FRESH;
  for (const name of names.split(" ")) {
    const text = name.length === 1 ? name : "";
    const next = pressedAt(choice, { name, text, shift: false, ctrl: false });
    if ("name" in next) return next.name;
    choice = next.choice;
  }
  return undefined;
}

Deno.test("pressedAt() goes through the list, narrows it down, and takes what matches nothing for a file", () => {
  assertEquals(chosen("return"), "bio");
  assertEquals(chosen("down down return"), "swap-out");
  assertEquals(chosen("end down down return"), "raid1");
  assertEquals(chosen("end home up return"), "bio");
  assertEquals(chosen("o u t return"), "outages");
  assertEquals(chosen("o u t down return"), "swap-out");
  assertEquals(chosen("m y . j s o n c return"), "my.jsonc");
  assertEquals(chosen("o x backspace down return"), "outages");
  assertEquals(chosen("o escape"), undefined);
  assertEquals(chosen("o escape escape"), null);
});

Deno.test("pressedAt() stays within what matches, whatever is pressed", () => {
  const names = ["up", "down", "home", "end", "tab", "backspace", "escape", "return", "o", "x", ""];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...names)),
      fc.integer({ min: 60, max: 90 }),
      (keys, columns) => {
        let choice = FRESH;
        for (const name of keys) {
          const text = name.length === 1 ? name : "";
          const next = pressedAt(choice, { name, text, shift: false, ctrl: false });
          if ("name" in next) return;
          choice = next.choice;
          assert(choice.at >= 0 && choice.at <= Math.max(0, matching(choice).length - 1));
          const lines = choiceView(choice, { columns, rows: 7, color: true });
          assert(lines.length <= 7 && lines.every((line) => widthOf(line) <= columns));
        }
      },
    ),
  );
});

Deno.test("offers() has every built-in scenario with its summary", () => {
  const names = offers().map(({ name }) => name);
  assertEquals(names.filter((name) => builtinNames().includes(name)), builtinNames());
  assertStringIncludes(offers().find(({ name }) => name === "outages")!.summary, "back end");
});

Deno.test("chooseByLine() takes the next line that has a name, and leaves with the lines", async () => {
  const io = recordedIo({ input: ["", "  outages ", "reserve 3"] });
  const lines = io.input.lines()[Symbol.asyncIterator]();
  assertEquals(await chooseByLine(lines, io.out), "outages");
  assertEquals((await lines.next()).value, "reserve 3");
  assertEquals(await chooseByLine(lines, io.out), null);
  assertStringIncludes(io.stdout(), "Which scenario? A file, or one of");
});
