/**
 * How tools that know benchmarks by one name are told which row of a result is meant.
 *
 * @module
 */
import type { MeasureRow } from "../measures.ts";
import type { Result } from "../result.ts";

/** `scenario`, or `scenario/pool/part`. */
export function rowPath({ scenario }: Result, { pool, part }: MeasureRow): string {
  return pool === null ? scenario.name : `${scenario.name}/${pool}/${part}`;
}
