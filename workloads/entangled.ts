/**
 * Who has something that the coordinator might have to wait for. It alone learns of deaths, and does so in its event loop: were it to
 * sleep for what a dead worker has, it would never hear of that. A living worker has a lock for microseconds, a dead one for ever;
 * so the coordinator looks before it takes part, and leaves it for the next time where somebody does not give back.
 *
 * Between the look and the lock somebody may take it and die, in less than a microsecond: that is not covered.
 *
 * @module
 */
import type { CompositionPlan } from "../pools/composition_plan.ts";
import {
  attachLock,
  participantAt,
  ParticipantState,
  ParticipantWord,
  type Region,
} from "../sync/mod.ts";

/** Looks before it is left for the next time. */
const LOOKS = 1000;

/** Looks at one composition. */
export class Entanglement {
  readonly #owners: readonly (() => number)[];
  readonly #claimer: () => number;

  /** As participant `me`. */
  constructor(plan: CompositionPlan, region: Region, me: number) {
    const { words } = region;
    const state = participantAt(plan.participantsAt, me) + ParticipantWord.state;
    this.#owners = plan.locks.map(({ at }) => attachLock(words, at, me).owner);
    this.#claimer = () => Atomics.load(words, state) - ParticipantState.claimed;
  }

  /** Participants that have a lock, or have claimed this one, now. */
  by(): number[] {
    const each = [...this.#owners.map((owner) => owner()), this.#claimer()];
    return [...new Set(each)].filter((participant) => participant >= 0);
  }

  /** Whether nobody but `known` goes on having anything. Takes microseconds, and half a millisecond where somebody does. */
  isFree(known: ReadonlySet<number> = new Set()): boolean {
    for (let look = 0; look < LOOKS; look++) {
      if (this.by().every((participant) => known.has(participant))) return true;
    }
    return false;
  }
}
