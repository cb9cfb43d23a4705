/**
 * What became of mutants, in lines for people.
 *
 * @module
 */
import { EXPLORER } from "./checkers.ts";
import { judgementOf } from "./judged_survivors.ts";
import type { Trial } from "./mutant_trials.ts";

type Print = (line: string) => void;

/** One that nobody has caught. */
export function printSurvivor({ mutant, passed, leftOut }: Trial, print: Print): void {
  const judgement = judgementOf(mutant);
  const verdict = judgement === undefined ? "SURVIVES" : `${judgement.verdict}: ${judgement.why}`;
  print(`${mutant.file}:${mutant.line}: ${mutant.mutator}: ${verdict}`);
  print(`  ${mutant.before}`);
  print(`  ${mutant.after === "" ? "(nothing)" : mutant.after}`);
  if (judgement !== undefined) return;
  const left = leftOut.length === 0 ? "" : `; ${leftOut.length} more take too long`;
  print(`  (not caught by any of ${passed.length} that execute it${left})`);
}

function catcherOf({ by, seen }: Trial): string {
  if (seen === "hangs") return `${by} (hangs)`;
  return by!;
}

function fileLine(file: string, trials: readonly Trial[]): string {
  const caught = trials.filter(({ by }) => by !== null);
  const counts = [...Map.groupBy(caught, catcherOf)]
    .map(([by, each]) => [by.replace(/^[^/]*\//, ""), each.length] as const)
    .sort(([, a], [, b]) => b - a)
    .map(([by, count]) => `${by} ${count}`);
  const survivors = trials.filter(({ by }) => by === null);
  const judged = survivors.filter(({ mutant }) => judgementOf(mutant) !== undefined).length;
  const left = survivors.length === 0
    ? ""
    : `; ${survivors.length} survive, ${judged} of them judged`;
  return `${file}: ${caught.length} of ${trials.length} caught: ${counts.join(", ")}${left}`;
}

/** All of them: a line for each file, then the sum. */
export function printTrials(trials: readonly Trial[], print: Print): void {
  const byFile = [...Map.groupBy(trials, ({ mutant }) => mutant.file)].sort(([a], [b]) =>
    a < b ? -1 : 1
  );
  for (const [file, each] of byFile) print(fileLine(file, each));
  const survivors = trials.filter(({ by }) => by === null);
  const judged = survivors.map(({ mutant }) => judgementOf(mutant)?.verdict);
  const count = (verdict: string | undefined) => judged.filter((each) => each === verdict).length;
  const hung = trials.filter(({ seen }) => seen === "hangs").length;
  const explored = trials.filter(({ by }) => by === EXPLORER).length;
  const typed = trials.filter(({ by }) => by === "types").length;
  const caught = trials.length - survivors.length;
  print(
    `caught ${caught} of ${trials.length}: ${explored} by the explorer, ${
      caught - explored - typed
    } by tests, ${typed} by the type check; ${hung} of them as they hang`,
  );
  print(
    `survivors: ${survivors.length}, judged equivalent ${count("equivalent")}, performance only ${
      count("performance only")
    }, not judged ${count(undefined)}`,
  );
}
