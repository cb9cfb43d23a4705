/**
 * The ways into a mempool: one fast path, and behind it what a caller is ready to do when that misses.
 *
 * @module
 */
import {
  type Allocator,
  ATOMIC,
  BLOCKING,
  type Context,
  type Handle,
  NONE,
} from "../allocators/allocator.ts";
import { attachTally, blockOf } from "../allocators/front.ts";
import { attachExchange, attachMagazine, attachMiss, type Miss } from "../allocators/magazine.ts";
import { compilePolicy } from "./compiled_policy.ts";
import { attachDirect, attachUntracked, directExchange } from "./direct.ts";
import type { MempoolParts } from "./mempool_parts.ts";
import { attachReserve } from "./reserve.ts";
import { SlowPath } from "./slow_path.ts";
import { attachUnchecked } from "./unchecked.ts";
import type { Waiter } from "./waiter.ts";

/** The ways in: they share the fast path's words and differ in what happens when it fails. */
export interface Faces {
  /** Waits where the policy does. */
  readonly blocking: Allocator;
  /** Every step but the wait, for a pool above. */
  readonly backend: Allocator;
  /** Level 1 and nothing else, for a caller who goes on to the other steps by itself. It counts only what it gets. */
  readonly atHand: Allocator;
  /** Every step but the wait, for a caller who goes on to wait by itself: it counts nothing where it gets nothing. */
  readonly patient: Allocator;
}

/** Attaches the slow path. */
export function attachSlowPath(parts: MempoolParts): SlowPath {
  const { region, participant, below, ownership } = parts;
  const at = blockOf(parts.front, participant.id);
  const policy = compilePolicy(parts.policy);
  return new SlowPath({
    ...parts,
    policy,
    reserve: attachReserve(region, parts.reserve, participant.id, parts.journal, ownership),
    exchange: below.allocator === null
      ? attachExchange(region, parts.front, participant.id, below.source, ownership)
      : directExchange(region, ownership, below.allocator),
    tally: attachTally(region, at),
    at,
    firstStep: policy.backendFirst ? 1 : 0,
  });
}

/** Serves an allocation that level 1 did not, or not yet. */
type Serve = (context: Context) => Handle;

/** Takes back what the fast path did not. */
type TakeBack = (handle: Handle) => void;

/**
 * After a free by those whom the pool serves itself: who waits in a pool above is told where the reserve has something, since nobody
 * hands it to him, and the steps of his own pool find it. A pool above does not tell, whatever it gives back: one that needs two
 * elements and finds one would wake itself for ever. What another pool above has freed here he finds within `retryMs`.
 */
export function tellAbove({ tellAbove }: MempoolParts, slow: SlowPath, elements: number): void {
  if (tellAbove !== null && slow.parts.reserve.current() > 0) tellAbove(elements);
}

/** Attaches the ways in. */
export function attachFaces(parts: MempoolParts, slow: SlowPath, waiter: Waiter): Faces {
  const { policy } = slow.parts;
  const silently: Serve = (context) => {
    const handle = slow.begin(context);
    return handle === NONE ? NONE : slow.grant(handle, slow.level, slow.startedMs);
  };
  const waiting: Serve = (context) => {
    if (context === ATOMIC || !policy.waits) return slow.allocate(context);
    const handle = silently(BLOCKING);
    return handle !== NONE ? handle : waiter.waitForOne(slow.startedMs);
  };
  const takeBack: TakeBack = (handle) => slow.free(handle);
  const takeBackAndTell: TakeBack = (handle) => {
    slow.free(handle);
    tellAbove(parts, slow, 1);
  };
  const ends = (rest: Serve, free = takeBack) => attachFace(parts, slow, { rest, free });
  return {
    blocking: ends(waiting, parts.tellAbove === null ? takeBack : takeBackAndTell),
    backend: ends((context) => slow.allocate(context)),
    atHand: ends(() => NONE),
    patient: ends(silently),
  };
}

/** What a way in does when the fast path misses. */
interface SlowEnds {
  readonly rest: Serve;
  readonly free: TakeBack;
}

function attachFace(parts: MempoolParts, slow: SlowPath, slowEnds: SlowEnds): Allocator {
  const { region, below, ownership } = parts;
  const { at, policy } = slow.parts;
  if (ownership.owners < 0) return attachUntracked(region, at, below.allocator!);
  const place = { at, ...ownership };
  const miss = below.allocator === null ? attachMiss(region, place, slow.parts) : null;
  const behind = behindFastPath(slow, miss, slowEnds);
  const fast = below.allocator === null
    ? attachMagazine(region, place, behind)
    : below.unchecked === undefined
    ? attachDirect(region, place, below.allocator, behind)
    : attachUnchecked(region, place, below.unchecked, behind);
  return policy.backendFirst ? fast : { allocate: behind.allocate, free: fast.free };
}

/** Shuts a way into a pool that is no more: from here on it leads to the slow path, which says so. */
export function shut(face: Allocator, slow: SlowPath): void {
  face.allocate = (context) => slow.begin(context);
  face.free = (handle) => slow.free(handle);
}

/** Where the fast path goes when it misses: the rest of level 1 where there is a magazine, then the policy. */
function behindFastPath(slow: SlowPath, miss: Miss | null, { rest, free }: SlowEnds): Allocator {
  const straight: Serve = (context) => {
    slow.start();
    return rest(context);
  };
  if (miss === null) return { allocate: straight, free };
  const refilling: Serve = (context) => {
    slow.start();
    const handle = miss.allocate(ATOMIC);
    return handle !== NONE ? handle : rest(context);
  };
  return {
    allocate: slow.parts.policy.backendFirst ? refilling : straight,
    free(handle) {
      if (!miss.free(handle)) free(handle);
    },
  };
}
