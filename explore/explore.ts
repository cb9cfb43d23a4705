/**
 * `deno task explore`: searches every program for a schedule that loses an element, hands one out twice, or lets somebody sleep who
 * could be served.
 *
 * A program is a few threads at one small pool (`programs.ts`); a machine runs the real code of each step by step (`machine.ts`),
 * in an order that a strategy chooses (`strategies/`): every schedule with up to two preemptions where there are not too many,
 * priorities that change at a few points, chance.
 *
 * What it can't find, and what stands for that:
 *
 * - *Reordering.* Every step here is sequentially consistent. A plain read that comes too early is the same as a thread that is
 *   preempted after it, which is explored: the limit that a free reads, and whether the pool is closed. A plain store that others
 *   see too late matters only where somebody reads without a lock what was stored without one: a magazine's fill and
 *   slots, which the store of `parked` publishes to whoever claims them; an owner's tag, which whatever hands the element on publishes;
 *   and the hints (`short`, whether somebody caches), which may be stale. Tests with real workers go through these places:
 *   `sync/participant_race_test.ts`, `pools/look_again_test.ts`, `pools/stuck_magazine_test.ts`, `pools/shared_mempool_threads_test.ts`.
 * - *Real threads.* One engine thread plays all of them. That real workers do the same in the same order, step for step and
 *   value for value, is tested (`lockstep.ts`); what they do without an order is for the tests with real workers, `pools/churn_test.ts`
 *   above all. Copies of several words (`copyWithin`) are one step: they happen under a lock, or among slots of one's own.
 * - *Size.* Two or three threads, one call each, magazines of a round or two, over pages; one pool, or two over the same allocator. Slabs and composites
 *   have models (`allocators/slab_model_test.ts`, `pools/model_test.ts`); more waiters than that have tests of their own (`pools/rules_*_test.ts`), and so
 *   have more of them in two pools with one floor (`pools/floor_stock_test.ts`).
 * - *Lateness.* An element that comes late but without a time-out is no violation here. Waits are measured by the benchmarks. Nor is one that comes with
 *   time alone where nothing else is promised: from one of two pools that share no floor to the other, from the parts of an element to the whole, from
 *   a cache of pages.
 * - *Bytes.* What stands in the pages, and is poisoned, filled and written out there, is not looked at; nor is the sleep of a hog until pages of its
 *   cache are asked for (`workloads/pressures/hog_test.ts`, `workloads/swap_out_test.ts`).
 * - *Deaths.* With `--deaths`, one thread dies after each of its operations in turn and another one recovers (`death_search.ts`), in a few schedules of the
 *   others for each, one of which leads along the longest way that was found; a longer one, which it goes in a schedule that was not tried, is cut short
 *   nowhere. Who recovers may die over it, once; two may do it at once, three do not. What a coordinator does between two looks, and that it tries
 *   again, is tested (`pools/undisturbed_test.ts`, `workloads/supervision_test.ts`). That a dead one's stores up to some point are there, and none after it, is assumed, and tested
 *   with real workers.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { runCommand, wholeNumber } from "./command_line.ts";
import { allDeathPrograms, allPrograms, findProgram, type NamedProgram } from "./programs.ts";
import { formatChoices, parseChoices } from "./schedule_text.ts";
import { type Failure, type Findings, type SearchOptions, STRATEGIES } from "./search.ts";
import { type Searcher, startSearcher } from "./searcher.ts";

/** What a program gets at least, where there are too few schedules for all: then only some are searched. */
const LEAST_SHARE = 8;

/** The same where somebody dies after each operation: about as many as there are. */
const LEAST_SHARE_DEATHS = 300;

/** Traces of more violations than this say nothing new. */
const TRACES_MAX = 3;

/** What to do. */
interface Plan {
  readonly programs: readonly NamedProgram[];
  readonly known: number;
  readonly schedules: number;
  readonly seed: number;
  readonly strategy: string | null;
  readonly choices: readonly number[] | null;
  readonly workers: number;
  readonly each: boolean;
  readonly deaths: boolean;
}

function strategyOf(name: string | undefined): string | null {
  if (name === undefined || Object.hasOwn(STRATEGIES, name)) return name ?? null;
  throw new RangeError(`--strategy ${name}: give one of ${Object.keys(STRATEGIES).join(", ")}`);
}

/** The program of a name, or all whose names contain it. */
function named(part: string, all: NamedProgram[]): NamedProgram[] {
  const exact = findProgram(part);
  if (exact !== undefined) return [exact];
  const found = all.filter(({ name }) => name.includes(part));
  if (found.length > 0) return found;
  throw new RangeError(`--program ${part}: give a name or a part of one, such as ${all[0]!.name}`);
}

function planOf(args: readonly string[]): Plan {
  const given = parseArgs(args, {
    string: ["schedules", "seed", "program", "strategy", "choices", "workers"],
    boolean: ["each", "deaths"],
    unknown(argument) {
      throw new RangeError(
        `${argument}: give --schedules N, --seed S, --program NAME, --strategy NAME, --choices LIST, --workers N, --deaths or --each`,
      );
    },
  });
  const programs = named(given.program ?? "", given.deaths ? allDeathPrograms() : allPrograms());
  if (given.choices !== undefined && programs.length !== 1) {
    throw new RangeError("--choices are those of one program: give its whole name as --program");
  }
  return {
    programs,
    known: programs.length,
    schedules: wholeNumber("--schedules", given.schedules ?? "30000", 1),
    seed: wholeNumber("--seed", given.seed ?? "1", 0),
    strategy: strategyOf(given.strategy),
    choices: given.choices === undefined ? null : parseChoices(given.choices),
    workers: wholeNumber("--workers", given.workers ?? `${navigator.hardwareConcurrency}`, 1),
    each: given.each || programs.length <= 40,
    deaths: given.deaths,
  };
}

/** As many programs as there are schedules for, evenly from all. */
function affordable({ programs, schedules, seed, deaths }: Plan): readonly NamedProgram[] {
  const least = deaths ? LEAST_SHARE_DEATHS : LEAST_SHARE;
  const count = Math.max(1, Math.min(programs.length, Math.floor(schedules / least)));
  if (count === programs.length) return programs;
  const step = programs.length / count;
  return Array.from(
    { length: count },
    (_, index) => programs[(Math.floor(index * step) + seed) % programs.length]!,
  );
}

/** What was found of each program. */
interface Searched {
  readonly program: NamedProgram;
  readonly findings: Findings;
}

/** Has workers search programs, each the next one as soon as it is done. */
async function searchAll(
  programs: readonly NamedProgram[],
  plan: Plan,
  searchers: readonly Searcher[],
): Promise<Searched[]> {
  const weight = programs.reduce((sum, program) => sum + program.weight, 0);
  const queue = programs.values();
  const searched: Searched[] = [];
  await Promise.all(searchers.map(async (searcher) => {
    for (const program of queue) {
      const share = Math.max(1, Math.round(plan.schedules * program.weight / weight));
      const options: SearchOptions = { share, seed: plan.seed, strategy: plan.strategy };
      searched.push({ program, findings: await searcher.search(program.name, options) });
    }
  }));
  return searched;
}

type Print = (line: string) => void;

function printFailure(program: string, failure: Failure, isTraced: boolean, print: Print): void {
  const { message, strategy, seed, choices, trace, operations } = failure;
  if (operations !== undefined) {
    print(`violation in ${program}, where it dies after ${operations} operations: ${message}`);
    print(
      `  again: deno task explore --program ${program}@${operations} --choices ${
        formatChoices(choices)
      }`,
    );
    if (isTraced) { for (const line of trace) print(`    ${line}`); }
    return;
  }
  const drawn = STRATEGIES[strategy]!.bound === null;
  print(`violation in ${program}: ${message}`);
  print(
    drawn
      ? `  again: deno task explore --program ${program} --strategy ${strategy} --seed ${seed} --schedules 1`
      : `  again: deno task explore --program ${program} --choices ${formatChoices(choices)}`,
  );
  if (isTraced) { for (const line of trace) print(`    ${line}`); }
}

function printFindings(searched: readonly Searched[], plan: Plan, print: Print): void {
  if (plan.each) {
    for (const { program, findings: { distinct, schedules, bound, points } } of searched) {
      if (points !== undefined) {
        print(`${program.name}: dies at ${points} points, in ${schedules} schedules`);
        continue;
      }
      const complete = bound < 0 ? "" : `, all with up to ${bound} preemptions`;
      print(`${program.name}: ${distinct} distinct of ${schedules} schedules${complete}`);
    }
  }
  if (plan.deaths) return printDeaths(searched, print);
  for (const [title, isOf] of GROUPS) {
    const group = searched.filter(({ program: { name } }) => isOf(name));
    if (group.length > 0) print(`${title}: ${summaryOf(group)}`);
  }
}

/** How many points there were, by who died. */
function printDeaths(searched: readonly Searched[], print: Print): void {
  const byVictim = Map.groupBy(searched, ({ program: { name } }) => /^[a-z-]+/.exec(name)![0]);
  for (const [victim, group] of byVictim) {
    print(`${victim} dies: ${pointsOf(group)} points in ${group.length} programs`);
  }
  const failed = searched.filter(({ findings }) => findings.failure !== null).length;
  const points = pointsOf(searched);
  print(
    failed === 0
      ? `recovered after a death at each of ${points} points (100 %)`
      : `not recovered in ${failed} programs of ${searched.length}`,
  );
}

function pointsOf(searched: readonly Searched[]): number {
  return searched.reduce((sum, { findings: { points = 0 } }) => sum + points, 0);
}

const threadsOf = (name: string) => name.split("/")[0]!.split("+").length;
const isSpecial = (name: string) =>
  /^lock|^arena|exchange|timeouts|policy|beside-|cache-/.test(name);

/** Programs of one kind, for the summary. */
const GROUPS: readonly (readonly [string, (name: string) => boolean])[] = [
  ["the lock and the arena", (name) => !name.includes("M=")],
  ["magazines and depot", (name) => name.includes("exchange")],
  [
    "the queue, with time-outs and aborts",
    (name) => !name.startsWith("lock") && name.includes("timeouts"),
  ],
  ["the page cache", (name) => name.includes("cache-")],
  ["two pools over one allocator", (name) => name.includes("beside-")],
  ["pairs under other policies", (name) => name.includes("policy=") && !name.includes("beside-")],
  ["pairs", (name) => !isSpecial(name) && threadsOf(name) === 2],
  ["triples", (name) => !isSpecial(name) && threadsOf(name) === 3],
];

function summaryOf(group: readonly Searched[]): string {
  const counts = group.map(({ findings: { distinct } }) => distinct).toSorted((a, b) => a - b);
  const sum = counts.reduce((total, count) => total + count, 0);
  const bounds = [0, 1, 2].map((bound) => {
    const complete = group.filter(({ findings }) => findings.bound >= bound).length;
    return `${complete} up to ${bound}`;
  });
  return `${group.length} programs, ${sum} distinct schedules (${counts[0]} to ${
    counts.at(-1)
  } each), exhaustive in preemptions: ${bounds.join(", ")}`;
}

async function replayOne(plan: Plan, print: Print, root: URL | undefined): Promise<number> {
  const { name } = plan.programs[0]!;
  using searcher = await startSearcher(root);
  const { message, trace } = await searcher.replay(name, plan.choices!);
  for (const line of trace) print(line);
  print(message === "" ? `${name}: nothing is wrong` : `violation in ${name}: ${message}`);
  return message === "" ? 0 : 1;
}

/** Explores and prints. @returns the exit status. @throws {RangeError} one sentence, on bad usage. */
export async function explore(args: readonly string[], print: Print, root?: URL): Promise<number> {
  const plan = planOf(args);
  if (plan.choices !== null) return await replayOne(plan, print, root);
  const programs = affordable(plan);
  const startedMs = performance.now();
  using stack = new DisposableStack();
  const crew = Array.from({ length: plan.workers }, () => startSearcher(root));
  const searchers = (await Promise.all(crew)).map((searcher) => stack.use(searcher));
  const searched = await searchAll(programs, plan, searchers);
  searched.sort((a, b) => programs.indexOf(a.program) - programs.indexOf(b.program));
  printFindings(searched, plan, print);
  const failed = searched.filter(({ findings }) => findings.failure !== null);
  failed.forEach(({ program, findings }, index) =>
    printFailure(program.name, findings.failure!, index < TRACES_MAX, print)
  );
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  const distinct = searched.reduce((sum, { findings }) => sum + findings.distinct, 0);
  print(
    `${distinct} distinct schedules of ${programs.length} programs (of ${plan.known}) in ${seconds} s, seed ${plan.seed}`,
  );
  print(`violations ${failed.length}`);
  return failed.length === 0 ? 0 : 1;
}

if (import.meta.main) await runCommand(explore);
