/**
 * A joint sizing as it stands in a recommendation: the pools with what each needs and would need alone, the combinations seen of
 * bytes against misses, and the reason.
 *
 * @module
 */
import { duration, exactCount, percentage } from "../results/formats/numbers.ts";
import {
  allowedShare,
  type Joint,
  type JointPoint,
  type JointPool,
  type Target,
} from "../results/recommendation.ts";
import type { JointOptions, JointPoolSubject, JointSizing, JointSubject } from "./joint.ts";
import type { JointEvidence } from "./joint_evidence.ts";
import { bytesOf, paretoOf, type Reserves, withReserve } from "./joint_search.ts";

/** Of the frontier that much more and that much less than the target allows is shown, as a factor. */
const FRONTIER_REACH = 30;

/** Points of the frontier, at most. */
const FRONTIER_POINTS = 12;

/** The document of a joint sizing. */
export function jointOf(subject: JointSubject, found: JointSizing, options: JointOptions): Joint {
  const { pools } = subject;
  const { evidence, fresh, recommended, alone, split } = found;
  const point = (of: JointEvidence, reserves: Reserves | null) =>
    reserves === null ? null : pointOf(of, reserves, pools);
  const joint = {
    pools: pools.map((pool, index) => poolOf(pool, index, found)),
    recommended: point(evidence, recommended),
    confirmed: fresh === null ? null : point(fresh, recommended),
    alone: point(evidence, alone),
    split: point(evidence, split),
    frontier: frontierOf(found, pools, options.target),
    exhaustive: found.exhaustive,
    verified: null,
    tasks: evidence.look(found.plenty).tally.tasks,
    looks: evidence.seen.length,
  };
  return { ...joint, because: becauseOf(joint, options) };
}

function pointOf(
  evidence: JointEvidence,
  reserves: Reserves,
  pools: readonly JointPoolSubject[],
): JointPoint {
  return {
    bytes: bytesOf(reserves, pools.map(({ bytesPerElement }) => bytesPerElement)),
    missRate: evidence.share(reserves),
    missHigh: evidence.interval(reserves)?.high ?? null,
    minReserves: reserves,
  };
}

function poolOf(
  { name, floor, bytesPerElement }: JointPoolSubject,
  index: number,
  { evidence, fresh, recommended, plenty, alone, split }: JointSizing,
): JointPool {
  const minReserve = recommended?.[index] ?? null;
  const bounds = {
    ...{ pool: name, bytesPerElement, floor, neverWaits: plenty[index]! },
    alone: alone?.[index] ?? null,
    split: split?.[index] ?? null,
  };
  if (recommended === null || minReserve === null) {
    return { ...bounds, minReserve: null, bytes: null, waitRate: null, oneLess: null };
  }
  const { tally, pools } = evidence.look(recommended);
  const { hits, turnedAway } = pools[index]!;
  const less = withReserve(recommended, index, minReserve - 1);
  return {
    ...bounds,
    minReserve,
    bytes: minReserve * bytesPerElement,
    waitRate: (hits[4]! + turnedAway) / tally.tasks,
    oneLess: minReserve <= floor
      ? null
      : missedWith(less, [evidence, ...fresh === null ? [] : [fresh]]),
  };
}

/** What misses with some reserves on whatever tasks it misses more on. */
function missedWith(reserves: Reserves, evidence: readonly JointEvidence[]): JointPool["oneLess"] {
  const intervals = evidence.map((each) => each.interval(reserves));
  const worst = intervals.toSorted((a, b) => (b?.high ?? 1) - (a?.high ?? 1))[0];
  if (worst) return { missRate: worst.share, missHigh: worst.high };
  return { missRate: Math.max(...evidence.map((each) => each.share(reserves))), missHigh: null };
}

/** What nothing seen beats, round the target; a few combinations more and less than recommended are looked at for it. */
function frontierOf(
  { evidence, fresh, recommended, plenty, front }: JointSizing,
  pools: readonly JointPoolSubject[],
  target: Target,
): JointPoint[] {
  if (recommended === null) return [];
  const between = (from: Reserves, to: Reserves, along: number) =>
    from.map((min, pool) =>
      Math.max(pools[pool]!.floor, Math.round(min + (to[pool]! - min) * along))
    );
  const nothing = recommended.map(() => 0);
  [0.15, 0.3, 0.5, 0.75, 1].forEach((along) => evidence.look(between(recommended, plenty, along)));
  [0.1, 0.2, 0.35].forEach((along) => evidence.look(between(recommended, nothing, along)));
  const step = Math.max(1, Math.floor(front.length / 8));
  front.filter((_, index) => index % step === 0).forEach((reserves) => evidence.look(reserves));
  const allowed = allowedShare(target);
  const bytes = pools.map(({ bytesPerElement }) => bytesPerElement);
  const seen = evidence.seen.map((each) => ({
    ...each,
    bytes: bytesOf(each.minReserves, bytes),
  }));
  const near = paretoOf(seen).filter(({ share, minReserves }) =>
    minReserves.join() === recommended.join() ||
    share <= FRONTIER_REACH * allowed && share >= allowed / FRONTIER_REACH
  );
  const most = Math.max(1, (near.length - 1) / (FRONTIER_POINTS - 1));
  const shown = near.filter((_, index) =>
    Math.floor(index / most) !== Math.floor((index - 1) / most)
  );
  return shown.map(({ minReserves }) => ({
    ...pointOf(evidence, minReserves, pools),
    // What failed on other tasks is not to look as if it had passed.
    missHigh: missedWith(minReserves, [evidence, ...fresh === null ? [] : [fresh]])!.missHigh,
  }));
}

function becauseOf(
  joint: Omit<Joint, "because">,
  { target, confidence, most }: JointOptions,
): string {
  const { pools, recommended } = joint;
  const misses = target.kind === "wait-rate"
    ? "wait"
    : `wait ${duration(target.belowNs)} or longer`;
  if (recommended === null) {
    const bounded = pools.some(({ neverWaits }) => neverWaits >= most);
    return bounded
      ? `no combination of up to ${exactCount(most)} each meets the target`
      : `on ${exactCount(joint.tasks)} tasks no combination can be told to meet the target`;
  }
  const sure = `${Number((100 * confidence).toPrecision(6))}%`;
  const high = recommended.missHigh === null
    ? ""
    : ` (at most ${percentage(recommended.missHigh)} with ${sure} confidence)`;
  const spares = pools.filter(({ oneLess }) => oneLess !== null);
  return `with them ${percentage(recommended.missRate)} of the tasks ${misses}${high}` +
    (spares.length === 0
      ? ", and none may have fewer"
      : joint.exhaustive
      ? ", and no cheaper pair meets the target"
      : ", and one less of any misses the target");
}
