/**
 * What a recommendation says, as short labelled facts; the formats for people differ only in how they lay them out.
 *
 * @module
 */
import type {
  CurvePoint,
  FailureSide,
  Recommendation,
  Target,
  VerifiedRun,
} from "../recommendation.ts";
import { bytes, count, duration, exactCount, percentage } from "../formats/numbers.ts";
import { rolesOf } from "./roles.ts";

/** The answer in a line. */
export function headline({ recommended, because }: Recommendation): string {
  if (recommended === null) return `no recommendation: ${because}`;
  return `min_nr = ${exactCount(recommended)}, because ${because}`;
}

/** A target as it is written. */
export function targetText(target: Target): string {
  if (target.kind === "wait-rate") {
    return `wait rate < ${Number((target.below * 100).toPrecision(6))}%`;
  }
  return `wait p${target.percentile} < ${duration(target.belowNs)}`;
}

/** Labels and what is said under them. */
export function factsOf(recommendation: Recommendation): [label: string, items: string[]][] {
  return [
    ["sized", [
      recommendation.subject,
      targetText(recommendation.target),
      recommendation.backend,
      `confidence ${Number((recommendation.confidence * 100).toPrecision(6))}%`,
    ]],
    ...failing(recommendation),
    ["bounds", bounds(recommendation)],
    ["price", price(recommendation)],
    ...formula(recommendation),
    ...halves(recommendation),
    ...verified(recommendation),
    ["seen", [
      `${exactCount(recommendation.allocs)} allocations for each reserve` +
      // Of drawn tasks, those far from it are looked at for as long as the curve needs.
      (recommendation.splitHalf === null ? " near the answer" : ""),
      `seed ${recommendation.seed}`,
    ]],
  ];
}

/** What fails for a while, and comes back. */
function failing({ failures }: Recommendation): [string, string[]][] {
  const bursts = failures.filter(({ share }) => share > 0 && share < 1);
  return bursts.length === 0 ? [] : [["failure", bursts.map(failureText)]];
}

function failureText({ source, share, burstNs, longestNs, allocsPerBurst }: FailureSide): string {
  const which = source === "measured" ? "measured: " : "";
  const inEach = allocsPerBurst === null
    ? ""
    : `, ${Number(allocsPerBurst.toPrecision(2))} allocations in each`;
  if (burstNs === null) return `${which}${percentage(share)} of the atomic calls${inEach} burst`;
  const longest = longestNs === null || longestNs === burstNs
    ? ""
    : `, ${duration(longestNs)} at most`;
  return `${which}${percentage(share)} of the time, ${
    duration(burstNs)
  } at a time${longest}${inEach}`;
}

function bounds({ floor, exact, neverWaits, recommended }: Recommendation): string[] {
  return [
    `progress needs ${exactCount(floor)}`,
    ...(exact === null ? [] : [`exactly ${exactCount(exact)} for this input`]),
    ...(recommended === null ? [] : [`recommended ${exactCount(recommended)}`]),
    ...(neverWaits === null ? [] : [`with ${exactCount(neverWaits)} nobody waits here`]),
  ];
}

function price(recommendation: Recommendation): string[] {
  const { bytesPerElement, bytes: all, nextNine, knee } = recommendation;
  return [
    ...(all === null ? [] : [`${bytes(all)} (${bytes(bytesPerElement)} each)`]),
    ...(nextNine === null
      ? []
      : [`a tenth of the misses: ${exactCount(nextNine.minReserve)}, ${bytes(nextNine.bytes)}`]),
    ...(knee === null ? [] : [`knee of the curve at ${exactCount(knee)}`]),
  ];
}

function formula({ analytic }: Recommendation): [string, string[]][] {
  if (analytic === null) return [];
  const { model, minReserve, offeredLoad, assumes, gap } = analytic;
  const says = minReserve === null ? "says nothing" : `says ${exactCount(minReserve)}`;
  const items = [
    `${model} ${says}`,
    `offered load ${Number(offeredLoad.toPrecision(3))}`,
    `assumes ${assumes}`,
    gap,
  ];
  return [["formula", items]];
}

function halves({ splitHalf }: Recommendation): [string, string[]][] {
  if (splitHalf === null) return [];
  const { minReserve, secondMissRate, held } = splitHalf;
  return [["halves", [
    `the first half takes ${exactCount(minReserve)}`,
    `with which ${percentage(secondMissRate)} of the second miss`,
    held ? "the target held" : "the target did not hold",
  ]]];
}

function verified({ verified }: Recommendation): [string, string[]][] {
  return verified === null ? [] : [["live", verified.map(verifiedText)]];
}

function verifiedText({ minReserve, waitRate, met, simulatedRate }: VerifiedRun): string {
  const verdict = met === null ? "can't tell" : met ? "met" : "missed";
  return `${exactCount(minReserve)}: ${percentage(waitRate)} waited ` +
    `(${percentage(simulatedRate)} simulated), ${verdict}`;
}

/** The heads of the table of points. */
export const POINT_HEADS: readonly string[] = [
  ...["reserve", "bytes", "miss", "low", "high", "p50", "p99", "p99.9", "max", ""],
];

/** One point as cells. */
export function pointCells(recommendation: Recommendation, point: CurvePoint): string[] {
  const { minReserve, missRate, missLow, missHigh, waitNs } = point;
  const limit = (share: number | null) => share === null ? "-" : percentage(share);
  const wait = (time: number | null) =>
    time === null ? "never" : recommendation.timed ? duration(time) : `${count(time)} ops`;
  return [
    ...[exactCount(minReserve), bytes(point.bytes)],
    ...[percentage(missRate), limit(missLow), limit(missHigh)],
    ...[wait(waitNs.p50), wait(waitNs.p99), wait(waitNs["p99.9"]), wait(waitNs.max)],
    rolesOf(recommendation, minReserve).join(", "),
  ];
}
