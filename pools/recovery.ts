/**
 * What is done after the death of a worker, wherever in the code of the pools that was, by another one. The dead one had at that moment:
 *
 * 1. *Locks*, and a step under them half done. The step is put back (`sync/journal.ts`), then the locks are taken over and given back.
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
import type { Handle } from "../allocators/allocator.ts";
import { attachExchange } from "../allocators/magazine.ts";
import type { PageCache } from "../allocators/page_cache.ts";
import { isCarried, ownerOf, restTag } from "../allocators/owner_table.ts";
import {
  attachDeadParticipant,
  attachLock,
  type DeadParticipant,
  type Journal,
  type Participant,
  type Region,
  undoJournal,
} from "../sync/mod.ts";
import type { AttachedAllocator, Magazines } from "./attached_allocator.ts";
import type { CompositionPlan } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";

/** What a dead participant had, and what became of it. */
export interface Recovery {
  /** Who died. */
  readonly participant: number;
  /** Names of the locks that it held; null where it held none. */
  readonly locks: readonly string[] | null;
  /** Words put back to what they were before the step that it was in. */
  readonly undone: number;
  /**
   * Elements that it held, now freed, by the pool that they are of, or by the allocator where it used that without a pool; pages that it had of
   * the page cache, as "page-cache".
   */
  readonly returned: Readonly<Record<string, number>>;
  /** Elements from its magazines, by allocator. */
  readonly adopted: Readonly<Record<string, number>>;
  /** Elements that it was moving from one place to another, and what had been handed to it. */
  readonly inTransit: number;
  /** Places in queues that it left, by pool. */
  readonly queue: Readonly<Record<string, number>>;
  /** Participants that it had claimed, and that were let go. */
  readonly claimed: readonly number[];
  /** Elements that it had handed out and that were left alone, since somebody else has them. */
  readonly kept: number;
  /** The recoveries that it had begun, done to the end. */
  readonly finished: readonly Recovery[];
  /** What could not be put right, in sentences. */
  readonly unrecovered: readonly string[];
}

/** What to leave alone. */
export interface RecoverOptions {
  /**
   * Whether an element of the pool or the allocator `name` that the dead one allocated is somebody else's now, or on its way to him. None are
   * if not given.
   */
  readonly keep?: (name: string, handle: Handle) => boolean;
}

/** A composition, as one who recovers sees it. */
export interface RecoveryParts {
  readonly plan: CompositionPlan;
  readonly region: Region;
  readonly participant: Participant;
  readonly journal: Journal;
  /** The cache of pages that competes for the memory; null where there is none. */
  readonly pageCache: PageCache | null;
  readonly allocators: readonly AttachedAllocator[];
  readonly pools: readonly Mempool[];
  readonly magazines: readonly Magazines[];
  /** Empties the magazines of a participant that is claimed. */
  readonly drainOf: (other: number) => number;
}

/** A recovery on its way. */
type Counts = { -readonly [Key in keyof Recovery]: Recovery[Key] } & {
  readonly returned: Record<string, number>;
  readonly adopted: Record<string, number>;
  readonly queue: Record<string, number>;
};

/** Who has elements of an allocator's table under a number of his own. */
interface Front {
  readonly name: string;
  readonly reclaim: (handle: Handle, tag: number) => boolean;
}

function add(counts: Record<string, number>, name: string, count: number): void {
  if (count > 0) counts[name] = (counts[name] ?? 0) + count;
}

/**
 * Puts everything right after the deaths of some participants, who may each have had a lock that is needed for the others: all locks
 * are taken over first. Blocks for as long as others have locks, or do the same.
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
  const all = dead.map((each) => ({ dead: each, gone: goneOf(parts, each) }));
  const act = () => {
    const recoveries = new Map<number, Recovery>();
    const found = all.flatMap(({ dead }) => withBegun(parts, dead));
    const begun = [...new Map(found.map((each) => [each.dead, each])).values()];
    // In one order, so that two who recover after the same ones never wait for each other.
    for (const { gone } of begun.toSorted((a, b) => a.dead - b.dead)) gone.begin();
    const taken = takeOverLocks(parts, begun.map((each) => each.dead));
    const counts = begun.map((each) => ({ ...each, counts: letGoOfClaims(parts, each, taken) }));
    for (const each of counts) {
      const finished = each.begun.map((id) => recoveries.get(id)!);
      recoveries.set(each.dead, recoverFrom({ ...each, finished }, parts, options));
    }
    return dead.map((each) => recoveries.get(each)!);
  };
  if (participant.isRunning()) return act();
  // One that has left may have been claimed like any other.
  for (const { gone } of all) if (gone.claims().includes(me)) gone.letGo(me);
  return participant.visit(act);
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

/** One who is dead, after those whose recoveries it had begun: what these had lies with them before it lies with whoever had it next. */
function withBegun(parts: RecoveryParts, dead: number): Gone[] {
  const gone = goneOf(parts, dead);
  const begun = gone.takeOverRecoveries();
  return [...begun.flatMap((each) => withBegun(parts, each)), { dead, gone, begun }];
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
 * Empties those that a dead one had claimed, and lets them go; but for those whom it had claimed since they are dead, too: what lies in
 * their magazines is looked at first.
 */
function letGoOfClaims(parts: RecoveryParts, { dead, gone }: Gone, taken: TakenOver): Counts {
  const claimed = gone.claims();
  for (const each of claimed) {
    if (!taken.has(each)) parts.drainOf(each);
    gone.letGo(each);
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

/** Nothing to be put right, and nobody dead: what others are made from. */
export const NOTHING_RECOVERED: Recovery = {
  participant: -1,
  locks: null,
  undone: 0,
  returned: {},
  adopted: {},
  inTransit: 0,
  queue: {},
  claimed: [],
  kept: 0,
  finished: [],
  unrecovered: [],
};

/** What came of taking locks over, for each of the dead. */
type TakenOver = ReadonlyMap<number, Pick<Recovery, "undone" | "locks">>;

/**
 * Puts back what was begun, and takes over the locks under which that was, all of them before any is given back: what is done under one
 * may need another. Each reserve is whole again before others see it.
 */
function takeOverLocks(parts: RecoveryParts, dead: readonly number[]): TakenOver {
  const { plan, region: { words }, participant: { id: me }, journal, pools } = parts;
  const locks = plan.locks.map(({ name, at }) => ({
    name: name.replace(/\/lock$/, ""),
    at,
    lock: attachLock(words, at, me, journal),
  }));
  const taken = dead.map((each) => {
    const undone = undoJournal(words, plan.journals, each);
    return { each, undone, held: locks.filter(({ lock }) => lock.takeOver(each)) };
  });
  const held = taken.flatMap((each) => each.held);
  const whole = pools.filter((_, index) =>
    held.some(({ at }) => at === plan.pools[index]!.reserve.lockAt)
  ).map(({ recovery }) => ({ recovery, surplus: recovery.restore() }));
  for (const { lock } of held) lock.release();
  for (const { lock } of locks) lock.wake();
  for (const { recovery, surplus } of whole) recovery.finish(surplus);
  return new Map(taken.map(({ each, undone, held }) => [
    each,
    { undone, locks: held.length === 0 ? null : held.map(({ name }) => name) },
  ]));
}

/** Gives back what lies in a magazine of the dead one: by the step after which nobody else finds it there. */
function emptyMagazine(
  { region }: RecoveryParts,
  { front, source, allocator }: Magazines,
  counts: Counts,
): void {
  const { words } = region;
  const exchange = attachExchange(region, front, counts.participant, source);
  for (const handle of Array.from(exchange.settle())) {
    const word = allocator.owners + handle;
    // It was allocated, but has not gone yet; or freed, and its tag was not taken away yet.
    if (words[word]! > 0) words[word] = restTag(words[word]!);
  }
  add(counts.adopted, allocator.name, exchange.drain());
}

/** The fronts of an allocator's elements by their numbers in its owner table. */
function frontsOf({ plan, pools }: RecoveryParts, allocator: AttachedAllocator) {
  const fronts = new Map<number, Front>([[allocator.plan.rawNumber, allocator]]);
  plan.pools.forEach(({ name, root, number }, index) => {
    if (root !== allocator.plan) return;
    const { recovery } = pools[index]!;
    fronts.set(number, { name, reclaim: (handle, tag) => recovery.reclaim(handle, tag) });
  });
  return fronts;
}

/** Frees what the dead one has of an allocator's elements, but for the parts of elements that others have. */
function returnElements(
  parts: RecoveryParts,
  allocator: AttachedAllocator,
  { keep = () => false }: RecoverOptions,
  counts: Counts,
): void {
  const { words } = parts.region;
  const { owners, planned: { capacity } } = allocator.plan;
  const fronts = frontsOf(parts, allocator);
  const found: { readonly handle: Handle; readonly tag: number; readonly front: Front }[] = [];
  for (let handle = 1; handle <= capacity; handle++) {
    const tag = words[owners + handle]!;
    const owner = ownerOf(tag);
    if (owner?.participant !== counts.participant) continue;
    const front = fronts.get(owner.front);
    if (front !== undefined) found.push({ handle, tag, front });
  }
  // After the tags: who takes an element apart makes its parts his own before they leave it.
  const inUse = new Map<string, Set<Handle>>();
  for (
    const { of, handle } of parts.allocators.flatMap((each) => each.backend.partsInUse?.() ?? [])
  ) {
    inUse.set(of, (inUse.get(of) ?? new Set()).add(handle));
  }
  for (const { handle, tag, front } of found) {
    if (inUse.get(front.name)?.has(handle)) continue;
    if (!isCarried(tag) && keep(front.name, handle)) counts.kept++;
    else if (!front.reclaim(handle, tag)) continue;
    else if (isCarried(tag)) counts.inTransit++;
    else add(counts.returned, front.name, 1);
  }
}
