/**
 * A row of a comparison in words, alike for all formats that people read.
 *
 * @module
 */
import type { ComparedRow, Comparison, Side } from "../comparison.ts";
import { count, duration, NO_NUMBER, percentage } from "../formats/numbers.ts";

/** Where a row stands, and in which unit. */
type Place = Pick<ComparedRow, "pool" | "part" | "measure" | "unit">;

/** The row's place: "buffers wait p99". */
export function rowName({ pool, part, measure }: Place): string {
  return [pool, part, measure].filter((word) => word !== null).join(" ");
}

/** A value of the row's unit. */
export function valueText({ unit }: Pick<Place, "unit">, value: number): string {
  if (unit === "ns") return duration(value);
  return unit === "share" ? percentage(value) : `${count(value)}/s`;
}

/** A change as a signed share; of rates in points. "~" where nothing was shown. */
export function changeText(row: ComparedRow): string {
  if (row.verdict === "cannot tell") return "~";
  return signed(row, row.change);
}

/** The interval of the change. */
export function intervalText(row: ComparedRow): string {
  const { low, high } = row;
  return low === null || high === null ? NO_NUMBER : `${signed(row, low)} .. ${signed(row, high)}`;
}

/** The smallest change for the worse that would have been seen. */
export function detectableText(row: ComparedRow): string {
  return row.detectable === null ? NO_NUMBER : sized(row, row.detectable);
}

/** A change with its sign: a share, of rates points. */
export function signed(row: Pick<Place, "unit">, change: number): string {
  return `${change < 0 ? "-" : "+"}${sized(row, Math.abs(change))}`;
}

/** A change without its sign. */
export function sized({ unit }: Pick<Place, "unit">, size: number): string {
  const percent = 100 * size;
  const text = percent >= 1000 ? Math.round(percent).toString() : percent.toFixed(1);
  return unit === "share" ? `${text}pp` : `${text}%`;
}

/** "9c1e2f3a4b, 10 runs". */
export function sideText({ revision, ids, repeats }: Side): string {
  const name = revision?.slice(0, 10) ?? ids[0]!.slice(0, 10);
  return `${name}, ${repeats} ${repeats === 1 ? "run" : "runs"}`;
}

/** What the comparison comes to, with how sure it is. */
export function verdictText({ verdict, rows, confidence, comparable }: Comparison): string {
  const slower = rows.filter((row) => row.verdict === "slower").length;
  const faster = rows.filter((row) => row.verdict === "faster").length;
  const unknown = rows.filter((row) => row.verdict === "cannot tell").length;
  const parts = [
    ...(slower > 0 ? [`${slower} slower`] : []),
    ...(faster > 0 ? [`${faster} faster`] : []),
    `${rows.length - slower - faster - unknown} the same`,
    ...(unknown > 0 ? [`${unknown} cannot tell`] : []),
  ];
  const all = `${percentage(confidence)} confidence in all ${rows.length} rows together`;
  return `${verdict}: ${parts.join(", ")} (${all})${comparable ? "" : "; not comparable"}`;
}
