/**
 * Searches one program for a schedule in which something goes wrong.
 *
 * A program gets a share of the schedules. First come those that can be tried exhaustively, with no preemption, one, and two, as far
 * as they fit; the rest goes to the strategies that draw.
 *
 * @module
 */
import { searchDeaths } from "./death_search.ts";
import { deathsOf, type Explored } from "./explored.ts";
import type { Outcome, TraceStep } from "./program.ts";
import * as registry from "./strategies/mod.ts";
import { repeated, type Strategy, type StrategyKind } from "./strategy.ts";
import { traceOf } from "./trace.ts";

/** The strategies by name. */
export const STRATEGIES: Readonly<Record<string, StrategyKind>> = registry;

/** How to search. */
export interface SearchOptions {
  /** Schedules to try, at most. */
  readonly share: number;
  readonly seed: number;
  /** The only strategy; null for all in turn. */
  readonly strategy: string | null;
}

/** A schedule in which something went wrong. */
export interface Failure {
  readonly message: string;
  readonly strategy: string;
  /** The seed of this very schedule, where it was drawn. */
  readonly seed: number;
  readonly choices: readonly number[];
  /** Its steps, one a line. */
  readonly trace: readonly string[];
  /** Operations after which somebody died, where that was searched for. */
  readonly operations?: number;
}

/** What a search has come to. */
export interface Findings {
  /** Schedules tried. */
  readonly schedules: number;
  /** Different ones among them. */
  readonly distinct: number;
  /** Preemptions up to which every schedule was tried; -1 where none was tried to the end. */
  readonly bound: number;
  readonly failure: Failure | null;
  /** Points at which somebody died, where that was searched for. */
  readonly points?: number;
}

/** Schedules for each point of a death: as if there were so many points, which are not known before. */
const USUAL_POINTS = 300;

/** Schedules in which long ways of one who is to die are looked for, at most; no more than a quarter of a share. */
const MOST_WAYS = 120;

/** Draws that bring so few new schedules have seen most of what they will. */
const STALE = { schedules: 200, fresh: 10 };

/** Of what is left, a bounded search may use this much: where it turns out to be longer, others get their turn all the same. */
const BOUNDED_SHARE = 0.7;

/** Of what is left, this much goes to `pct`; the rest to `random`. */
const PCT_SHARE = 0.6;

/** A number for a schedule: 53 bits, so that two of a million share one with a probability of a ten-thousandth. */
function fingerprint(choices: readonly number[]): number {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (const choice of choices) {
    high = Math.imul(high ^ choice, 0x01000193) ^ high >>> 15;
    low = Math.imul(low + choice + 1, 0xc2b2ae35) ^ low >>> 13;
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/** A search under way. */
class Search {
  readonly #explored: Explored;
  readonly #options: SearchOptions;
  readonly #seen = new Set<number>();
  #schedules = 0;
  #bound = -1;
  #failure: Failure | null = null;
  /** Choices in an ordinary schedule. */
  #choices = 1;
  #points: number | undefined;

  constructor(explored: Explored, options: SearchOptions) {
    this.#explored = explored;
    this.#options = options;
  }

  get findings(): Findings {
    const distinct = this.#seen.size;
    return {
      schedules: this.#schedules,
      distinct,
      bound: this.#bound,
      failure: this.#failure,
      ...this.#points !== undefined && { points: this.#points },
    };
  }

  get #left(): number {
    return this.#options.share - this.#schedules;
  }

  /** Runs the one strategy, or all. */
  async run(): Promise<void> {
    const { strategy } = this.#options;
    const { machine, dies, diesAfter } = this.#explored;
    if (dies !== undefined && diesAfter === undefined) return await this.#searchDeaths();
    if (diesAfter !== undefined) machine.deaths = deathsOf(this.#explored, diesAfter);
    const ordinary = await machine.run(
      started(STRATEGIES["bound-0"]!.start({ seed: 0, choices: 1 })),
    );
    this.#choices = Math.max(1, ordinary.choices.length);
    if (strategy !== null) return await this.#searchBy(strategy, this.#left);
    await this.#searchBounded();
    await this.#searchBy("pct", Math.ceil(this.#left * PCT_SHARE));
    await this.#searchBy("random", this.#left);
  }

  /** Every point at which somebody may die. */
  async #searchDeaths(): Promise<void> {
    const { share, seed, strategy } = this.#options;
    const way = strategy ?? "bound-1";
    const names = strategy === null ? ["bound-0", "pct", "random"] : [strategy, strategy];
    const { points, failure, schedules } = await searchDeaths(
      this.#explored,
      {
        schedules: Math.max(1, Math.round(share / USUAL_POINTS)),
        seed,
        ways: {
          schedules: Math.min(MOST_WAYS, share >> 2),
          strategy: [way, STRATEGIES[way]!],
        },
        strategies: names.map((name) => [name, STRATEGIES[name]!]),
      },
      (choices, operations) => this.#seen.add(fingerprint([operations, ...choices])),
    );
    this.#points = points;
    this.#schedules = schedules;
    if (failure === null) return;
    const { trace } = await replay(this.#explored, failure.choices);
    this.#failure = { ...failure, trace };
  }

  /** Each bound that the schedules left are likely to suffice for. */
  async #searchBounded(): Promise<void> {
    await this.#searchBy("bound-0", this.#left >> 1);
    for (const bound of [1, 2]) {
      // One preemption more: at any choice, for any other.
      const others = this.#explored.machine.actors - 2;
      const expected = this.#seen.size * this.#choices * Math.max(1, others) / bound;
      if (
        this.#failure !== null || this.#bound < bound - 1 || expected > this.#left * BOUNDED_SHARE
      ) return;
      await this.#searchBy(`bound-${bound}`, Math.ceil(this.#left * BOUNDED_SHARE));
    }
  }

  async #searchBy(name: string, most: number): Promise<void> {
    const { bound, start } = STRATEGIES[name]!;
    const { seed } = this.#options;
    const strategy = start({ seed, choices: this.#choices });
    let tried = 0;
    let seenBefore = this.#seen.size;
    for (; tried < most && this.#failure === null; tried++) {
      if (!strategy.begin()) {
        this.#bound = Math.max(this.#bound, bound!);
        return;
      }
      await this.#tryOne(strategy, name, seed + tried);
      if (bound !== null || tried % STALE.schedules !== STALE.schedules - 1) continue;
      if (this.#seen.size < seenBefore + STALE.fresh) return;
      seenBefore = this.#seen.size;
    }
  }

  async #tryOne(strategy: Strategy, name: string, seed: number): Promise<void> {
    const outcome = await this.#explored.machine.run(strategy);
    this.#schedules++;
    this.#seen.add(fingerprint(outcome.choices));
    if (outcome.failure === null) return;
    const { message, trace } = await replay(this.#explored, outcome.choices);
    this.#failure = { message, strategy: name, seed, choices: outcome.choices, trace };
  }
}

function started(strategy: Strategy): Strategy {
  strategy.begin();
  return strategy;
}

/** Searches a program until its share is used up or something goes wrong. */
export async function search(explored: Explored, options: SearchOptions): Promise<Findings> {
  const searching = new Search(explored, options);
  await searching.run();
  return searching.findings;
}

/** A schedule for others to do again: its steps, and the words before them. */
export interface Recording {
  readonly steps: readonly TraceStep[];
  readonly words: Int32Array;
}

/** Records the schedule of a seed. @throws {Error} where something goes wrong in it. */
export async function record({ machine }: Explored, seed: number): Promise<Recording> {
  machine.trace = [];
  const { failure } = await machine.run(started(STRATEGIES.random!.start({ seed, choices: 1 })));
  const steps = machine.trace;
  machine.trace = null;
  if (failure !== null) throw failure;
  return { steps, words: machine.wordsAtFirst };
}

/** What a schedule has come to, step by step. */
export interface Replay {
  /** What went wrong; empty where nothing did. */
  readonly message: string;
  readonly trace: readonly string[];
}

/** Runs the schedule of these choices once more, for people to read. */
export async function replay(explored: Explored, choices: readonly number[]): Promise<Replay> {
  const { machine, diesAfter } = explored;
  if (diesAfter !== undefined) machine.deaths = deathsOf(explored, diesAfter);
  machine.trace = [];
  const outcome: Outcome = await machine.run(started(repeated(choices)));
  const trace = traceOf(explored, machine.trace);
  machine.trace = null;
  return { message: outcome.failure?.message ?? "", trace };
}
