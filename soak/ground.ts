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
import { RESERVE_MAX, type Subject } from "./subjects.ts";

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
    if (this.subject.gated) {
      this.#gate.fail({ atomic: random() < 0.5, blocking: random() < 0.3 });
    }
    pool.adapt();
    await pause(1);
    this.#gate.recover();
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
    expect("allocations but for those that were freed", allocs - frees, 0);
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
