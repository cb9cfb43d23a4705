/**
 * What a mempool costs in the normal case, against the very allocator under it and against other pools.
 *
 * Method. Three cases: a pair that is freed at once (LIFO), 512 taken and 512 given back (keep), and one of
 * 512 live elements replaced at random. Every subject runs each case in a worker of its own, so that V8
 * compiles the loop for it alone, and is warmed up first. Then all take turns in slices of about 10 ms, there
 * and back (A B C C B A), and a ratio is formed only between slices of one such round; the rounds are spread
 * over several sets of fresh workers. Printed are medians over all rounds, with least and most, and the
 * ratio of the least to the least: on a busy machine, the one that others disturb least.
 *
 * An allocator and the mempool over it take turns by themselves, since the collector that other subjects keep busy runs on in
 * their neighbours' slices; the others take turns with raw after that. Subjects whose calls are promises are
 * awaited. The loop itself is measured as a subject that does nothing, and is in all times.
 *
 * A module's free list is measured bare, by a caller who looks whether he got something (`module-looked-at`, as everybody must
 * who may get nothing), as the allocator of a scenario without a pool (`module-kind`, which looks whether it got a handle), and
 * under a mempool. What that does more is measured part by part: a word that says who has the element, looked at and
 * written on both ways (`module-owned`), a count on both ways (`module-counted`), and a compare of the former with a word that
 * somebody may change instead of with a number. Ratios of the least times: 1.1 to 1.15, 1.1 to 1.2, and 1.1 to 1.2 for the whole,
 * of a list that takes 3.3 to 5.1 ns a pair with its loop; little beside one with work of its own (`zeroing`).
 *
 * In loops with nothing in them but the calls (`--tight`) the bare list, and it alone, is freed of what its caller checks: it then
 * takes 1.7 to 2.1 ns, and the mempool 2 to 2.5 times that. No pool can have it, since it calls something when it has nothing
 * left; nor has a caller of the bare list who throws where he gets or gives 0: he takes 1.6 to 2.4 times that. `cases.ts` says more.
 *
 * Then two workers share an allocator, see `sharing.ts`. Collections are counted in child processes under `--trace-gc` (see `collections.ts`).
 *
 * ```
 * deno task bench:pools [--rounds 40] [--crews 5] [--pairs 4000000] [--workers 2] [--gc-pairs 50000000] [--tight] [--only SUBJECT]...
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Case, CASES } from "./cases.ts";
import { countCollections } from "./collections.ts";
import { type SubjectTimes, timeInterleaved } from "./interleaved.ts";
import { SUBJECTS } from "./runner.ts";
import { measureSharing } from "./sharing.ts";
import { ratios, shownRatio, type Spread, spreadOf } from "./spread.ts";
import { TIGHT_CASES } from "./tight_cases.ts";
import { wholeNumber } from "./whole_number.ts";

/** What all other subjects are compared with. */
const BASE = "raw";

/** Allocators, and the mempools over them that must cost as little more as can be: the headline. */
const PAIRS: readonly Pair[] = [
  { base: BASE, pool: "mempool" },
  { base: "slab-raw", pool: "slab-mempool" },
  { base: "zeroing-raw", pool: "zeroing-mempool" },
  { base: "module-kind", pool: "module-mempool" },
  { base: "module-looked-at", pool: "module-mempool" },
  { base: "module-raw", pool: "module-mempool" },
];

/** They take turns among themselves: beside subjects that keep the collector busy, they would be measured with it. */
const CLOSE: readonly (readonly string[])[] = [
  [BASE, "mempool", "raw-fixed", "nothing"],
  ["slab-raw", "slab-mempool"],
  ["zeroing-raw", "zeroing-mempool"],
  [
    "module-raw",
    "module-looked-at",
    "module-kind",
    "module-owned",
    "module-counted",
    "module-mempool",
  ],
];

interface Pair {
  readonly base: string;
  readonly pool: string;
}

interface Plan {
  readonly cases: Readonly<Record<string, Case>>;
  readonly rounds: number;
  readonly crews: number;
  readonly pairs: number;
  /** Subjects that take turns with each other, the one that they are compared with first. */
  readonly groups: readonly (readonly string[])[];
  readonly gcPairs: number;
  /** Whether two workers share an allocator as well. */
  readonly workers: 1 | 2;
}

/** Measures and prints. @throws {RangeError} one sentence, on bad usage. */
export async function measurePools(
  args: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const plan = planOf(args);
  const headlines = PAIRS.map(({ base, pool }) => ({ base, pool, shown: [] as string[] }));
  for (const [name, { name: title }] of Object.entries(plan.cases)) {
    const times: RatedTimes[] = [];
    for (const group of plan.groups) times.push(...rated(await timeInterleaved(name, group, plan)));
    printCase(title, times, print);
    for (const { base, pool, shown } of headlines) {
      const [over, under] = [pool, base].map((name) =>
        times.find(({ subject }) => subject === name)
      );
      if (over === undefined || under === undefined) continue;
      const least = spreadOf(over.pairNs).min / spreadOf(under.pairNs).min;
      const all = shownRatio(spreadOf(ratios(over.pairNs, under.pairNs)));
      shown.push(`${title} ${all} least ${least.toFixed(2)}`);
    }
  }
  for (const { base, pool, shown } of headlines) {
    if (shown.length > 0) print(`${pool}/${base}: ${shown.join(", ")}`);
  }
  print("");
  if (plan.workers > 1) await measureSharing(plan.groups.flat(), plan, print);
  await printCollections(plan, print);
}

function planOf(args: readonly string[]): Plan {
  const known = Object.keys(SUBJECTS);
  const given = parseArgs(args, {
    string: ["rounds", "crews", "pairs", "only", "workers", "gc-pairs"],
    collect: ["only"],
    boolean: ["tight"],
    unknown(argument) {
      throw new RangeError(
        `${argument}: give --rounds N, --crews N, --pairs N, --workers 1, --gc-pairs N, --tight or --only SUBJECT`,
      );
    },
  });
  for (const name of given.only) {
    if (!known.includes(name)) throw new RangeError(`--only ${name}: give ${known.join(", ")}`);
  }
  const subjects = given.only.length > 0 ? given.only : known;
  const close = CLOSE.map((group) => group.filter((name) => subjects.includes(name)));
  const others = subjects.filter((name) => !CLOSE.flat().includes(name));
  const base = subjects.includes(BASE) ? [BASE] : [];
  return {
    cases: given.tight ? TIGHT_CASES : CASES,
    rounds: wholeNumber("--rounds", given.rounds ?? "40", 1),
    crews: wholeNumber("--crews", given.crews ?? "5", 1),
    pairs: wholeNumber("--pairs", given.pairs ?? "4000000", 1),
    groups: [...close, ...others.length > 0 ? [[...base, ...others]] : []]
      .filter((group) => group.length > 0),
    workers: wholeNumber("--workers", given.workers ?? "2", 1) > 1 ? 2 : 1,
    gcPairs: wholeNumber("--gc-pairs", given["gc-pairs"] ?? "50000000", 0),
  };
}

/** Times beside those of the group's first subject. */
interface RatedTimes extends SubjectTimes {
  readonly base: string;
  readonly ratio: Spread;
}

function rated(group: readonly SubjectTimes[]): RatedTimes[] {
  const [base] = group;
  return group.map((times) => ({
    ...times,
    base: base!.subject,
    ratio: spreadOf(ratios(times.pairNs, base!.pairNs)),
  }));
}

function printCase(
  title: string,
  times: readonly RatedTimes[],
  print: (line: string) => void,
): void {
  print(`${title}: ns per pair, median (least to most); times what, the same`);
  const sorted = times
    .filter(({ subject }, index) => times.findIndex((other) => other.subject === subject) === index)
    .map((each) => ({ ...each, spread: spreadOf(each.pairNs) }))
    .sort((a, b) => a.spread.median - b.spread.median);
  for (const { subject, base, ratio, spread: { median, min, max } } of sorted) {
    print([
      `  ${subject.padEnd(14)}`,
      shownNs(median).padStart(8),
      `(${shownNs(min)} to ${shownNs(max)})`.padEnd(18),
      `${shownRatio(ratio)} ${base}`.padEnd(28),
      SUBJECTS[subject]!.summary,
    ].join(" "));
  }
  print("");
}

async function printCollections(plan: Plan, print: (line: string) => void): Promise<void> {
  if (plan.gcPairs === 0) return;
  for (const subject of new Set([BASE, ...PAIRS.map(({ pool }) => pool)])) {
    if (!plan.groups.some((group) => group.includes(subject))) continue;
    for (const [name, { name: title }] of Object.entries(plan.cases)) {
      const count = await countCollections(subject, name, plan.gcPairs);
      print(`collections of ${subject} in ${plan.gcPairs} pairs of ${title}: ${count}`);
    }
  }
}

function shownNs(nanoseconds: number): string {
  return nanoseconds < 100 ? nanoseconds.toFixed(2) : nanoseconds.toFixed(0);
}

if (import.meta.main) {
  try {
    await measurePools(Deno.args, (line) => console.log(line));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exit(2);
  }
}
