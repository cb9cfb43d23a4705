/**
 * The curve, one line for each reserve (RFC 4180), numbers in base units with every digit; `role` marks the points that
 * the recommendation speaks of.
 *
 * @module
 */
import type { CurvePoint, Recommendation } from "../recommendation.ts";
import { csvText } from "../formats/csv_text.ts";
import type { RecommendationFormat } from "./format.ts";
import { rolesOf } from "./roles.ts";

const PERCENTILES = ["p50", "p99", "p99.9", "max"] as const;

const HEADER = [
  ...["subject", "min_reserve", "bytes", "wait_rate", "miss_rate", "miss_low", "miss_high"],
  ...PERCENTILES.map((key) => `wait_${key}_ns`),
  "role",
];

/** The curve as lines. */
export const csv: RecommendationFormat = {
  summary: "the curve, one line for each reserve (RFC 4180)",
  print(recommendation) {
    return csvText([HEADER, ...recommendation.curve.map((point) => line(recommendation, point))]);
  },
};

function line(recommendation: Recommendation, point: CurvePoint) {
  const { minReserve, bytes, waitRate, missRate, missLow, missHigh, waitNs } = point;
  return [
    ...[recommendation.subject, minReserve, bytes, waitRate, missRate, missLow, missHigh],
    ...PERCENTILES.map((key) => waitNs[key]),
    rolesOf(recommendation, minReserve).join(" "),
  ];
}
