/**
 * Several pools sized together: the combination of reserves that is cheapest in bytes and with which few enough of the tasks
 * wait at all, over all that they take.
 *
 * A look draws tasks, searches, and is repeated with four times as many until the answer is as fine as it is worth, as for
 * one pool. Because it was chosen among many on the same tasks, it must pass on others as well, drawn anew: what is
 * recommended passes on both, and nothing near it that is cheaper does.
 *
 * @module
 */
import { allowedShare, type Target } from "../results/recommendation.ts";
import type { JointEvidence } from "./joint_evidence.ts";
import {
  addedFront,
  bytesOf,
  type Curve,
  curveOf,
  type JointProblem,
  JointSearch,
  type Reserves,
  smallestOf,
  withReserve,
} from "./joint_search.ts";

/** What is to be sized. */
export interface JointSubject {
  /** Tasks without which a look says nothing, {@linkcode TASKS_MAX} at most. */
  readonly leastTasks: number;
  /** The pools, those beneath before those that stand on them. */
  readonly pools: readonly JointPoolSubject[];
  /** The evidence of a look; of tasks drawn anew where `fresh`. */
  readonly evidence: (options: {
    readonly tasks: number;
    readonly confidence: number;
    readonly fresh: boolean;
  }) => JointEvidence;
}

/** One pool among them. */
export interface JointPoolSubject {
  readonly name: string;
  readonly floor: number;
  readonly bytesPerElement: number;
  /** Elements that tasks have of it on the average, were there plenty: where to begin to look. */
  readonly offered: number;
  /** Whether only other pools take from it. */
  readonly onlyBeneath: boolean;
  /** Whether it stands on another pool, whose reserve may spare it elements. */
  readonly standsOnPool: boolean;
}

/** How. */
export interface JointOptions {
  readonly target: Target;
  readonly confidence: number;
  /** No reserve may be larger. */
  readonly most: number;
  /** Looks at most, and tasks of the first, for tests and for those in a hurry. */
  readonly looks?: number;
  readonly tasks?: number;
}

/** What was found. */
export interface JointSizing {
  readonly evidence: JointEvidence;
  /** Tasks drawn anew; null where nothing was recommended. */
  readonly fresh: JointEvidence | null;
  readonly recommended: Reserves | null;
  readonly plenty: Reserves;
  readonly alone: Reserves | null;
  readonly split: Reserves | null;
  readonly front: readonly Reserves[];
  readonly exhaustive: boolean;
}

/** Tasks of the first look: so many that this many may miss, within bounds; and of any, since there are a hundred simulations. */
const MISSES_WANTED = 400;
const FIRST_TASKS_MIN = 2 ** 17;
/** Tasks of the longest look. */
export const TASKS_MAX: number = 2 ** 20;
const LOOK_GROWTH = 4;
const LOOKS = 2;

/** Finer than this the answer need not be, as a share of itself; or one element of each pool. */
const TOLERANCE = 0.05;
const FINE_CONFIDENCE = 0.98;

/** Sizes pools together. */
export function sizeJointly(subject: JointSubject, options: JointOptions): JointSizing {
  const { target, confidence, looks = LOOKS } = options;
  // The doubt is shared out among the looks and the last one, on other tasks.
  const lookConfidence = 1 - (1 - confidence) / (looks + 1);
  const wanted = 2 ** Math.ceil(Math.log2(MISSES_WANTED / allowedShare(target)));
  let tasks = options.tasks ??
    Math.min(TASKS_MAX, Math.max(FIRST_TASKS_MIN, wanted, subject.leastTasks));
  let before: JointSizing | null = null;
  for (let look = 1;; look++) {
    const evidence = subject.evidence({ tasks, confidence: lookConfidence, fresh: false });
    const found: JointSizing = lookOnce(subject, options, evidence, before);
    const isLast = look === looks || tasks >= TASKS_MAX;
    if (isLast || found.recommended !== null && isFine(found, subject)) {
      return confirmed(found, subject, options, lookConfidence);
    }
    tasks = Math.min(TASKS_MAX, LOOK_GROWTH * tasks);
    before = found;
  }
}

/** Whether with little less everywhere the target is surely missed. */
function isFine({ evidence, recommended }: JointSizing, { pools }: JointSubject): boolean {
  const less = recommended!.map((min, pool) =>
    Math.max(pools[pool]!.floor, min - Math.max(1, Math.floor(min * TOLERANCE)) - 1)
  );
  return less.join() === recommended!.join() || evidence.misses(less, FINE_CONFIDENCE);
}

/** One look; the one before says where to begin. */
function lookOnce(
  subject: JointSubject,
  { most }: JointOptions,
  evidence: JointEvidence,
  before: JointSizing | null,
): JointSizing {
  const { pools } = subject;
  const plenty = plentyOf(pools, most, evidence, before?.plenty ?? null);
  const floors = pools.map(({ floor }) => floor);
  showClumps(evidence, plenty, floors);
  const nothing = { evidence, fresh: null, plenty, exhaustive: false };
  if (!evidence.meets(plenty)) {
    return { ...nothing, recommended: null, alone: null, split: null, front: [] };
  }
  const smallest = (passes: (reserves: Reserves) => boolean, guess: Reserves | null) =>
    plenty.map((_, pool) =>
      smallestOf(pool, plenty, { floor: floors[pool]!, guess: guess?.[pool], passes })
    );
  const alone = smallest((reserves) => evidence.meets(reserves), before?.alone ?? null);
  const among = pools.filter((_, pool) => plenty[pool]! > floors[pool]!).length;
  // Not the answer, only what it is compared with: the first look will do.
  const split = before?.split ??
    smallest((reserves) => evidence.meets(reserves, 1 / Math.max(1, among)), null);
  const found = { ...nothing, alone, split };
  const problem = problemOf(found, subject, most);
  const search = new JointSearch(problem);
  // Nothing has less than each pool needs by itself, unless it stands on others.
  if (evidence.meets(alone)) return { ...found, recommended: search.settle(alone), front: [] };
  const front = before !== null && before.front.length > 0 ? before.front : frontOf(problem, alone);
  return { ...found, recommended: search.settle(search.firstOn(front)), front };
}

/** Fewer than plenty, down to the floors: some that wait are needed to tell in what clumps they come, best hardly more. */
const CLUMP_SHARES = [0, 0.5, 0.65, 0.75, 0.85];

function showClumps(evidence: JointEvidence, plenty: Reserves, floors: Reserves): void {
  for (const share of CLUMP_SHARES) {
    evidence.look(plenty.map((min, pool) => Math.max(floors[pool]!, Math.floor(share * min))));
  }
}

function problemOf(
  { evidence, plenty, alone }: Pick<JointSizing, "evidence" | "plenty" | "alone">,
  { pools }: JointSubject,
  most: number,
): JointProblem {
  return {
    bytes: pools.map(({ bytesPerElement }) => bytesPerElement),
    floors: pools.map(({ floor }) => floor),
    least: pools.map(({ standsOnPool, floor }, pool) => standsOnPool ? floor : alone![pool]!),
    most: mostOf(pools, plenty, most),
    plenty,
    share: (reserves) => evidence.share(reserves),
    passes: (reserves) => evidence.meets(reserves),
  };
}

/** Combinations that by the pools' own curves nothing beats, cheapest first. */
function frontOf(problem: JointProblem, alone: Reserves): readonly Reserves[] {
  const curves = alone.map((min, pool): Curve => curveOf(problem, pool, min));
  return addedFront(curves, problem.bytes).map(({ reserves }) => reserves);
}

/** So often plenty is made more of where somebody waits all the same. */
const MORE_TIMES = 4;

/** What nobody waits with: the most that was taken where there was more than enough. Pools beneath are left at their floor. */
function plentyOf(
  pools: readonly JointPoolSubject[],
  most: number,
  evidence: JointEvidence,
  before: Reserves | null,
): Reserves {
  let wide: Reserves = pools.map(({ floor, offered, onlyBeneath }, pool) =>
    onlyBeneath
      ? floor
      : Math.min(most, Math.max(floor, 2 * (before?.[pool] ?? 0), Math.ceil(4 * offered + 32)))
  );
  const isBounded = (reserves: Reserves) => reserves.some((min) => min >= most);
  const ranOut = () => {
    const { pools: counts } = evidence.look(wide);
    return wide.some((min, pool) =>
      !pools[pool]!.onlyBeneath && min > 0 && counts[pool]!.lowWater === 0
    );
  };
  const doubled = (reserves: Reserves) =>
    reserves.map((min, pool) => pools[pool]!.onlyBeneath ? min : Math.min(most, 2 * min));
  for (let times = 0; times < MORE_TIMES && !isBounded(wide) && ranOut(); times++) {
    wide = doubled(wide);
  }
  const { pools: counts } = evidence.look(wide);
  const taken = wide.map((min, pool) => Math.max(pools[pool]!.floor, min - counts[pool]!.lowWater));
  // Less in reserve can change who asks the back end when; where it does, more than enough is enough.
  return evidence.share(taken) > evidence.share(wide) ? wide : taken;
}

/** What a pool beneath may spare those above: as many as these have together. */
function mostOf(pools: readonly JointPoolSubject[], plenty: Reserves, most: number): Reserves {
  const all = plenty.reduce((sum, min) => sum + min, 0);
  return pools.map(({ onlyBeneath }, pool) => onlyBeneath ? Math.min(most, all) : plenty[pool]!);
}

/** So that it passes on tasks drawn anew as well, and nothing less does on both. */
function confirmed(
  found: JointSizing,
  subject: JointSubject,
  { most }: JointOptions,
  confidence: number,
): JointSizing {
  const { recommended, evidence, plenty } = found;
  if (recommended === null) return found;
  const { pools } = subject;
  const fresh = subject.evidence({ tasks: evidence.tasks, confidence, fresh: true });
  showClumps(fresh, plenty, pools.map(({ floor }) => floor));
  let now = recommended;
  while (!fresh.meets(now)) {
    const more = now.map((min, pool) => withReserve(now, pool, min + 1))
      .filter((next, pool) => next[pool]! <= plenty[pool]!);
    if (more.length === 0) return { ...found, recommended: null, fresh };
    now = bestRaise(now, more, fresh, subject);
  }
  const passes = (reserves: Reserves) => evidence.meets(reserves) && fresh.meets(reserves);
  const search = new JointSearch({ ...problemOf(found, subject, most), passes });
  const settled = search.settle(now);
  const exhaustive = pools.length === 2;
  return {
    ...found,
    recommended: exhaustive ? search.ruleOut(settled) : settled,
    fresh,
    exhaustive,
  };
}

/** Whatever saves most misses for its bytes. */
function bestRaise(
  now: Reserves,
  more: readonly Reserves[],
  fresh: JointEvidence,
  { pools }: JointSubject,
): Reserves {
  const bytes = pools.map(({ bytesPerElement }) => bytesPerElement);
  const gain = (next: Reserves) =>
    (fresh.share(now) - fresh.share(next)) / (bytesOf(next, bytes) - bytesOf(now, bytes));
  return more.reduce((best, next) => gain(next) > gain(best) ? next : best);
}
