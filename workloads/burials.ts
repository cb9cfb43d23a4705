/**
 * What the coordinator does after a worker of a run has died: has what that left behind put right, so that the others go on,
 * and notes what it was.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import type { Composition } from "../pools/composition.ts";
import { NOTHING_RECOVERED, type Recovery } from "../pools/recovery.ts";
import type { Death } from "./crew.ts";
import type { Estate } from "./estate.ts";

/** A worker that died in a run, and what became of what it had. */
export interface Burial {
  readonly worker: number;
  /** When its death was known, nanoseconds from the barrier. */
  readonly atNs: number;
  /** How long it took from then until all was right. */
  readonly recoveryNs: number;
  readonly recovery: Recovery;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Recoveries, one after each of the dead, or the news that there were none. */
function triedTo(dead: readonly number[], recover: () => Recovery[]): Recovery[] {
  try {
    return recover();
  } catch (error) {
    const unrecovered = [`it could not be put right: ${messageOf(error)}`];
    return dead.map((participant) => ({ ...NOTHING_RECOVERED, participant, unrecovered }));
  }
}

/** What burials are done with. */
export interface BurialParts {
  /** The coordinator has left it, and looks in where it is needed. */
  readonly composition: Composition;
  readonly estate: Estate;
  /** When the barrier was opened, on this thread's clock, milliseconds. */
  readonly openedMs: number;
}

/** Those of one run. */
export class Burials {
  readonly all: Burial[] = [];
  readonly #parts: BurialParts;
  #waiting: Death[] = [];

  /** With nobody to bury yet. */
  constructor(parts: BurialParts) {
    this.#parts = parts;
  }

  /** Whether somebody is dead of whom not everything is put right yet. */
  get areUnderWay(): boolean {
    return this.#waiting.length > 0;
  }

  /** A worker is dead. It is buried at once, or with those that have died together with it, once all of these are known. */
  add(death: Death): void {
    this.#waiting.push(death);
    this.goOn();
  }

  /**
   * Buries who is dead, if that can be done now, and does for the living what dead ones would have done; once more when all of these
   * have ended (`isOver`). May block for some milliseconds.
   *
   * @returns whether that is done; not where somebody else goes on having something, who may have died with it.
   */
  goOn(isOver = false): boolean {
    if (this.#waiting.length === 0 && this.all.length === 0) return true;
    const { composition, estate } = this.#parts;
    const dead = this.#waiting.map(({ worker }) => worker);
    return composition.undisturbed(() => {
      if (dead.length > 0) this.#bury(this.#waiting.splice(0));
      estate.tend(isOver);
      // Whoever filled memory with that may be dead.
      if (isOver) composition.pageCache?.drain();
    }, dead);
  }

  /** Nobody is buried any more: says of those who are left why. */
  giveUp(reason: string): void {
    const nothing = { ...NOTHING_RECOVERED, unrecovered: [reason] };
    const deaths = this.#waiting.splice(0);
    this.#note(deaths, deaths.map(({ worker }) => ({ ...nothing, participant: worker })));
  }

  #bury(deaths: readonly Death[]): void {
    const { composition, estate } = this.#parts;
    const dead = deaths.map(({ worker }) => worker);
    const recoveries = triedTo(dead, () => {
      const keeps = dead.map((worker) => estate.close(worker));
      const keep = (name: string, handle: Handle) => keeps.some((keeps) => keeps(name, handle));
      return composition.recoverAll(dead, { keep });
    });
    this.#note(deaths, recoveries);
  }

  #note(deaths: readonly Death[], recoveries: readonly Recovery[]): void {
    const nowMs = performance.now();
    deaths.forEach(({ worker, atMs }, index) => {
      const atNs = Math.round((atMs - this.#parts.openedMs) * 1e6);
      const recoveryNs = Math.round((nowMs - atMs) * 1e6);
      this.all.push({ worker, atNs, recoveryNs, recovery: recoveries[index]! });
    });
  }

  /** What is found missing in the end comes to the account of the last who died, if anybody did. */
  blame(complaint: string): void {
    const last = this.all.at(-1);
    if (last === undefined) return;
    const unrecovered = [...last.recovery.unrecovered, complaint];
    this.all[this.all.length - 1] = { ...last, recovery: { ...last.recovery, unrecovered } };
  }
}
