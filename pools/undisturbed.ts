/**
 * For one who must never wait for somebody that may be dead: a coordinator that learns of deaths in its event loop would never hear of that
 * one. To look first whether anybody has a lock is not enough, since whoever takes it right after that look may die with it. So all
 * locks are taken before anything is done, each only if it can be had soon; where one can't, everything is given back and
 * the caller, back in its event loop, tries again later. While they are held nobody else can take one, let alone die with it.
 *
 * What those have who are known to be dead stands in nobody's way: nobody else can take it either. But who lives may wait for it with something else in
 * hand, and so what can be freed of it is freed before anything else.
 *
 * @module
 */
import {
  attachDeadParticipant,
  attachLock,
  type DeadParticipant,
  type Journal,
  type Lock,
} from "../sync/mod.ts";
import { freeBeneath } from "./dead_locks.ts";
import type { RecoveryParts } from "./recovery_parts.ts";

/** How long a caller may be kept by all that others have, milliseconds. */
const PATIENCE_MS = 5;

/**
 * Runs `act` while nobody else has a lock, or can take one. It may give back and put right, but not wait for anybody. Somebody who has left takes part for
 * that long.
 *
 * @returns whether it was run: not where one who is not among the `dead` goes on having something.
 */
export function undisturbed(
  parts: RecoveryParts,
  act: () => void,
  dead: readonly number[] = [],
): boolean {
  const { participant } = parts;
  const { id: me } = participant;
  const endMs = performance.now() + PATIENCE_MS;
  const leftMs = () => Math.max(0, endMs - performance.now());
  const gone = allGone(parts, dead);
  // What a dead one had begun comes with him.
  const begunByDead = new Set(gone.flatMap((each) => each.begun()));
  const own = gone.filter(({ id }) => !begunByDead.has(id));
  let isDone = false;
  const visit = () => {
    isDone = own.every((each) => each.tryBegin()) && claimed(gone, leftMs) &&
      locked(parts, act, gone, leftMs);
    if (!isDone) { for (const each of own) each.callOff(); }
  };
  if (participant.isRunning()) visit();
  else {
    for (const each of gone) if (each.claims().includes(me)) each.letGo(me);
    participant.tryVisit(visit, leftMs());
  }
  return isDone;
}

/** Those who are dead as told, and after them those after whom they were putting things right. */
function allGone(
  { plan: { spec, participantsAt }, region, participant }: RecoveryParts,
  dead: readonly number[],
): DeadParticipant[] {
  const { id: me } = participant;
  const { participants: count } = spec;
  const ids = new Set(dead);
  const gone: DeadParticipant[] = [];
  for (const id of ids) {
    gone.push(attachDeadParticipant(region, participantsAt, { dead: id, me, count }));
    for (const each of gone.at(-1)!.begun()) ids.add(each);
  }
  return gone;
}

/** Makes sure that what dead ones have in their magazines is at hand: whoever lives and has claimed one of them may want a lock for that. */
function claimed(gone: readonly DeadParticipant[], leftMs: () => number): boolean {
  const byDead = new Set(gone.flatMap((each) => each.claims()));
  return gone.every((each) => byDead.has(each.id) || each.tryClaim(leftMs()));
}

/** @returns whether `act` was run. */
function locked(
  parts: RecoveryParts,
  act: () => void,
  gone: readonly DeadParticipant[],
  leftMs: () => number,
): boolean {
  const { plan, region: { words }, participant, journal } = parts;
  freeBeneath(parts, gone.map(({ id }) => id));
  const locks = plan.locks.map(({ at }) => attachLock(words, at, participant.id, journal))
    .filter((lock) => !gone.some(({ id }) => id === lock.owner()));
  if (!takeAll(locks, journal, leftMs)) return false;
  try {
    act();
    participant.drain();
  } finally {
    journal.open();
  }
  return true;
}

/** All or none. Sleeps for one with no other in hand. */
function takeAll(locks: readonly Lock[], journal: Journal, leftMs: () => number): boolean {
  for (let next = locks.slice(0, 1);;) {
    const patienceMs = leftMs();
    const missing = next.find((lock) => !lock.tryAcquire(patienceMs)) ??
      locks.find((lock) => !lock.tryAcquire(0));
    if (missing === undefined) {
      journal.enclose();
      return true;
    }
    journal.open();
    if (patienceMs === 0) return false;
    next = [missing];
  }
}
