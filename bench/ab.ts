/**
 * How often `ab` calls identical code slower, how often it finds a slow-down that was planted, and whether what it says it
 * would have seen is seen.
 *
 * Method. Each session is one call of the command as CI makes it, with the next seed, and what counts is its exit status. The
 * sides are two copies of this checkout, in folders of their own; without `--slow-down` they do not differ. With `--load` another
 * process works without a pause during every second session. With `--slow-down` they differ in work for nothing, as much as makes
 * an allocation take that much longer, which is measured beforehand (`planted.ts`), or as many rounds of it as `--rounds` says.
 * With `--inject`, each session of identical code is followed by one in which as much is planted as the first one says that it
 * sees in the row that tells most. One that says that the machine is not fit does not count. Found is what the gate says, in
 * whichever row but a p99, which the work for nothing does not reach. The exit status is 1 where more than 2 of 100 sessions call
 * identical code slower, where fewer than 19 of 20 find 10 % or more in 30 s or more, or where fewer than 9 of 10 injections are
 * found. In full it takes some 50 minutes: 100 sessions of 5 s without a slow-down (`--load`), 20 of 30 s with 10 %, 20 of 60 s
 * with 5 %, and 20 injections.
 *
 * ```
 * deno task bench:ab [--sessions 20] [--seconds 30] [--load] [--slow-down 10%] [--inject] [--rounds N] [--check-blocks 40]
 *   [--scenario NAME] [--workers N]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Comparison } from "../results/comparison.ts";
import { rowName } from "../results/comparison_formats/row_text.ts";
import { percentage } from "../results/formats/numbers.ts";
import { type Measure, TELLING } from "../results/measures.ts";
import { parseOption, UnitError } from "../workloads/units.ts";
import { type Copies, type Load, Planter } from "./planted.ts";
import { slowedCheckout } from "./slowed_checkout.ts";
import { wholeNumber } from "./whole_number.ts";

const HERE = new URL("../", import.meta.url).pathname;

/** What is promised: at most so many false alarms, and of so large a slow-down in so long so many found. */
const FALSE_ALARMS = 0.02;
const FOUND = 0.95;
const FOUND_FROM = { share: 0.1, seconds: 30 };

/** The exit status of a session that says that the machine is not fit to judge on. */
const UNFIT = 3;

/** Of injections of what a session says it sees, so many are found. */
const SEEN = 0.9;

interface Plan extends Load {
  readonly sessions: number;
  readonly seconds: number;
  readonly isLoaded: boolean;
  /** How much longer an allocation takes; 0 for identical code. */
  readonly slowDown: number;
  /** Whether what sessions say they see is planted. */
  readonly injects: boolean;
  /** Of work for nothing; null to find it. */
  readonly rounds: number | null;
  /** In so many blocks is checked what was planted. */
  readonly checkBlocks: number;
}

/** One call of the command. */
interface Outcome {
  readonly status: number;
  readonly comparison: Comparison;
  readonly isLoaded: boolean;
}

/**
 * Runs and prints.
 *
 * @returns the faults, a sentence each.
 * @throws {RangeError} or {UnitError} one sentence, on bad usage.
 */
export async function measureAb(
  args: readonly string[],
  print: (line: string) => void,
): Promise<string[]> {
  const plan = planOf(args);
  using stack = new DisposableStack();
  const copies = { base: stack.use(slowedCheckout()), head: stack.use(slowedCheckout()) };
  const folders = { base: copies.base.folder, head: copies.head.folder };
  if (plan.slowDown === 0 && !plan.injects) {
    return falseAlarms(await runSessions(plan, folders, print), print);
  }
  const planter = new Planter(copies, plan, plan.checkBlocks);
  if (plan.injects) return await inject(plan, { planter, copies, folders }, print);
  if (plan.rounds === null) await planter.plant(plan.slowDown, print);
  else copies.head.slowDown(plan.rounds);
  return findings(plan, await runSessions(plan, folders, print), print);
}

async function runSessions(
  plan: Plan,
  folders: Sides,
  print: (line: string) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= plan.sessions; seed++) {
    const outcome = await runSession(plan, folders, seed);
    outcomes.push(outcome);
    print(sessionLine(seed, outcome));
  }
  return outcomes;
}

/** Sessions of identical code, each followed by one in which what it says it sees is planted. */
async function inject(
  plan: Plan,
  { planter, copies, folders }: {
    readonly planter: Planter;
    readonly copies: Copies;
    readonly folders: Sides;
  },
  print: (line: string) => void,
): Promise<string[]> {
  await planter.learn(print);
  let [injected, found, unfit] = [0, 0, 0];
  for (let seed = 1; seed <= plan.sessions; seed++) {
    copies.head.slowDown(0);
    const same = await runSession(plan, folders, seed);
    print(sessionLine(seed, same));
    const sees = tellingRow(same)?.detectable ?? null;
    if (sees === null) continue;
    const rounds = planter.plantRoughly(sees);
    const slowed = await runSession(plan, folders, seed + plan.sessions);
    print(`  ${percentage(sees)} planted, ${rounds} rounds: ${sessionLine(seed, slowed)}`);
    if (slowed.status === UNFIT) {
      unfit++;
      continue;
    }
    injected++;
    if (slowerRows(slowed).some((name) => !/ p\d/.test(name))) found++;
  }
  print(`what sessions say they see: found in ${found} of ${injected} injections`);
  if (unfit > 0) print(`${unfit} more do not judge: by then the machine was not fit`);
  if (injected > 0 && found >= SEEN * injected) return [];
  return [`what sessions say they see is found in ${found} of ${injected} injections only`];
}

/** By name. */
function slowerRows({ comparison: { rows } }: Outcome): string[] {
  return rows.filter(({ verdict }) => verdict === "slower").map(rowName);
}

function tellingRow({ comparison: { rows } }: Outcome): Comparison["rows"][number] | undefined {
  const named = ({ name }: Measure) => rows.find(({ measure }) => measure === name);
  return TELLING.map(named).find((row) => row !== undefined);
}

function planOf(args: readonly string[]): Plan {
  const names = [
    "sessions",
    "seconds",
    "slow-down",
    "rounds",
    "check-blocks",
    "scenario",
    "workers",
  ];
  const given = parseArgs([...args], {
    string: [...names, "slice", "warmup"],
    boolean: ["load", "inject"],
    unknown(argument) {
      throw new RangeError(
        `${argument}: give --load, --inject or ${names.map((name) => `--${name}`).join(", ")}`,
      );
    },
  });
  const { slice = "100ms", warmup = "100ms", rounds } = given;
  return {
    sessions: wholeNumber("--sessions", given.sessions ?? "20", 1),
    seconds: wholeNumber("--seconds", given.seconds ?? "30", 1),
    isLoaded: given.load,
    slowDown: shareOf(given["slow-down"] ?? "0"),
    injects: given.inject,
    rounds: rounds === undefined ? null : wholeNumber("--rounds", rounds, 0),
    checkBlocks: wholeNumber("--check-blocks", given["check-blocks"] ?? "40", 1),
    scenario: given.scenario ?? null,
    workers: wholeNumber("--workers", given.workers ?? "2", 1),
    ...{ slice, warmup },
  };
}

function shareOf(text: string): number {
  try {
    return Number(parseOption({ type: "probability", summary: "" }, text));
  } catch (error) {
    if (error instanceof UnitError) throw new RangeError(`--slow-down: ${error.message}`);
    throw error;
  }
}

/** The checkouts, by path. */
type Sides = Readonly<Record<"base" | "head", string>>;

async function runSession(
  plan: Plan,
  { base, head }: Sides,
  seed: number,
): Promise<Outcome> {
  const isLoaded = plan.isLoaded && seed % 2 === 1;
  await using _load = isLoaded ? startLoad(plan.seconds) : null;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-P", "cli.ts", "ab", "--base", base, "--head", head, "--gate", "--json"],
      ...["--budget", `${plan.seconds}s`, "--seed", `${seed}`, "--workers", `${plan.workers}`],
      ...["--slice", plan.slice, "--warmup", plan.warmup],
      ...plan.scenario === null ? [] : [plan.scenario],
    ],
    cwd: HERE,
  }).output();
  const text = new TextDecoder();
  if (stdout.length === 0) throw new Error(text.decode(stderr));
  return { status: code, comparison: JSON.parse(text.decode(stdout)), isLoaded };
}

/** A process that works until it is disposed of, or for three times as many seconds where nobody is left to do so. */
function startLoad(seconds: number): AsyncDisposable {
  const code = `const end = Date.now() + ${3000 * seconds}; while (Date.now() < end);`;
  const child = new Deno.Command(Deno.execPath(), { args: ["eval", code] }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

function sessionLine(seed: number, outcome: Outcome): string {
  const { status, comparison, isLoaded } = outcome;
  const { session, rows, verdict } = comparison;
  const changes = rows.map((row) => {
    const sees = row.detectable === null ? "nothing" : percentage(row.detectable);
    return `${rowName(row)} ${(100 * row.change).toFixed(1)}% (sees ${sees})`;
  });
  const seconds = (session!.spentNs / 1e9).toFixed(1);
  const slower = slowerRows(outcome).map((name) => ` in ${name}`).join("");
  return `${seed}${isLoaded ? " loaded" : ""}: ${verdict}${slower}, status ${status}, ` +
    `${session!.blocks} blocks in ${seconds}s: ${changes.join(", ")}`;
}

function falseAlarms(outcomes: readonly Outcome[], print: (line: string) => void): string[] {
  const slower = outcomes.filter(({ status }) => status === 1).length;
  const unfit = outcomes.filter(({ status }) => status === UNFIT).length;
  print(`identical code: ${slower} of ${outcomes.length} sessions say slower, ${unfit} unfit`);
  const able =
    outcomes.filter(({ comparison: { session } }) => session!.blocks >= session!.blocksLeast)
      .length;
  print(`${able} of them had blocks enough to tell anything`);
  if (slower <= Math.floor(FALSE_ALARMS * outcomes.length)) return [];
  return [`${slower} of ${outcomes.length} sessions call identical code slower`];
}

function findings(
  { slowDown, seconds }: Plan,
  outcomes: readonly Outcome[],
  print: (line: string) => void,
): string[] {
  const found = (among: readonly Outcome[]) => among.filter(({ status }) => status === 1).length;
  const seeing = outcomes.filter((outcome) =>
    (tellingRow(outcome)?.detectable ?? Infinity) <= slowDown
  );
  const all = `${found(outcomes)} of ${outcomes.length} sessions`;
  const sizes = outcomes.flatMap((outcome) => tellingRow(outcome)?.change ?? [])
    .sort((a, b) => a - b);
  const [shortest, middle, longest] = [0, 0.5, 1].map((share) =>
    outcomes.map(({ comparison }) => comparison.session!.spentNs / 1e9).sort((a, b) => a - b)
      .at(Math.round(share * (outcomes.length - 1)))!.toFixed(0)
  );
  print(`${percentage(slowDown)} longer: found in ${all} of ${seconds}s`);
  print(`they took ${shortest} to ${longest}s, ${middle}s in the middle`);
  print(`by their own estimates it was ${percentage(sizes[sizes.length >> 1]!)} in the middle one`);
  print(`of those that say they would see it: in ${found(seeing)} of ${seeing.length}`);
  const isPromised = slowDown >= FOUND_FROM.share && seconds >= FOUND_FROM.seconds;
  if (!isPromised || found(outcomes) >= FOUND * outcomes.length) return [];
  return [`${percentage(slowDown)} longer is found in ${all} only`];
}

if (import.meta.main) {
  try {
    const faults = await measureAb(Deno.args, (line) => console.log(line));
    for (const fault of faults) console.log(`fault: ${fault}`);
    if (faults.length > 0) Deno.exitCode = 1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exitCode = 2;
  }
}
