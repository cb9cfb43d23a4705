/**
 * A mempool on a virtual clock: the steps of its policy over a scripted back end, level by level, with the callers'
 * own arrivals and holds. It takes the same compiled policies as the real pool; what the mechanism does
 * (frees go to who waits, then to the reserve, then to the back end; who is about to sleep looks at the back end once
 * more; who sleeps tries again every `retryMs`) is told here a second time, without threads.
 *
 * Events at one time: what ends is freed first, then sleepers try again, then tasks arrive, those of the first worker
 * first.
 *
 * @module
 */
import { ATOMIC, BLOCKING, type Context } from "../allocators/allocator.ts";
import { type CompiledPolicy, Op } from "../pools/compiled_policy.ts";
import { CallerQueue } from "./caller_queue.ts";
import { ASYNC, type Caller } from "./callers.ts";
import { Ends } from "./ends.ts";
import type { Serves } from "./scripted_backend.ts";
import type { WaitTally } from "./wait_tally.ts";
import { type Waiting, WaitingLine } from "./waiting_line.ts";

/** What is simulated. */
export interface PolicySetup {
  readonly policy: CompiledPolicy;
  readonly minReserve: number;
  readonly serves: Serves;
  readonly callers: readonly Caller[];
  /** Tasks to serve, all callers together. */
  readonly tasks: number;
  /** Tasks at the beginning that do not count. */
  readonly skipped: number;
  /** Where waits are counted: a task that is turned away waits for ever. */
  readonly tally: WaitTally;
  /** How much longer each element is held that was taken from the reserve before the first task; none where left out. */
  readonly underWay?: Float64Array;
}

/** How the tasks were served. */
export interface PolicyCounts {
  /** Tasks served at each level, 1 to 5 at the places 0 to 4. */
  readonly hits: number[];
  /** Callers that got nothing: those that may not sleep, and others under a policy that does not wait. */
  readonly turnedAway: number;
  /** The reserve at its lowest. */
  readonly lowWater: number;
}

/** Runs a simulation to its end. */
export function runPolicyPool(setup: PolicySetup): PolicyCounts {
  return new PolicyPool(setup).run();
}

/**
 * So often in a row sleepers try again while nothing is out and no task can come: who was served by none of them is never
 * served. Outages that last a whole part of `retryMs` look the same each time.
 */
const RETRIES_IN_VAIN = 10_000;

class PolicyPool {
  // Invariant: 0 <= #reserve <= M; somebody waits => #reserve = 0; #ends.size = elements that tasks hold.
  readonly #setup: PolicySetup;
  readonly #ends = new Ends();
  readonly #line = new WaitingLine();
  readonly #hits = [0, 0, 0, 0, 0];
  readonly #queue: CallerQueue;
  readonly #retryNs: number;
  #reserve: number;
  #lowWater: number;
  #turnedAway = 0;
  #tasks = 0;
  #peak = 0;

  constructor(setup: PolicySetup) {
    this.#setup = setup;
    this.#reserve = this.#lowWater = setup.minReserve;
    this.#queue = new CallerQueue(setup.callers);
    this.#retryNs = setup.policy.retryMs * 1e6;
    for (const holdNs of setup.underWay?.subarray(0, setup.minReserve) ?? []) {
      this.#lowWater = --this.#reserve;
      this.#ends.push(holdNs);
    }
    this.#peak = this.#ends.size;
  }

  run(): PolicyCounts {
    for (let inVain = 0; inVain < RETRIES_IN_VAIN;) {
      const arrivalNs = this.#tasks === this.#setup.tasks ? Infinity : this.#queue.dueNs;
      const endNs = this.#ends.earliest;
      const retryNs = this.#line.nextRetryNs;
      inVain = Math.min(endNs, arrivalNs) === Infinity ? inVain + 1 : 0;
      if (endNs <= arrivalNs && endNs <= retryNs) {
        if (endNs === Infinity) break;
        this.#free(endNs);
      } else if (retryNs <= arrivalNs) this.#retry(retryNs);
      else this.#arrive(arrivalNs);
      if (this.#tasks === this.#setup.tasks && this.#line.size === 0) break;
    }
    while (this.#line.size > 0) this.#wait(this.#line.serveFirst(), Infinity);
    this.#strand();
    this.#setup.tally.finish(this.#tasks, this.#peak);
    const { hits, lowWater, turnedAway } = {
      hits: this.#hits,
      lowWater: this.#lowWater,
      turnedAway: this.#turnedAway,
    };
    return { hits, lowWater, turnedAway };
  }

  /** Tasks that would still come, but for workers that wait for ever, are never served either. */
  #strand(): void {
    const { callers, tasks } = this.#setup;
    if (callers.every(({ nextAt }) => nextAt === Infinity)) return;
    while (this.#tasks < tasks) this.#setup.tally.wait(this.#tasks++, Infinity);
  }

  #arrive(nowNs: number): void {
    const index = this.#queue.first;
    const { holdNs, call } = this.#setup.callers[index]!;
    const task = this.#tasks++;
    this.#queue.advance(index);
    const level = this.#attempt(0, call === ATOMIC ? ATOMIC : BLOCKING, nowNs);
    if (level > 0) this.#grant(task, level, nowNs + holdNs);
    else if (call === ATOMIC || !this.#setup.policy.waits) this.#turnAway(task);
    else {this.#sleep({
        task,
        caller: index,
        blocks: call !== ASYNC,
        sinceNs: nowNs,
        holdNs,
        retryNs: nowNs + this.#retryNs,
      });}
  }

  #turnAway(task: number): void {
    this.#setup.tally.wait(task, Infinity);
    if (task >= this.#setup.skipped) this.#turnedAway++;
  }

  /** Looks at the back end once more, then queues up. */
  #sleep(waiting: Waiting): void {
    const { task, caller, blocks, sinceNs, holdNs } = waiting;
    if (this.#backendServes(ATOMIC, sinceNs)) {
      this.#grant(task, 1, sinceNs + holdNs);
      return;
    }
    this.#line.join(waiting);
    this.#queue.sleep(caller, blocks);
  }

  /** The policy's steps from one on, but for the wait. @returns the level that served, 0 for none. */
  #attempt(from: number, context: Context, nowNs: number): number {
    const { policy, minReserve } = this.#setup;
    for (let index = from; index < policy.steps.length; index++) {
      const { op, admits } = policy.steps[index]!;
      if (op === Op.reserve) {
        const current = this.#reserve;
        if (current === 0 || !(context === ATOMIC || admits(current, minReserve))) continue;
        this.#reserve = current - 1;
        if (current - 1 < this.#lowWater) this.#lowWater = current - 1;
        return 2 * current >= minReserve ? 2 : 4;
      }
      if (op === Op.backendBlocking && context === ATOMIC) continue;
      const asks = op === Op.backendAtomic ? ATOMIC : BLOCKING;
      if (this.#backendServes(asks, nowNs)) return asks === ATOMIC ? 1 : 3;
    }
    return 0;
  }

  #backendServes(context: Context, nowNs: number): boolean {
    const taken = this.#ends.size + this.#reserve - this.#setup.minReserve;
    return this.#setup.serves(context, nowNs, taken);
  }

  #grant(task: number, level: number, endNs: number): void {
    if (task >= this.#setup.skipped) this.#hits[level - 1]!++;
    this.#ends.push(endNs);
    if (this.#ends.size > this.#peak) this.#peak = this.#ends.size;
  }

  /** What is freed goes to who waits, to the reserve, or to the back end. */
  #free(nowNs: number): void {
    this.#ends.pop();
    if (this.#line.size > 0) this.#wake(this.#line.serveFirst(), nowNs);
    else if (this.#reserve < this.#setup.minReserve) this.#reserve++;
  }

  #wake(waiting: Waiting, nowNs: number): void {
    const { task, caller, blocks, holdNs, sinceNs } = waiting;
    this.#wait(waiting, nowNs - sinceNs);
    this.#queue.wake(caller, blocks, nowNs);
    this.#grant(task, 5, nowNs + holdNs);
  }

  #wait({ task }: Waiting, waitNs: number): void {
    this.#setup.tally.wait(task, waitNs);
  }

  #retry(nowNs: number): void {
    const { policy } = this.#setup;
    this.#line.retry(nowNs, this.#retryNs, (waiting) => {
      if (this.#attempt(policy.retryFrom, BLOCKING, nowNs) === 0) return false;
      this.#wake(waiting, nowNs);
      return true;
    });
  }
}
