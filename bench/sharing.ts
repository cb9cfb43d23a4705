/**
 * What two workers on one allocator cost each other: how much more both get done than one alone, and what an element costs that
 * one allocates and the other frees.
 *
 * Method. Every subject has a team of two workers. In a round, all teams take turns there and back (A B B A), each with
 * one worker alone and then both at once, from a common start; a figure is the best of a few slices of 2 ms; ratios are formed
 * within a round, and rounds are spread over several sets of fresh teams. Printed are medians with least and most, and the ratio
 * of the best to the best. `nothing` shows what loop and ring have in it.
 *
 * Two workers need two processors for as long as a slice lasts: where the ratios of the same subject lie far apart, the machine
 * was doing something else, and only what is said of the best has a meaning.
 *
 * @module
 */
import { CASES, HAND_OVERS } from "./cases.ts";
import type { Turns } from "./interleaved.ts";
import { SUBJECTS } from "./runner.ts";
import { ratios, shownRatio, spreadOf } from "./spread.ts";
import { Team } from "./team.ts";

/** Cases in which a second worker is another of the same kind. */
const SCALED = ["keep", "random"];

/** Subjects that are compared, the raw one of each pair before the pool over it. */
const GROUPS: readonly (readonly string[])[] = [
  ["raw", "mempool", "raw-fixed"],
  ["slab-raw", "slab-mempool"],
];

/** Rounds of one team. */
interface Rounds {
  readonly subject: string;
  readonly alone: number[];
  readonly together: number[];
  readonly elementNs: number[];
}

/** Measures and prints, for the subjects that are asked for. */
export async function measureSharing(
  subjects: readonly string[],
  turns: Turns,
  print: (line: string) => void,
): Promise<void> {
  const groups = GROUPS.map((group) => group.filter((name) => subjects.includes(name)))
    .filter((group) => group.length > 0);
  if (groups.length === 0) return;
  for (const name of SCALED) {
    print(`2 workers, ${CASES[name]!.name}: pairs in a microsecond, by one alone and by both`);
    for (const group of groups) printScaling(await timeTeams(name, group, turns), print);
    print("");
  }
  const floor = subjects.includes("nothing") ? ["nothing"] : [];
  for (const [name, { name: title }] of Object.entries(HAND_OVERS)) {
    print(`${title}: ns per element`);
    printHandOver(await timeTeams(name, [...groups.flat(), ...floor], turns), print);
    print("");
  }
}

async function timeTeams(
  caseName: string,
  subjects: readonly string[],
  { rounds, crews, pairs }: Turns,
): Promise<Rounds[]> {
  const all = subjects.map((subject): Rounds => ({
    subject,
    alone: [],
    together: [],
    elementNs: [],
  }));
  for (let crew = 0; crew < crews; crew++) {
    using teams = new DisposableStack();
    const crewTeams = subjects.map((subject) => teams.use(new Team(subject, caseName)));
    for (const team of crewTeams) await team.start(pairs);
    for (let round = crew; round < rounds; round += crews) {
      const turn = crewTeams.map((team, index) => ({ team, noted: all[index]! }));
      for (const { team, noted } of [...turn, ...turn.toReversed()]) await noteTurn(team, noted);
    }
  }
  return all;
}

async function noteTurn(team: Team, { alone, together, elementNs }: Rounds): Promise<void> {
  if (!team.canRunAlone) {
    elementNs.push(await team.elementNs());
    return;
  }
  alone.push(await team.alone());
  together.push(await team.together());
}

function printScaling(rounds: readonly Rounds[], print: (line: string) => void): void {
  const base = ratios(rounds[0]!.together, rounds[0]!.alone);
  for (const { subject, alone, together } of rounds) {
    const scaling = ratios(together, alone);
    print([
      `  ${subject.padEnd(14)}`,
      (1000 * spreadOf(alone).median).toFixed(0).padStart(5),
      (1000 * spreadOf(together).median).toFixed(0).padStart(5),
      `  scales ${shownRatio(spreadOf(scaling))}`.padEnd(28),
      `best ${(spreadOf(together).max / spreadOf(alone).max).toFixed(2)}`.padEnd(12),
      `${shownRatio(spreadOf(ratios(scaling, base)))} ${rounds[0]!.subject}`.padEnd(28),
      SUBJECTS[subject]!.summary,
    ].join(" "));
  }
}

function printHandOver(rounds: readonly Rounds[], print: (line: string) => void): void {
  for (const { subject, elementNs } of rounds) {
    const { median, min, max } = spreadOf(elementNs);
    print([
      `  ${subject.padEnd(14)}`,
      median.toFixed(1).padStart(7),
      `(${min.toFixed(1)} to ${max.toFixed(1)})`.padEnd(18),
      `${shownRatio(spreadOf(ratios(elementNs, rounds[0]!.elementNs)))} ${rounds[0]!.subject}`
        .padEnd(28),
      SUBJECTS[subject]!.summary,
    ].join(" "));
  }
}
