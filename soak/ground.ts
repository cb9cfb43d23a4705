/**
 * One composition from the coordinator's side: it makes it, presses it while workers come and go, and looks whether anything was
 * lost once all of them are at rest.
 *
 * @module
 */
import { ATOMIC, type Handle, NONE } from "../allocators/allocator.ts";
import { type Composition, createComposition, joinComposition } from "../pools/composition.ts";
import { resolvePolicy } from "../pools/composition_plan.ts";
import { ENOUGH, MAILS, MAILS_FROM } from "../pools/testing/churn.ts";
import { Gate, gated } from "../pools/testing/gated_backend.ts";
import { type Joining, planTest, type TestPlan } from "../pools/testing/joining.ts";
import { createRegion, type Region } from "../sync/mod.ts";
import type { Burial } from "./deaths.ts";
import { LAST_MOMENT, mailOf, millisecondsSince } from "./last_moment.ts";
import { KEEP, RESERVE_MAX, type Subject } from "./subjects.ts";

/** How long the coordinator holds all that it could get, at most, milliseconds. */
const HOG_MS = 8;

/** A composition to soak. */
export class Ground {
  readonly subject: Subject;
  /** Whether callers wait under its policy. */
  readonly waits: boolean;
  readonly #planned: TestPlan;
  readonly #region: Region;
  readonly #gate: Gate;
  readonly #composition: Composition;
  /** Workers that died here since the last rest, and what is missing in the counts for all that did. */
  #deaths = 0;
  #uncounted = 0;
  #kept: readonly Handle[] = [];

  /** Makes it and fills its reserve. */
  constructor(subject: Subject) {
    const planned = planTest(subject.spec);
    const { plan, layout, gateAt } = planned;
    const region = createRegion(layout, plan.memoryBytes);
    const layer = subject.gated ? gatedAt(region, gateAt) : null;
    this.subject = subject;
    this.waits = resolvePolicy(subject.spec.pools["pool"]!.policy).steps.includes("wait");
    this.#planned = planned;
    this.#region = region;
    this.#gate = new Gate(region.words, gateAt);
    this.#composition = createComposition(plan, region, joinComposition(plan, region, 0), layer);
  }

  /** What a worker needs to attach as participant `id`, from 1 up. */
  joining(id: number): Joining {
    const { spec, gated } = this.subject;
    return { spec, buffer: this.#region.buffer, id, gated };
  }

  /** Listens to workers that look for cached elements, and lets them begin. */
  open(): void {
    this.#composition.participant.listen();
    Atomics.store(this.#region.words, this.#planned.boardAt + ENOUGH, 0);
  }

  /** Tells the workers to leave. */
  close(): void {
    Atomics.store(this.#region.words, this.#planned.boardAt + ENOUGH, 1);
  }

  /** Takes all that is to be had and gives it back soon, resizes the reserve, and has the back end fail: one turn of it. */
  async press(random: () => number): Promise<void> {
    const { pool } = this;
    const chance = random();
    if (chance < 0.4) {
      const handles = this.#hog();
      await pause(random() * HOG_MS);
      if (random() < 0.5) pool.freeBulk(handles);
      else handles.forEach(pool.free);
    } else if (chance < 0.7) pool.resize(Math.floor(random() * (RESERVE_MAX + 1)));
    else if (chance < 0.8) this.#composition.drain();
    pool.adapt();
    await this.fail(random);
  }

  /** Has the back end fail for a moment, where it can. Takes no lock. */
  async fail(random: () => number): Promise<void> {
    if (this.subject.gated) {
      this.#gate.fail({ atomic: random() < 0.5, blocking: random() < 0.3 });
    }
    await pause(1);
    this.#gate.recover();
  }

  /**
   * Leaves workers to themselves: what the coordinator has cached is given back, so that nobody's request for that has it take a lock. Where
   * they are to wait it takes all that is to be had first, and keeps it until {@linkcode comeBack}.
   */
  keepOut(areToWait: boolean): void {
    if (areToWait) this.#kept = this.#hog();
    this.#composition.drain();
  }

  /** Gives back what was kept. */
  comeBack(): void {
    if (this.#kept.length > 0) this.pool.freeBulk(this.#kept);
    this.#kept = [];
  }

  /**
   * Puts right what a dead worker left, by its participant's number, once nobody but that has a lock. What lies where it handed it over is
   * left to who takes it from there.
   */
  async bury(dead: number): Promise<Burial> {
    const burials: Burial[] = [];
    const bury = () => void burials.push(this.#buryNow(dead));
    while (!this.#composition.undisturbed(bury, [dead])) await pause(0);
    return burials[0]!;
  }

  #buryNow(dead: number): Burial {
    const claimed = this.#takeClaimed(dead);
    const handedOver = new Set(this.#mails().map(({ handle }) => handle));
    this.#unmark(dead, handedOver);
    const recovery = this.#composition.recover(dead, {
      keep: (name, handle) => name === "pool" && handedOver.has(handle),
    });
    const ms = this.#sinceLastMoment() ?? 0;
    for (const handle of claimed) this.pool.free(handle);
    this.#deaths++;
    return { recovery, ms };
  }

  /** How long it is since a worker that was cut off said so; null where none has since the last time. */
  #sinceLastMoment(): number | null {
    const at = this.#planned.boardAt + LAST_MOMENT;
    const stamp = Atomics.exchange(this.#region.words, at, 0);
    return stamp === 0 ? null : millisecondsSince(stamp);
  }

  /** Elements that the dead one was just taking from where they were handed over. */
  #takeClaimed(dead: number): Handle[] {
    const { words } = this.#region;
    const claimed = this.#mails().filter(({ claimer }) => claimer === dead);
    for (const { at, handle } of claimed) {
      this.pool.adopt(handle);
      Atomics.store(words, this.#planned.livesAt + handle, 0);
      Atomics.store(words, at, NONE);
    }
    return claimed.map(({ handle }) => handle);
  }

  /** What lies where it is handed over. */
  #mails() {
    const { words } = this.#region;
    const { boardAt } = this.#planned;
    return Array.from({ length: MAILS }, (_, index) => {
      const at = boardAt + MAILS_FROM + index;
      return { at, ...mailOf(Atomics.load(words, at)) };
    }).filter(({ handle }) => handle !== NONE);
  }

  /** Nobody has what a dead one has marked as its own, but for what it handed over. */
  #unmark(dead: number, handedOver: ReadonlySet<Handle>): void {
    const { words } = this.#region;
    const { livesAt, capacity } = this.#planned;
    for (let handle = 1; handle <= capacity; handle++) {
      const mark = Atomics.load(words, livesAt + handle);
      if (mark >> 24 === dead && !handedOver.has(handle)) Atomics.store(words, livesAt + handle, 0);
    }
  }

  /**
   * Nobody is attached but the coordinator: all that is out lies where workers hand it over, and once that is freed nothing is, and the
   * reserve holds M.
   *
   * @throws {Error} where it is not so.
   */
  checkAtRest(): void {
    const { pool } = this;
    const composition = this.#composition;
    this.#gate.recover();
    const lying = this.#emptyMails();
    expect("elements out", composition.outstanding("pool"), lying.length);
    composition.check();
    if (lying.length > 0) pool.freeBulk(lying);
    expect("whether the reserve is full", pool.resize(this.subject.minReserve), true);
    composition.check();
    expect("elements out", composition.outstanding("pool"), 0);
    expect("reserve", pool.currentReserve, pool.minReserve);
    const { allocs, frees, abandoned } = pool.stats().counts;
    this.#expectCounted(allocs - frees);
    expect("waits given up by the pool", abandoned, 0);
    expect(
      "who holds the lock, and who waits",
      [
        pool.reserve.lock.owner(),
        pool.reserve.queue.count(),
      ].join(),
      "-1,0",
    );
  }

  /** A death may have cut off one call between what it did and the count of that. */
  #expectCounted(uncounted: number): void {
    const before = this.#uncounted;
    if (Math.abs(uncounted - before) > this.#deaths * KEEP) {
      expect("allocations but for those that were freed", uncounted, before);
    }
    this.#uncounted = uncounted;
    this.#deaths = 0;
  }

  /** Leaves for good. */
  end(): void {
    this.#composition.detach();
  }

  get pool() {
    return this.#composition.pool("pool");
  }

  #hog(): Handle[] {
    const handles: Handle[] = [];
    for (let got = this.pool.allocate(ATOMIC); got !== NONE; got = this.pool.allocate(ATOMIC)) {
      handles.push(got);
    }
    return handles;
  }

  /** What workers left for each other, unmarked. */
  #emptyMails(): Handle[] {
    const { words } = this.#region;
    const { boardAt, livesAt } = this.#planned;
    const places = Array.from({ length: MAILS }, (_, index) => boardAt + MAILS_FROM + index);
    const lying = places.map((at) => Atomics.exchange(words, at, NONE))
      .filter((handle) => handle !== NONE);
    for (const handle of lying) Atomics.store(words, livesAt + handle, 0);
    return lying;
  }
}

function gatedAt(region: Region, gateAt: number) {
  return (inner: Parameters<typeof gated>[0]) => gated(inner, region.words, gateAt);
}

function expect(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${found}, not ${expected}`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
