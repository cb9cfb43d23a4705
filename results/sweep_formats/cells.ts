/**
 * A sweep as cells of text; the formats for people differ only in how they lay them out.
 *
 * @module
 */
import type { Sweep } from "../sweep.ts";
import { bytes, count, duration, percentage } from "../formats/numbers.ts";

/** What was swept, in a line. */
export function headline(
  { scenario, pool, simulated, rows, repeats, seed, partial }: Sweep,
): string {
  return [
    `${scenario}: ${rows.length} combinations`,
    simulated ? "simulated" : `run with real workers, ${repeats} each`,
    `pool ${pool}`,
    `seed ${seed}`,
    ...(partial ? ["stopped before the end"] : []),
  ].join(" · ");
}

/** What the columns are of, in a line. */
export function legend({ simulated }: Sweep): string {
  return (simulated
    ? "percentiles: how long allocations waited, 0 for those that did not"
    : "percentiles: how long allocations took") +
    "; * nothing else has a better p99.9 for as few bytes";
}

/** The heads and a line for each combination. */
export function cellsOf(sweep: Sweep): { heads: string[]; rows: string[][] } {
  const { varied, rows, simulated } = sweep;
  const heads = [
    ...["", ...varied.map(({ key }) => key.split(".").at(-1)!), "bytes"],
    ...["1", "2", "3", "4", "5", "miss", "p50", "p99", "p99.9", "max"],
    ...(simulated ? [] : ["allocs/s"]),
  ];
  const tail = (ns: number | null) => ns === null ? simulated ? "never" : "-" : duration(ns);
  const lines = rows.map(({ settings, tailNs, ...row }) => [
    ...[row.pareto ? "*" : "", ...varied.map(({ key }) => settings[key]!), bytes(row.bytes)],
    ...row.rates.map(percentage),
    percentage(row.missRate),
    ...[tail(tailNs.p50), tail(tailNs.p99), tail(tailNs["p99.9"]), tail(tailNs.max)],
    ...(row.allocsPerSecond === null ? [] : [count(row.allocsPerSecond)]),
  ]);
  return { heads, rows: lines };
}
