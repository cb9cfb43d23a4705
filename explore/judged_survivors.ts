/**
 * Mechanical mutants that nothing catches, each looked at, with the reason why nothing has to. A mutant that survives and does not
 * stand here is a hole in the tests.
 *
 * They are known by their texts, not by line numbers: the table follows the code where lines move, and says nothing any more of lines
 * that have changed.
 *
 * @module
 */
import type { Mutant } from "./mutators.ts";

/** What somebody has found of a survivor. */
export interface Judgement {
  readonly file: string;
  /** The lines as they are, and as the mutant has them: with single blanks, see {@linkcode Mutant}. */
  readonly before: string;
  readonly after: string;
  /** Nobody can tell them apart; or only by how long something takes, or how much room. */
  readonly verdict: "equivalent" | "performance only";
  readonly why: string;
}

/** All of them. */
export const JUDGED: readonly Judgement[] = [
  {
    file: "sync/bell.ts",
    before: "const ASLEEP = 1;",
    after: "const ASLEEP = 2;",
    verdict: "equivalent",
    why: "another word of the same line, which nobody uses",
  },
  {
    file: "sync/bell.ts",
    before: "const ASLEEP = 1;",
    after: "const ASLEEP = 0;",
    verdict: "equivalent",
    why:
      "one word does for both: it is 0 while the listener is awake, and else another one after each ring",
  },
  {
    file: "sync/bell.ts",
    before: "Atomics.add(words, at + RINGS, 1);",
    after: "Atomics.add(words, at + RINGS, 2);",
    verdict: "equivalent",
    why: "any other number ends the sleep",
  },
  {
    file: "sync/bell.ts",
    before: "Atomics.add(words, at + RINGS, 1);",
    after: "Atomics.sub(words, at + RINGS, 1);",
    verdict: "equivalent",
    why: "any other number ends the sleep",
  },
  {
    file: "sync/bell.ts",
    before: "Atomics.store(words, at + ASLEEP, 1);",
    after: "Atomics.store(words, at + ASLEEP, 2);",
    verdict: "equivalent",
    why: "whoever rings asks whether it is 0",
  },
  {
    file: "sync/bell.ts",
    before: "Atomics.notify(words, at + RINGS, 1);",
    after: "Atomics.notify(words, at + RINGS, 2);",
    verdict: "equivalent",
    why: "there is one listener",
  },
  {
    file: "pools/reserve.ts",
    before: "let held = owners < 0 ? NONE : queue.holding(slot);",
    after: "let held = owners < 1 ? NONE : queue.holding(slot);",
    verdict: "equivalent",
    why: "no block begins at word 0",
  },
  {
    file: "sync/bell.ts",
    before: "return layout.words(`${name}/bell`, 2);",
    after: "return layout.words(`${name}/bell`, 3);",
    verdict: "equivalent",
    why: "a block takes whole lines of sixteen words, however few are asked for",
  },
  {
    file: "sync/bell.ts",
    before: "return layout.words(`${name}/bell`, 2);",
    after: "return layout.words(`${name}/bell`, 1);",
    verdict: "equivalent",
    why: "a block takes whole lines of sixteen words, however few are asked for",
  },
];

/** What was found of a mutant. @returns undefined where nobody has looked. */
export function judgementOf(
  { file, before, after }: Pick<Mutant, "file" | "before" | "after">,
  judged: readonly Judgement[] = JUDGED,
): Judgement | undefined {
  return judged.find((each) =>
    each.file === file && each.before === before && each.after === after
  );
}
