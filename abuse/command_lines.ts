/**
 * Command lines made of everything that the registry of commands declares, with good and hostile values in any place.
 *
 * @module
 */
import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import fc from "fast-check";
import { declareProgram } from "../commands/program.ts";
import { recordedIo } from "../commands/recorded_io.ts";
import type { Attempt } from "./attempt.ts";
import { HOSTILE_WORDS } from "./mutants.ts";

/** Of a command's own kind: files, names, numbers and notations that some command or other takes. */
const GOOD_WORDS: readonly string[] = [
  ...["canonical", "sqlite", "@s.jsonc", "@r.json", "@t.csv", "@missing", "scenarios", "policies"],
  ...[
    "2",
    "16",
    "10ms",
    "2x",
    "50%",
    "json",
    "csv",
    "table",
    "markdown",
    "linux",
    "wait rate < 1%",
  ],
  ...["poisson:rate=1000/s", "exponential:mean=1ms", "min-reserve=0,1", "memory.pages=64", "drop"],
  ...[
    "workload.workers=1",
    "budget=5",
    "outages:up=5ms,down=1ms",
    "p99=5%",
    "4..16",
    "bio",
    "abcd",
  ],
];

const word = fc.oneof(
  fc.constantFrom(...GOOD_WORDS),
  fc.constantFrom(...HOSTILE_WORDS),
  fc.string({ unit: "binary", maxLength: 6 }),
);

/** Stores are files that get written: these and no others. */
const store = fc.constantFrom("@s.jsonc", "@garbage.db", "@missing.db", "@no/such/folder.db", ".");

function leaves(command: CommandUnknownOpts, path: readonly string[]): Leaf[] {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((each) => leaves(each, [...path, each.name()]));
}

interface Leaf {
  readonly path: readonly string[];
  readonly command: CommandUnknownOpts;
}

/** An option as it may stand on a command line: its value apart, glued to it, or missing. */
function given(option: Option): fc.Arbitrary<string[]> {
  const flag = option.long ?? option.flags;
  if (flag === "--store") return store.map((path) => [flag, path]);
  if (!option.required && !option.optional) return fc.constant([flag]);
  const value = fc.oneof(word, fc.constantFrom(...option.argChoices ?? ["1"]));
  return fc.tuple(value, fc.nat(9)).map(([value, how]) =>
    how === 0 ? [flag] : how < 4 ? [`${flag}=${value}`] : [flag, value]
  );
}

function ofCommand({ path, command }: Leaf): fc.Arbitrary<string[]> {
  const options = command.options.map(given);
  return fc.record({
    options: fc.array(fc.oneof(...options, ...options, word.map((each) => [each])), {
      maxLength: 6,
    }),
    operands: fc.array(word, { maxLength: command.registeredArguments.length + 1 }),
  }).map(({ options, operands }) => [...path, ...operands, ...options.flat()]);
}

/** Any command of the registry with anything, beside files that it may be given. It ends where a run would begin. */
export function commandLines(files: Attempt["files"]): fc.Arbitrary<Attempt> {
  const commands = leaves(declareProgram(recordedIo(), "0") as CommandUnknownOpts, []);
  return fc.oneof(...commands.map(ofCommand), fc.array(word, { maxLength: 5 }))
    .map((line) => ({ files, lines: [line], runs: false }));
}
