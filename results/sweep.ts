/**
 * A sweep, schema `mempool-bench/sweep@1`: one scenario with keys set to every combination of values, each simulated
 * or run, as plain data in base units.
 *
 * @module
 */
import type { Warning } from "./result.ts";

/** The schema's name as it stands in every sweep. */
export const SWEEP_SCHEMA = "mempool-bench/sweep@1";

/** A key and the values that it takes. */
export interface Varied {
  readonly key: string;
  readonly values: readonly string[];
}

/** One combination of values, and what became of it. */
export interface SweepRow {
  /** By key, in the order given. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of the measured pool. */
  readonly minReserve: number;
  /** What that holds. */
  readonly bytes: number;
  /** Share of the served allocations by level, 1 to 5. */
  readonly rates: readonly number[];
  /** Share of all callers that waited or got nothing. */
  readonly missRate: number;
  /**
   * Over all allocations: simulated, how long they waited, 0 for those that did not; live, how long they took.
   * Null where it never ends, or too few were seen.
   */
  readonly tailNs: Readonly<Record<"p50" | "p99" | "p99.9" | "max", number | null>>;
  /** Null where simulated. */
  readonly allocsPerSecond: number | null;
  /** Whether no other row has a better tail for as few bytes, or fewer bytes for as good a tail. */
  readonly pareto: boolean;
}

/** A whole sweep. */
export interface Sweep {
  readonly schema: typeof SWEEP_SCHEMA;
  readonly scenario: string;
  /** The measured pool. */
  readonly pool: string;
  readonly simulated: boolean;
  readonly partial: boolean;
  readonly repeats: number;
  readonly seed: number;
  readonly varied: readonly Varied[];
  readonly rows: readonly SweepRow[];
  readonly warnings: readonly Warning[];
}

/** Marks the rows that nothing else beats in memory and tail both. */
export function withPareto(rows: readonly Omit<SweepRow, "pareto">[]): SweepRow[] {
  return rows.map((row) => ({ ...row, pareto: !rows.some((other) => beats(other, row)) }));
}

type Judged = Pick<SweepRow, "bytes" | "tailNs" | "missRate">;

function beats(a: Judged, b: Judged): boolean {
  const tails = tailOf(a) - tailOf(b) || a.missRate - b.missRate;
  return a.bytes <= b.bytes && tails <= 0 && (a.bytes < b.bytes || tails < 0);
}

function tailOf({ tailNs }: Judged): number {
  // Two that never end are alike.
  return tailNs["p99.9"] ?? Number.MAX_VALUE;
}
