/**
 * Pools on a virtual clock together: tasks that take from one after the other, each first come first served, and keep what
 * they have while they wait for the next. Who calls and what the steps do is as in a simulation of one pool
 * ({@linkcode PolicyPool}); here a wait is the task's, over all that it takes.
 *
 * Where every task waits by itself, takes its elements one by one in an order common to all, and the back ends are dead, more
 * elements in any pool never make any task begin later: it gets its j-th element when it has the one before and enough of
 * those that came before it have ended, which is a maximum of order statistics of earlier ends (Kiefer and Wolfowitz 1955, pool
 * by pool). So no task begins to wait with more. Of blocked workers, of the half-full gate and of back ends that come and go
 * that is not so, if nearly: a task that comes later because its worker was blocked may find what it would have waited for.
 *
 * Events at one time: what ends is freed first, then sleepers try again, then tasks arrive.
 *
 * @module
 */
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { DueHeap } from "../workloads/due_heap.ts";
import { CallerQueue } from "./caller_queue.ts";
import { ASYNC, type Caller } from "./callers.ts";
import type { Network, Source } from "./network.ts";
import { NetworkStock } from "./network_stock.ts";
import { type NetworkTask, NetworkTasks } from "./network_tasks.ts";
import type { Serves } from "./scripted_backend.ts";
import type { WaitTally } from "./wait_tally.ts";
import { WaitingLine } from "./waiting_line.ts";

/** What is simulated. */
export interface NetworkSetup {
  readonly network: Network;
  /** The reserve of each pool. */
  readonly minReserves: readonly number[];
  readonly serves: Serves;
  /** Whether an element that goes back to an allocator lets others have it: else it serves by the time or not at all. */
  readonly countsElements: boolean;
  readonly callers: readonly Caller[];
  /** Tasks to serve, all callers together. */
  readonly tasks: number;
  /** Tasks at the beginning that do not count. */
  readonly skipped: number;
  /** Where the tasks' waits are counted: one that is turned away waits for ever. */
  readonly tally: WaitTally;
}

/** What was counted of one pool. */
export interface PoolCounts {
  /** Elements served at each level, 1 to 5 at the places 0 to 4; what a pool above had of it is not among them. */
  readonly hits: number[];
  /** Tasks that it turned away. */
  turnedAway: number;
  /** The reserve at its lowest. */
  lowWater: number;
}

/** Runs a simulation to its end. @returns the counts of each pool. */
export function runNetwork(setup: NetworkSetup): PoolCounts[] {
  return new NetworkRun(setup).run();
}

/** As in a simulation of one pool. */
const RETRIES_IN_VAIN = 10_000;

class NetworkRun {
  // Invariant: somebody waits in a line => that pool's reserve is 0; tasks in #ends hold all they take, those in a line
  // what they take before #tasks[..].step.
  readonly #setup: NetworkSetup;
  readonly #stock: NetworkStock;
  readonly #lines: WaitingLine<NetworkTask>[];
  /** Pools that something that goes beneath may serve, though nobody gives it to them. */
  readonly #lookers: number[];
  readonly #counts: PoolCounts[];
  readonly #ends = new DueHeap();
  readonly #onTheirWay = new NetworkTasks();
  readonly #queue: CallerQueue;
  /** Who has what he waited for, and is to go on. */
  #woken: NetworkTask[] = [];
  #retryNs = Infinity;
  #waiting = 0;
  #tasks = 0;

  constructor(setup: NetworkSetup) {
    const { network: { pools }, callers, countsElements } = setup;
    this.#setup = setup;
    this.#stock = new NetworkStock({ ...setup, offer: (pool) => this.#offer(pool) });
    this.#lines = pools.map(() => new WaitingLine<NetworkTask>());
    this.#lookers = pools.map((_, pool) => pool)
      .filter((pool) => countsElements || standsOnPool(pools[pool]!.source));
    this.#counts = pools.map(() => ({ hits: [0, 0, 0, 0, 0], turnedAway: 0, lowWater: 0 }));
    this.#queue = new CallerQueue(callers);
  }

  run(): PoolCounts[] {
    const { tasks, tally } = this.#setup;
    for (let inVain = 0; inVain < RETRIES_IN_VAIN;) {
      const arrivalNs = this.#tasks === tasks ? Infinity : this.#queue.dueNs;
      const endNs = this.#ends.earliest;
      inVain = Math.min(endNs, arrivalNs) === Infinity ? inVain + 1 : 0;
      let nowNs = endNs;
      if (endNs <= arrivalNs && endNs <= this.#retryNs) {
        if (endNs === Infinity) break;
        this.#release(this.#onTheirWay.at(this.#ends.pop()));
      } else if (this.#retryNs <= arrivalNs) this.#retry(nowNs = this.#retryNs);
      else this.#arrive(nowNs = arrivalNs);
      this.#goOn(nowNs);
      if (this.#tasks === tasks && this.#waiting === 0) break;
    }
    for (const line of this.#lines) {
      while (line.size > 0) tally.wait(line.serveFirst().number, Infinity);
    }
    this.#strand();
    tally.finish(this.#tasks, this.#onTheirWay.peak);
    this.#counts.forEach((counts, pool) => counts.lowWater = this.#stock.lowWater[pool]!);
    return this.#counts;
  }

  /** Tasks that would still come, but for workers that wait for ever, are never served either. */
  #strand(): void {
    const { callers, tasks, tally } = this.#setup;
    if (callers.every(({ nextAt }) => nextAt === Infinity)) return;
    while (this.#tasks < tasks) tally.wait(this.#tasks++, Infinity);
  }

  #arrive(nowNs: number): void {
    const { callers, network: { kinds } } = this.#setup;
    const index = this.#queue.first;
    const caller = callers[index]!;
    const { call } = caller;
    const task = this.#onTheirWay.open(this.#tasks++, index, caller, kinds[caller.kind]!);
    this.#queue.advance(index);
    this.#proceed(task, call, nowNs);
  }

  /** Takes what is next, until all is there or there is nothing to be had. */
  #proceed(task: NetworkTask, call: number, nowNs: number): void {
    const { takes, number } = task;
    const context = call === ATOMIC ? ATOMIC : BLOCKING;
    const counts = number >= this.#setup.skipped;
    for (; task.step < takes.length; task.step++) {
      const { pool, count } = takes[task.step]!;
      if (count > 1) {
        task.got = this.#stock.collect(pool, { count, whole: false }, 0, context, nowNs);
        if (task.got < count) return this.#lack(task, call, nowNs);
        if (counts) this.#counts[pool]!.hits[0]! += count;
        task.got = 0;
        continue;
      }
      const level = this.#stock.take(pool, 0, context, nowNs);
      if (level === 0) return this.#lack(task, call, nowNs);
      if (counts) this.#counts[pool]!.hits[level - 1]!++;
    }
    this.#hold(task, nowNs);
  }

  #hold(task: NetworkTask, nowNs: number): void {
    const { caller, slept, blocks } = task;
    if (slept) {
      this.#queue.wake(caller, blocks, nowNs);
      this.#setup.tally.wait(task.number, task.waitedNs);
    }
    this.#ends.push(nowNs + task.holdNs, task.slot);
  }

  /** The next element is not to be had: who may not wait is turned away, others queue up. */
  #lack(task: NetworkTask, call: number, nowNs: number): void {
    const { pool, count } = task.takes[task.step]!;
    const { waits, retryMs } = this.#setup.network.pools[pool]!.policy;
    if (call === ATOMIC || !waits) return this.#turnAway(task, pool, nowNs);
    if (count === 1 && this.#stock.takeAtHand(pool, nowNs)) {
      this.#granted(task, pool, 1);
      return this.#proceed(task, call, nowNs);
    }
    if (!task.slept) this.#queue.sleep(task.caller, task.blocks);
    task.slept = true;
    // What a bulk has so far is the head's, and only that one's.
    const line = this.#lines[pool]!;
    if (line.size > 0) { for (; task.got > 0; task.got--) this.#stock.give(pool); }
    task.sinceNs = nowNs;
    task.retryNs = nowNs + retryMs * 1e6;
    line.join(task);
    this.#waiting++;
    this.#retryNs = Math.min(this.#retryNs, task.retryNs);
  }

  #granted(task: NetworkTask, pool: number, level: number): void {
    const { count } = task.takes[task.step]!;
    if (task.number >= this.#setup.skipped) this.#counts[pool]!.hits[level - 1]! += count;
    task.step++;
    task.got = 0;
  }

  #turnAway(task: NetworkTask, pool: number, nowNs: number): void {
    this.#setup.tally.wait(task.number, Infinity);
    if (task.number >= this.#setup.skipped) this.#counts[pool]!.turnedAway++;
    if (task.slept) this.#queue.wake(task.caller, task.blocks, nowNs);
    for (; task.got > 0; task.got--) this.#stock.give(pool);
    this.#release(task);
  }

  /** Gives back what a task has, last taken first. */
  #release(task: NetworkTask): void {
    for (let step = task.step - 1; step >= 0; step--) {
      const { pool, count } = task.takes[step]!;
      for (let given = 0; given < count; given++) this.#stock.give(pool);
    }
    this.#onTheirWay.close(task);
  }

  /** What was freed goes to who has waited longest; a bulk at the head is fed until it has enough. */
  #offer(pool: number): boolean {
    const line = this.#lines[pool]!;
    if (line.size === 0) return false;
    const task = line.first;
    if (++task.got === task.takes[task.step]!.count) this.#wake(line.serveFirst());
    return true;
  }

  #wake(task: NetworkTask): void {
    this.#waiting--;
    this.#woken.push(task);
  }

  /** Who was woken goes on once all that is freed at this time has been freed; others look again at what lies beneath. */
  #goOn(nowNs: number): void {
    while (this.#woken.length > 0 || this.#stock.gaveBeneath) {
      const woken = this.#woken;
      this.#woken = [];
      for (const task of woken) {
        task.waitedNs += nowNs - task.sinceNs;
        this.#granted(task, task.takes[task.step]!.pool, 5);
        this.#proceed(task, task.blocks ? BLOCKING : ASYNC, nowNs);
      }
      if (this.#stock.gaveBeneath) this.#lookAgain(nowNs);
    }
  }

  #lookAgain(nowNs: number): void {
    this.#stock.gaveBeneath = false;
    if (this.#waiting === 0) return;
    for (const pool of this.#lookers) {
      const line = this.#lines[pool]!;
      while (line.size > 0 && this.#tries(line.first, pool, nowNs)) this.#wake(line.serveFirst());
    }
  }

  /** The steps of a waiter for what it lacks. */
  #tries(task: NetworkTask, pool: number, nowNs: number): boolean {
    const { count } = task.takes[task.step]!;
    const { retryFrom } = this.#setup.network.pools[pool]!.policy;
    if (count === 1) return this.#stock.take(pool, retryFrom, BLOCKING, nowNs) > 0;
    const wanted = { count: count - task.got, whole: false };
    const taken = this.#stock.collect(pool, wanted, retryFrom, BLOCKING, nowNs);
    task.got += taken;
    return task.got === count;
  }

  #retry(nowNs: number): void {
    let next = Infinity;
    this.#lines.forEach((line, pool) => {
      const everyNs = this.#setup.network.pools[pool]!.policy.retryMs * 1e6;
      if (line.nextRetryNs <= nowNs) {
        line.retry(nowNs, everyNs, (task) => {
          // Only the head of the line may keep some of what it lacks more of.
          if (task.takes[task.step]!.count > 1 && task !== line.first) return false;
          if (!this.#tries(task, pool, nowNs)) return false;
          this.#wake(task);
          return true;
        });
      }
      next = Math.min(next, line.nextRetryNs);
    });
    this.#retryNs = next;
  }
}

function standsOnPool(source: Source): boolean {
  if (source.kind === "parts") return source.parts.some((part) => standsOnPool(part.source));
  return source.kind === "pool";
}
