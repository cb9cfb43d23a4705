/**
 * What is done after the death of a worker, wherever in the code of the pools that was, by another one. The dead one had at that moment:
 *
 * 1. *Locks*, and a step under them half done. The step is put back (`sync/journal.ts`), then the locks are taken over and given back, those of reserves
 *    last: who has one of the others waits for none of these.
 * 2. *Claims*: parked participants whose magazines it was emptying. They are emptied to the end and let go.
 * 3. *Recoveries*, where it was doing this here after another one: they are done to the end.
 * 4. *Places* in queues, and what had been handed to it there. It leaves them, and that goes to who waits next.
 * 5. *Magazines.* What lies in them is given back to the allocators. An element that lies there and has a tag lies there (`allocators/magazine.ts`).
 * 6. *Elements* that it held or carried: all that have its tag and lie nowhere (`allocators/owner_table.ts`). They are freed as if it had freed them. The parts
 *    of elements that are put together stay where these are: only the parts of those that it had itself, or was just building, go back, with them.
 *
 * Nothing is handed out twice by that, told with D who is dead and R who recovers: before R has claimed D, nobody else can take what D has, but for
 * what was handed from D to a living worker, who is to {@linkcode Mempool.adopt} it, or of whom the caller says so ({@linkcode RecoverOptions.keep}). Each
 * element that R returns has R's tag first, by a compare-exchange from D's. Nothing is lost: wherever D stopped, an element lay in the place that it came
 * from, or in the one that it went to, or had D's tag. And R may die as well at any point, with the same to be said of R.
 *
 * Counts of the dead one may be one off: it died between what it did and the count of that.
 *
 * @module
 */
import { attachDeadParticipant, type DeadParticipant } from "../sync/mod.ts";
import { emptyMagazine, returnElements } from "./dead_elements.ts";
import { takeOverLocks } from "./dead_locks.ts";
import {
  add,
  type Counts,
  NOTHING_RECOVERED,
  type RecoverOptions,
  type Recovery,
  type RecoveryParts,
  type TakenOver,
} from "./recovery_parts.ts";

export { NOTHING_RECOVERED };
export type { RecoverOptions, Recovery };

/**
 * Puts everything right after the deaths of some participants, who may each have had a lock that is needed for the others: all of these
 * are freed first. Blocks for as long as others have locks, or do the same.
 *
 * @throws {RangeError} where one of them is no other participant.
 */
export function recoverAfterAll(
  parts: RecoveryParts,
  dead: readonly number[],
  options: RecoverOptions,
): Recovery[] {
  const { participant } = parts;
  const { id: me } = participant;
  const all = dead.map((each) => goneOf(parts, each));
  const act = () => {
    const recoveries = new Map<number, Recovery>();
    for (;;) {
      const left = dead.filter((each) => !recoveries.has(each));
      if (left.length === 0) return dead.map((each) => recoveries.get(each)!);
      // As many as nobody else is at, together; with nothing in hand while he is waited for.
      const gone = begunOf(parts, left.filter((each) => goneOf(parts, each).tryBegin()));
      if (gone.length === 0) goneOf(parts, left[0]!).awaitOther();
      else recoverTogether(parts, gone, options, recoveries);
    }
  };
  if (participant.isRunning()) return act();
  // One that has left may have been claimed like any other.
  for (const gone of all) if (gone.claims().includes(me)) gone.letGo(me);
  return participant.visit(act);
}

/** Does it for some whom nobody else is at, and notes each in `recoveries`. */
function recoverTogether(
  parts: RecoveryParts,
  gone: readonly Gone[],
  options: RecoverOptions,
  recoveries: Map<number, Recovery>,
): void {
  const taken = takeOverLocks(parts, gone.map((each) => each.dead));
  const counts = gone.map((each) => ({ ...each, counts: letGoOfClaims(parts, each, taken) }));
  for (const each of counts) {
    const finished = each.begun.map((id) => recoveries.get(id)!);
    recoveries.set(each.dead, recoverFrom({ ...each, finished }, parts, options));
  }
}

/** The same after the death of one. */
export function recoverAfter(
  parts: RecoveryParts,
  dead: number,
  options: RecoverOptions,
): Recovery {
  return recoverAfterAll(parts, [dead], options)[0]!;
}

/** One who is dead, and those after whom it had begun to put things right itself. */
interface Gone {
  readonly dead: number;
  readonly gone: DeadParticipant;
  readonly begun: readonly number[];
}

/**
 * Those who are dead and whose recoveries are the caller's, each after those whose recoveries it had begun: what these had lies with them
 * before it lies with whoever had it next.
 */
function begunOf(parts: RecoveryParts, mine: readonly number[]): Gone[] {
  const found = new Map<number, Gone>();
  const find = (dead: number) => {
    if (found.has(dead)) return;
    const gone = goneOf(parts, dead);
    const begun = gone.takeOverRecoveries();
    begun.forEach(find);
    found.set(dead, { dead, gone, begun });
  };
  mine.forEach(find);
  return [...found.values()];
}

function goneOf(parts: RecoveryParts, dead: number): DeadParticipant {
  const { plan: { spec: { participants }, participantsAt }, participant, region } = parts;
  const { id: me } = participant;
  if (!Number.isInteger(dead) || dead < 0 || dead >= participants || dead === me) {
    throw new RangeError(
      `Cannot recover after participant ${dead}: give another one than ${me}, from 0 to ${
        participants - 1
      }`,
    );
  }
  return attachDeadParticipant(region, participantsAt, { dead, me, count: participants });
}

/**
 * Empties those that a dead one had claimed, and lets them go; but for those whom it had claimed since they are dead, too: they are the caller's now,
 * and what lies in their magazines is looked at first.
 */
function letGoOfClaims(parts: RecoveryParts, { dead, gone }: Gone, taken: TakenOver): Counts {
  const claimed = gone.claims();
  for (const each of claimed) {
    if (taken.has(each)) gone.takeOverClaim(each);
    else {
      parts.drainOf(each);
      gone.letGo(each);
    }
  }
  const { undone, locks } = taken.get(dead)!;
  const own = { returned: {}, adopted: {}, queue: {} };
  return { ...NOTHING_RECOVERED, ...own, participant: dead, undone, locks, claimed };
}

function recoverFrom(
  { dead, gone, counts, finished }: Gone & {
    readonly counts: Counts;
    readonly finished: readonly Recovery[];
  },
  parts: RecoveryParts,
  options: RecoverOptions,
): Recovery {
  counts.finished = finished;
  gone.claim();
  for (const pool of parts.pools) {
    const { places, handed } = pool.recovery.evict(dead);
    add(counts.queue, pool.name, places);
    counts.inTransit += handed;
  }
  for (const magazine of parts.magazines) emptyMagazine(parts, magazine, counts);
  // Parts after what is put together of them.
  for (const allocator of parts.allocators.toReversed()) {
    if (allocator.plan.isTagged) returnElements(parts, allocator, options, counts);
  }
  add(counts.returned, PAGE_CACHE, parts.pageCache?.recover(dead) ?? 0);
  gone.end();
  gone.wakeAll();
  for (const { recovery } of parts.pools) recovery.finish(recovery.restore());
  return counts;
}

/** What pages are counted under that the dead one was filling for the page cache, or writing out. */
const PAGE_CACHE = "page-cache";
