/**
 * The rounds of a soak: workers that stay at one pool after the other while it is pressed, and now and then one that dies there.
 *
 * @module
 */
import { uniform } from "../pools/testing/churn.ts";
import { type Crew, REPLACED, startCrew } from "../sync/testing/crew.ts";
import { Deaths, type Doom } from "./deaths.ts";
import { Flatness, memoryOfProcess, memoryOfThread, type ThreadMemory } from "./flatness.ts";
import { Ground } from "./ground.ts";
import { runAsBench, SCENARIOS } from "./scenarios.ts";
import type { Failure } from "./soak_worker.ts";
import { type Done, nothingDone, type Plant, type StayOrder } from "./stay.ts";
import { SUBJECTS, WORKERS } from "./subjects.ts";

/** Of a round, milliseconds: long enough for workers to come and go some times. */
const ROUND_MS = 250;

/** Each so manieth round is one of the runner's. */
const RUNNER_ROUNDS = 8;

/** From one look at the memory to the next, milliseconds. */
const LOOK_MS = 2500;

/** After so many rounds every pool and every scenario has been there. */
const WARMUP_ROUNDS = Math.max(2 * SUBJECTS.length, RUNNER_ROUNDS * SCENARIOS.length);

/** Each so manieth look is told. */
const LINE_LOOKS = 4;

const MOST_STEPS = 3000;

/** From one death to the next, milliseconds. */
const DEATH_MS = 1000;

/** As many rows of draws from a seed, each a row of its own. */
function drawsOf(seed: number, rows: number): (() => number)[] {
  return Array.from(
    { length: rows },
    (_, row) => uniform(Math.imul(seed * rows + row + 1, 0x9e3779b1) | 1),
  );
}

/** What a test changes. */
export interface SoakingOptions {
  /** What workers get wrong; nothing if not given. */
  readonly plant?: Plant | null;
  /** From one look at the memory to the next, milliseconds. */
  readonly lookMs?: number;
  /** After how long memory is expected to be flat, milliseconds. */
  readonly warmupMs?: number;
  /** From one death to the next, milliseconds. */
  readonly deathMs?: number;
}

/** A soak under way. */
export class Soaking implements Disposable {
  readonly flatness: Flatness;
  /** What is being done, for a failure. */
  where = "";
  readonly #print: (line: string) => void;
  readonly #warmupRounds: number;
  readonly #plant: Plant | null;
  readonly #lookMs: number;
  readonly #startMs = performance.now();
  readonly #grounds = new Map<string, Ground>();
  readonly #done = nothingDone();
  readonly #crew: Crew = startCrew(new URL("./soak_worker.ts", import.meta.url), WORKERS);
  readonly #deaths: Deaths;
  #pressing: Promise<void> = Promise.resolve();
  #rounds = 0;
  #stays = 0;
  #runs = 0;
  #looks = 0;
  #lookedMs = performance.now();

  /** Starts the workers; lines go to `print`. */
  constructor(
    print: (line: string) => void,
    { plant = null, lookMs = LOOK_MS, warmupMs, deathMs = DEATH_MS }: SoakingOptions,
  ) {
    this.#print = print;
    this.#warmupRounds = warmupMs === undefined ? WARMUP_ROUNDS : 0;
    this.#plant = plant;
    this.#lookMs = lookMs;
    this.#deaths = new Deaths(deathMs);
    this.flatness = new Flatness(warmupMs === undefined ? {} : { warmupMs });
  }

  /** Waits for the workers to be loaded. */
  async ready(): Promise<void> {
    for (let worker = 0; worker < WORKERS; worker++) await this.#hired(worker);
  }

  /** A worker says first under which name it lives. */
  async #hired(worker: number): Promise<void> {
    this.#deaths.lives[worker] = await this.#crew.answer<string>(worker);
  }

  /** One of the runner's, or a pool with its workers. @throws {Error} where anything is lost, or hangs. */
  async round(seed: number): Promise<void> {
    if (seed % RUNNER_ROUNDS === 0) {
      const scenario = SCENARIOS[Math.abs(seed / RUNNER_ROUNDS) % SCENARIOS.length]!;
      this.where = scenario.name;
      await runAsBench(scenario, seed);
      this.#runs++;
    } else {
      const subject = SUBJECTS[Math.abs(seed) % SUBJECTS.length]!;
      this.where = subject.name;
      const ground = this.#grounds.getOrInsertComputed(subject.name, () => new Ground(subject));
      await this.#visit(ground, seed);
    }
    this.#rounds++;
    if (performance.now() - this.#lookedMs < this.#lookMs) return;
    await this.#look();
    if (++this.#looks % LINE_LOOKS === 0) this.#print(this.summary());
    this.#lookedMs = performance.now();
  }

  /** Looks at the memory. All are at rest. */
  async #look(): Promise<void> {
    const workers = await this.#crew.ask<ThreadMemory>(Array(WORKERS).fill("memory"));
    const memory = memoryOfProcess([...workers, memoryOfThread()]);
    this.flatness.note(memory, this.#rounds >= this.#warmupRounds);
  }

  /** Everybody draws from a row of his own, so that what he begins does not depend on how fast others are. */
  async #visit(ground: Ground, seed: number): Promise<void> {
    const [pressDraws, deathDraws, ...stayDraws] = drawsOf(seed, 2 + WORKERS);
    const endMs = performance.now() + ROUND_MS;
    const failures: unknown[] = [];
    const isOver = () => failures.length > 0 || performance.now() >= endMs;
    const noting = async (turn: () => Promise<void>) => {
      try {
        while (!isOver()) await turn();
      } catch (error) {
        failures.push(error);
      }
    };
    const pressing = async () => {
      await noting(() => this.#pressing = this.#press(ground, pressDraws!));
      ground.close();
    };
    ground.open();
    const stays = Array.from(
      { length: WORKERS },
      (_, worker) => noting(() => this.#stay(ground, worker, stayDraws[worker]!, deathDraws!)),
    );
    await Promise.all([...stays, pressing()]);
    if (failures.length > 0) throw failures[0];
    ground.checkAtRest();
  }

  /** The coordinator must never wait for what a dead worker has: of that it would never hear. */
  #press(ground: Ground, random: () => number): Promise<void> {
    return this.#deaths.isUnderWay ? ground.fail(random) : ground.press(random);
  }

  async #stay(
    ground: Ground,
    worker: number,
    random: () => number,
    deathDraws: () => number,
  ): Promise<void> {
    const order: StayOrder = {
      joining: ground.joining(worker + 1),
      seed: Math.floor(random() * 2 ** 31),
      steps: Math.floor(random() * MOST_STEPS),
      waits: ground.waits,
      plant: this.#plant,
      cutOffMs: null,
    };
    const doom = this.#deaths.doom(deathDraws);
    if (doom !== null) return await this.#lastStay(ground, worker, order, doom);
    this.#crew.send(worker, order);
    this.#count(await this.#crew.answer<Done | Failure>(worker));
  }

  #count(done: Done | Failure): void {
    if ("failure" in done) throw new Error(done.failure);
    this.#stays++;
    for (const what of Object.keys(done) as (keyof Done)[]) this.#done[what] += done[what];
  }

  /** A stay in which the worker dies, unless it is done before. Another one takes its place, under the same number. */
  async #lastStay(ground: Ground, worker: number, order: StayOrder, doom: Doom): Promise<void> {
    await this.#pressing;
    ground.keepOut(doom.waits);
    const gone = this.#deaths.begin(worker);
    this.#crew.send(worker, { ...order, cutOffMs: doom.how === "cut off" ? doom.afterMs : null });
    const answer = this.#answerOfDying(worker);
    if (doom.how === "terminated") {
      setTimeout(() => this.#crew.terminate(worker), doom.afterMs);
      await gone.death;
    } else {
      const done = await Promise.race([answer, gone.death]);
      if (typeof done === "object" && done !== null) {
        gone.calledOff();
        ground.comeBack();
        return this.#count(done);
      }
    }
    this.#deaths.buried(await ground.bury(worker + 1));
    ground.comeBack();
    this.#crew.replace(worker);
    const done = await answer;
    if (done !== null) this.#count(done);
    await this.#hired(worker);
  }

  /** What it says before it is replaced; null where that is nothing. */
  async #answerOfDying(worker: number): Promise<Done | Failure | null> {
    try {
      return await this.#crew.answer<Done | Failure>(worker);
    } catch (error) {
      if (error === REPLACED) return null;
      throw error;
    }
  }

  /** What was done so far, in a line. */
  summary(): string {
    const { allocated, bulks, awaited, aborted, refused, none, passedOn } = this.#done;
    return [
      `${((performance.now() - this.#startMs) / 1000).toFixed(0)} s: ${this.#rounds} rounds`,
      `${this.#grounds.size} pools, ${this.#stays} stays of workers, ${this.#runs} runs of scenarios`,
      `${allocated} elements (${bulks} bulks, ${awaited} awaited, ${aborted} given up, ${none} times none, ` +
      `${refused} refused), ${passedOn} handed over`,
      this.#deaths.text(),
      this.flatness.text(),
    ].join("; ");
  }

  [Symbol.dispose](): void {
    this.#deaths[Symbol.dispose]();
    for (const ground of this.#grounds.values()) ground.end();
    this.#crew[Symbol.dispose]();
  }
}
