/**
 * What a recommendation says of several pools together, as a sentence and as tables.
 *
 * @module
 */
import { bytes, exactCount, percentage } from "../formats/numbers.ts";
import type { Joint, JointPoint, JointPool, JointVerified } from "../recommendation.ts";

/** The answer in a line. */
export function jointHeadline({ recommended, pools, because }: Joint): string {
  if (recommended === null) {
    return `no recommendation for the ${pools.length} pools together: ${because}`;
  }
  return `together ${bytes(recommended.bytes)}, because ${because}`;
}

/** The heads of the table of pools. */
export const JOINT_HEADS: readonly string[] = [
  ...[
    "pool",
    "reserve",
    "bytes",
    "floor",
    "never",
    "alone",
    "split",
    "waits",
    "less",
  ],
];

/** The pools, and what they come to. */
export function jointRows(joint: Joint): string[][] {
  const total = (point: JointPoint | null) => point === null ? "-" : bytes(point.bytes);
  const missed = (point: JointPoint | null) => point === null ? "-" : percentage(point.missRate);
  const blank = ["", "", ""];
  const { recommended, alone, split } = joint;
  return [
    ...joint.pools.map(poolCells),
    ["all", "", total(recommended), ...blank.slice(1), total(alone), total(split), "", ""],
    [
      "misses",
      "",
      missed(recommended),
      ...blank.slice(1),
      missed(alone),
      missed(split),
      "",
      "",
    ],
  ];
}

function poolCells(pool: JointPool): string[] {
  const count = (value: number | null) => value === null ? "-" : exactCount(value);
  const { minReserve, floor, neverWaits, alone, split, waitRate, oneLess } = pool;
  return [
    ...[pool.pool, count(minReserve), pool.bytes === null ? "-" : bytes(pool.bytes)],
    ...[count(floor), count(neverWaits), count(alone), count(split)],
    waitRate === null ? "-" : percentage(waitRate),
    oneLess === null ? "-" : percentage(oneLess.missHigh ?? oneLess.missRate),
  ];
}

/** What the columns mean that do not say it themselves. */
export function jointNote({ confirmed, verified, looks, tasks, exhaustive }: Joint): string[] {
  const anew = confirmed === null ? [] : [
    `on tasks drawn anew ${percentage(confirmed.missRate)} miss` +
    (confirmed.missHigh === null ? "" : `, at most ${percentage(confirmed.missHigh)}`),
  ];
  return [
    "never: with so many nobody waits",
    "alone: each for the whole target, the others never short",
    "it is of fewer tasks than the answer for one pool, so it may be a little more",
    "split: each for its even share of the target",
    "less: the upper limit with one less of it",
    "high, less: on these tasks or on those drawn anew, whichever is higher",
    ...anew,
    ...verified === null ? [] : [liveText(verified)],
    `${exactCount(looks)} combinations of ${exactCount(tasks)} tasks`,
    exhaustive
      ? "every cheaper pair ruled out"
      : "no element can be spared, none exchanged for cheaper ones",
  ];
}

function liveText({ atLeast, atMost, met }: JointVerified): string {
  const verdict = met === null ? "can't tell" : met ? "met" : "missed";
  return `live ${percentage(atLeast)} to ${percentage(atMost)} of the tasks waited, ${verdict}`;
}

/** The heads of the frontier. */
export const FRONTIER_HEADS: readonly string[] = [
  "bytes",
  "miss",
  "high",
  "reserves in this order",
];

/** The frontier, cheapest first. */
export function frontierRows({ frontier, recommended }: Joint): string[][] {
  const chosen = recommended?.minReserves.join();
  return frontier.map(({ bytes: all, missRate, missHigh, minReserves }) => [
    ...[bytes(all), percentage(missRate), missHigh === null ? "-" : percentage(missHigh)],
    minReserves.map(exactCount).join("/") + (minReserves.join() === chosen ? " ◆" : ""),
  ]);
}
