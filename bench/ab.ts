/**
 * Whether `ab --gate` keeps its word: how often it calls identical code slower, and how often it finds a slow-down that was planted.
 *
 * Method. Each session is one call of the command as CI makes it, with the next seed, and what counts is its exit status. Without
 * `--slow-down`, both sides are this checkout; with `--load` another process works without a pause during every second session.
 * With `--slow-down`, both sides are copies in which one allocation in 64 works for nothing (`slowed_checkout.ts`): in the base for
 * no rounds, in the head for as many as make an allocation take that much longer. How many is found beforehand, by blocks such as
 * the sessions have, or given by `--rounds`.
 * The exit status is 1 where more than 2 of 100 sessions call identical code slower, or where fewer than 19 of 20 find 10 % or
 * more in 30 s or more. In full it takes some 20 minutes: 100 sessions of 5 s without a slow-down, and 20 of 30 s with 10 %.
 *
 * ```
 * deno task bench:ab [--sessions 20] [--seconds 30] [--load] [--slow-down 10%] [--rounds N] [--scenario NAME] [--workers N]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { abPlan } from "../commands/ab_plan.ts";
import { startPaced } from "../commands/paced_process.ts";
import { takeTurns } from "../commands/turns.ts";
import { type Block, judgeBlocks } from "../results/block_comparison.ts";
import type { Comparison } from "../results/comparison.ts";
import { rowName } from "../results/comparison_formats/row_text.ts";
import { percentage } from "../results/formats/numbers.ts";
import { createRandom } from "../workloads/random.ts";
import { parseOption, UnitError } from "../workloads/units.ts";
import { type SlowedCheckout, slowedCheckout } from "./slowed_checkout.ts";
import { wholeNumber } from "./whole_number.ts";

const HERE = new URL("../", import.meta.url).pathname;

/** What is promised: at most so many false alarms, and of so large a slow-down in so long so many found. */
const FALSE_ALARMS = 0.02;
const FOUND = 0.95;
const FOUND_FROM = { share: 0.1, seconds: 30 };

/** Work that is much, to see what a round of it costs, and the blocks to see it in. */
const MANY_ROUNDS = 100;
const BLOCKS = 16;

interface Plan {
  readonly sessions: number;
  readonly seconds: number;
  readonly isLoaded: boolean;
  /** How much longer an allocation takes; 0 for identical code. */
  readonly slowDown: number;
  /** Of work for nothing; null to find it. */
  readonly rounds: number | null;
  /** The load; null for the one that `ab` has of its own. */
  readonly scenario: string | null;
  readonly workers: number;
  /** What the command is given besides. */
  readonly slices: readonly string[];
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
  using copies = new DisposableStack();
  const isSlowed = plan.slowDown > 0;
  const [base, head] = isSlowed
    ? [copies.use(slowedCheckout()), copies.use(slowedCheckout())]
    : [null, null];
  if (isSlowed) await plant(plan, { base: base!, head: head! }, print);
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= plan.sessions; seed++) {
    const folders = { base: base?.folder ?? HERE, head: head?.folder ?? HERE };
    const outcome = await runSession(plan, folders, seed);
    outcomes.push(outcome);
    print(sessionLine(seed, outcome));
  }
  return isSlowed ? findings(plan, outcomes, print) : falseAlarms(outcomes, print);
}

function planOf(args: readonly string[]): Plan {
  const names = ["sessions", "seconds", "slow-down", "rounds", "scenario", "workers"];
  const given = parseArgs([...args], {
    string: [...names, "slice", "warmup"],
    boolean: ["load"],
    unknown(argument) {
      throw new RangeError(
        `${argument}: give --load or ${names.map((name) => `--${name}`).join(", ")}`,
      );
    },
  });
  const { slice = "100ms", warmup = "100ms", rounds } = given;
  return {
    sessions: wholeNumber("--sessions", given.sessions ?? "20", 1),
    seconds: wholeNumber("--seconds", given.seconds ?? "30", 1),
    isLoaded: given.load,
    slowDown: shareOf(given["slow-down"] ?? "0"),
    rounds: rounds === undefined ? null : wholeNumber("--rounds", rounds, 0),
    scenario: given.scenario ?? null,
    workers: wholeNumber("--workers", given.workers ?? "2", 1),
    slices: ["--slice", slice, "--warmup", warmup],
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

/** The two sides, copies of this checkout that differ in nothing but the rounds of their work. */
interface Copies {
  readonly base: SlowedCheckout;
  readonly head: SlowedCheckout;
}

/** Slows the head down. @throws {RangeError} where the machine is too noisy to say how much work that takes. */
async function plant(
  plan: Plan,
  copies: Copies,
  print: (line: string) => void,
): Promise<void> {
  copies.base.slowDown(0);
  const rounds = plan.rounds ?? await roundsFor(plan, copies, print);
  copies.head.slowDown(rounds);
  print(
    `planted: 1 allocation in 64 does ${rounds} rounds of work, for ${percentage(plan.slowDown)}`,
  );
}

async function roundsFor(
  plan: Plan,
  { base, head }: Copies,
  print: (line: string) => void,
): Promise<number> {
  head.slowDown(MANY_ROUNDS);
  const many = await longerBy(plan, { base: base.folder, head: head.folder });
  print(`an allocation takes ${percentage(many)} longer with ${MANY_ROUNDS} rounds than with none`);
  if (many > 0.05) return Math.round(plan.slowDown / many * MANY_ROUNDS);
  throw new RangeError("the machine is too noisy to find out what a round costs: give --rounds N");
}

/** How much longer an allocation takes, by throughput, in blocks such as the sessions have. */
async function longerBy(plan: Plan, folders: Sides): Promise<number> {
  const [slice, warmup] = [plan.slices[1]!, plan.slices[3]!];
  const { args, patience } = await abPlan(plan.scenario ?? undefined, {
    ...folders,
    ...{ slice, warmup, budget: "1h", confidence: "98%", workers: `${plan.workers}` },
  });
  const blocks: Block[] = [];
  const turns = takeTurns({
    ...{ folders, args, patience, seed: 1, random: createRandom(1, 0), start: startPaced },
    signal: new AbortController().signal,
  });
  for await (const block of turns) {
    if (blocks.push(block) === BLOCKS) break;
  }
  return longer(judgeBlocks(blocks).find(({ measure }) => measure === "throughput")!);
}

/** From a change of throughput to one of time. */
function longer({ change }: { readonly change: number }): number {
  return 1 / (1 + change) - 1;
}

/** The checkouts, by path. */
type Sides = Readonly<Record<"base" | "head", string>>;

async function runSession(
  plan: Plan,
  { base, head }: Sides,
  seed: number,
): Promise<Outcome> {
  const isLoaded = plan.isLoaded && seed % 2 === 1;
  await using _load = isLoaded ? startLoad() : null;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-P", "cli.ts", "ab", "--base", base, "--head", head, "--gate", "--json"],
      ...["--budget", `${plan.seconds}s`, "--seed", `${seed}`, "--workers", `${plan.workers}`],
      ...plan.slices,
      ...plan.scenario === null ? [] : [plan.scenario],
    ],
    cwd: HERE,
  }).output();
  const text = new TextDecoder();
  if (stdout.length === 0) throw new Error(text.decode(stderr));
  return { status: code, comparison: JSON.parse(text.decode(stdout)), isLoaded };
}

/** A process that works until it is disposed of. */
function startLoad(): AsyncDisposable {
  const child = new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"] }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

function sessionLine(seed: number, { status, comparison, isLoaded }: Outcome): string {
  const { session, rows, verdict } = comparison;
  const changes = rows.map((row) => {
    const sees = row.detectable === null ? "nothing" : percentage(row.detectable);
    return `${rowName(row)} ${(100 * row.change).toFixed(1)}% (sees ${sees})`;
  });
  const seconds = (session!.spentNs / 1e9).toFixed(1);
  return `${seed}${isLoaded ? " loaded" : ""}: ${verdict}, status ${status}, ` +
    `${session!.blocks} blocks in ${seconds}s: ${changes.join(", ")}`;
}

function falseAlarms(outcomes: readonly Outcome[], print: (line: string) => void): string[] {
  const slower = outcomes.filter(({ status }) => status === 1).length;
  const unfit = outcomes.filter(({ status }) => status === 3).length;
  print(`identical code: ${slower} of ${outcomes.length} sessions say slower, ${unfit} unfit`);
  if (slower <= Math.ceil(FALSE_ALARMS * outcomes.length)) return [];
  return [`${slower} of ${outcomes.length} sessions call identical code slower`];
}

function findings(
  { slowDown, seconds }: Plan,
  outcomes: readonly Outcome[],
  print: (line: string) => void,
): string[] {
  const found = (among: readonly Outcome[]) => among.filter(({ status }) => status === 1).length;
  const loss = 1 - 1 / (1 + slowDown);
  const seeing = outcomes.filter(({ comparison }) =>
    comparison.rows.some(({ measure, detectable }) =>
      measure === "throughput" && detectable !== null && detectable <= loss
    )
  );
  const all = `${found(outcomes)} of ${outcomes.length} sessions`;
  const sizes = outcomes.map(({ comparison: { rows } }) =>
    longer(rows.find(({ measure }) => measure === "throughput")!)
  ).sort((a, b) => a - b);
  const middle = percentage(sizes[sizes.length >> 1]!);
  print(`${percentage(slowDown)} longer: found in ${all} of ${seconds}s`);
  print(`by the sessions' own estimates it was ${middle} longer, in the middle one of them`);
  print(
    `of those that say they would see it in throughput: in ${found(seeing)} of ${seeing.length}`,
  );
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
