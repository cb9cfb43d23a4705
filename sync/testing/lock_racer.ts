/**
 * One of two that take a lock, go in, and give it back, in turns that a schedule gives them: the other party of a
 * replayed race.
 *
 * @module
 */
import { attachLock, type Lock } from "../lock.ts";
import type { Region } from "../region.ts";
import { attachTurnstile, type Party, type Turnstile } from "./turnstile.ts";

/** Where the race is. Places are words. */
export interface RacePlace {
  readonly region: Region;
  readonly lockAt: number;
  readonly turnstileAt: number;
  readonly trackAt: number;
}

/** The words of the track: rounds begun and ended, who is inside, and how often one found the other there. */
export const Track = { begun: 0, ended: 1, inside: 2, overlaps: 3 } as const;

/** How often each enters in a race. */
export const ENTRIES = 2;

/** One racer. */
export interface Racer {
  readonly lock: Lock;
  readonly turnstile: Turnstile;
  /** Takes the lock, looks whether anybody else is inside, and gives it back. */
  enter(): void;
  /** Enters a few times, in turns. */
  race(): void;
}

/** Attaches one of the two. */
export function attachRacer(place: RacePlace, me: Party): Racer {
  const { region: { words }, lockAt, turnstileAt, trackAt } = place;
  const lock = attachLock(words, lockAt, me);
  const turnstile = attachTurnstile(words, turnstileAt, me);
  const inside = trackAt + Track.inside;
  const overlaps = trackAt + Track.overlaps;

  function enter(): void {
    lock.acquire();
    if (words[inside] !== 0) words[overlaps] = words[overlaps]! + 1;
    words[inside] = me + 1;
    // A step in here, so that the other one may run meanwhile.
    const owner = lock.owner();
    if (words[inside] !== me + 1 || owner !== me) words[overlaps] = words[overlaps]! + 1;
    words[inside] = 0;
    lock.release();
  }

  return {
    lock,
    turnstile,
    enter,
    race: () =>
      turnstile.run(() => {
        for (let entry = 0; entry < ENTRIES; entry++) enter();
      }),
  };
}
