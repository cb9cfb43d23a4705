/**
 * Finds out that nobody can go on any more: a pure judgement over looks at a run.
 *
 * An element comes to somebody who waits in one of four ways:
 *
 * 1. Somebody frees one. A worker that is stuck does not: whatever it holds belongs to tasks that wait themselves, or
 *    that hold it to the end. Tasks that are still to arrive free only what they were given, so where those
 *    who wait find nothing, they bring nothing.
 * 2. It was handed one and has not noticed yet (*noticing*): nothing is concluded meanwhile.
 * 3. Somebody has one cached. Whoever comes to wait asks everybody for that before it sleeps; a worker answers
 *    before it parks or in its event loop, and the answer ends in "look again", which is noticing.
 * 4. It looks for itself, every `retryMs`, and the back end serves it.
 *
 * So if all who could free anything have been stuck without a break for {@linkcode SETTLE_MS} (the first two, and with some
 * time for answers on the way the third), only the fourth is left, and it depends on the back ends:
 *
 * - *dead*: they serve nothing any more. Only the reserve of a pool below may be found; where those are empty too,
 *   nothing is.
 * - *steady*: nothing but frees changes what they have. Once somebody has looked in vain in each pool that is waited in, all
 *   stuck before and after, everybody will.
 * - *varying* (outages, failures by chance): to have looked in vain means nothing. That the allocator itself was reached, and
 *   had nothing after all its reclaim, does: from then on this is the steady case.
 *
 * A worker whose waits are all in pools of its own can be helped by nobody else, and is judged alone; all others
 * are judged together. What is assumed: nobody is kept from running for {@linkcode SETTLE_MS} between two statements that
 * follow each other.
 *
 * @module
 */
import type { Pressure } from "./pressures/pressure.ts";
import type { PoolState, Snapshot, WorkerState } from "./snapshot.ts";

/** What the back ends may still do for those who wait. */
export type Outlook = "dead" | "steady" | "varying";

/** How long all must have been stuck, and how long answers may be on their way, milliseconds. */
export const SETTLE_MS = 400;

/** What a pressure leaves to hope for. */
export function outlookOf(pressure: Pressure | null): Outlook {
  if (pressure === null) return "steady";
  const { failure, upNs, downNs } = pressure;
  if (failure.every((probability) => probability >= 1)) return "dead";
  if (upNs === 0 && downNs === Infinity) return "dead";
  const fails = failure.some((probability) => probability > 0);
  return upNs === Infinity && !fails ? "steady" : "varying";
}

/** Workers that only each other can help, and the pools that they wait in. */
interface Group {
  readonly workers: readonly WorkerState[];
  readonly waitedFor: readonly PoolState[];
}

/** How long a group has been stuck without a break. */
interface Spell {
  readonly changes: string;
  readonly sinceMs: number;
  /** What had been tried in each pool when the spell was {@linkcode SETTLE_MS} old. */
  tried: readonly (number | null)[] | null;
  /** When all had been tried again in vain. */
  provenMs: number | null;
}

/** Watches one run. */
export class Watchdog {
  readonly #outlook: Outlook;
  #spells: ReadonlyMap<string, Spell> = new Map();

  /** A watchdog where the back ends have this outlook. */
  constructor(outlook: Outlook) {
    this.#outlook = outlook;
  }

  /** Takes one look. @returns the workers that can never go on, or none. */
  look(snapshot: Snapshot, nowMs: number): number[] {
    const spells = new Map<string, Spell>();
    const found = new Set<number>();
    for (const group of groupsOf(snapshot)) {
      if (group.waitedFor.length === 0 || !group.workers.every(({ isStuck }) => isStuck)) continue;
      const name = group.workers.map(({ worker }) => worker).join();
      const spell = this.#continued(name, group, nowMs);
      spells.set(name, spell);
      if (this.#isHopeless(group, spell, snapshot, nowMs)) {
        for (const { worker } of group.workers) found.add(worker);
      }
    }
    this.#spells = spells;
    return [...found].toSorted((a, b) => a - b);
  }

  /** Whether everybody may be stuck for good, which only time, or another try, can tell. */
  get suspects(): boolean {
    return this.#outlook !== "varying" && this.#spells.size > 0;
  }

  /** Whether only another try of those who wait is missing. */
  get lacksTry(): boolean {
    return [...this.#spells.values()].some(({ tried, provenMs }) =>
      tried !== null && provenMs === null
    );
  }

  #continued(name: string, { workers }: Group, nowMs: number): Spell {
    const changes = workers.map((worker) => worker.changes).join();
    const before = this.#spells.get(name);
    if (before?.changes === changes) return before;
    return { changes, sinceMs: nowMs, tried: null, provenMs: null };
  }

  #isHopeless(group: Group, spell: Spell, { pools }: Snapshot, nowMs: number): boolean {
    const { workers, waitedFor } = group;
    const notices = ({ noticing }: PoolState) =>
      workers.some(({ worker }) => noticing.includes(worker));
    if (pools.some(notices) || nowMs - spell.sinceMs < SETTLE_MS) return false;
    if (this.#outlook === "dead" && waitedFor.every(isAllThereIs)) return true;
    spell.tried ??= pools.map((pool) => this.#triesIn(pool));
    const { tried } = spell;
    const inVain = waitedFor.every((pool) => {
      const tries = this.#triesIn(pool);
      return tries !== null && tries !== tried[pools.indexOf(pool)];
    });
    if (!inVain) return false;
    spell.provenMs ??= nowMs;
    return nowMs - spell.provenMs >= SETTLE_MS;
  }

  #triesIn({ tries, refusals }: PoolState): number | null {
    return this.#outlook === "varying" ? refusals : tries;
  }
}

/** Whether nothing is left in the reserves of the pools below. */
function isAllThereIs({ below }: PoolState): boolean {
  return below.every(({ current }) => current === 0);
}

/** Each worker that waits in nothing but its own pools, and all workers together. */
function groupsOf({ workers, pools }: Snapshot): Group[] {
  const groupOf = (members: readonly WorkerState[]): Group => {
    const isMember = (worker: number) => members.some((member) => member.worker === worker);
    return {
      workers: members,
      waitedFor: pools.filter(({ waiters }) => waiters.some(({ worker }) => isMember(worker))),
    };
  };
  const alone = workers.map((worker) => groupOf([worker]))
    .filter(({ waitedFor }) => waitedFor.every(({ owner }) => owner !== null));
  return workers.length > 1 ? [...alone, groupOf(workers)] : [groupOf(workers)];
}
