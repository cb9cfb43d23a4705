/**
 * The cells of the matrix workload, from the lists that a scenario gives.
 *
 * @module
 */
import { found } from "../clauses.ts";
import type { Problem } from "../problem.ts";
import type { Scenario, WorkloadSpec } from "../scenario.ts";
import { ownOptions } from "./load.ts";

/** One cell: who does what for a while. */
export interface MatrixCell {
  /** The pool, one of those that the workload takes from. */
  readonly pool: string;
  /** How many workers take part. */
  readonly cores: number;
  /** Elements that one call gets, and puts back. */
  readonly getBulk: number;
  readonly putBulk: number;
  /** Elements that each worker has before it puts them back. */
  readonly keep: number;
}

/** The lists, by the option that holds each. */
const LISTS = ["cores", "getBulk", "putBulk", "keep"] as const;

/** The numbers of a list such as "1,4,32"; null where it is none. `max` stands for all workers. */
function numbersIn(list: unknown, workers: number): number[] | null {
  const parts = String(list).split(",").map((part) =>
    part.trim() === "max" ? workers : Number(part)
  );
  if (!parts.every((part) => Number.isInteger(part) && part >= 1 && part <= 65_536)) return null;
  return [...new Set(parts)];
}

/** All cells in the order in which DPDK's test runs them: cores change slowest, then the pools. */
export function cellsOf(workload: WorkloadSpec): MatrixCell[] {
  const options = ownOptions(workload);
  const [cores, gets, puts, keeps] = LISTS.map((key) => numbersIn(options[key], workload.workers)!);
  const pools = [...new Set(workload.take.map(({ pool }) => pool))];
  return pools.flatMap((pool) =>
    cores!.flatMap((count) =>
      gets!.flatMap((getBulk) =>
        puts!.flatMap((putBulk) =>
          keeps!.map((keep) => ({ pool, cores: count, getBulk, putBulk, keep }))
        )
      )
    )
  );
}

/** Lists that are none, cores that there are not, and bulks that do not divide what is kept. */
export function cellProblems({ workload }: Scenario): Problem[] {
  const options = ownOptions(workload);
  const problem = (key: string, clause: string) => ({ path: ["workload", key], clause });
  const broken = LISTS.filter((key) => numbersIn(options[key], workload.workers) === null);
  if (broken.length > 0) {
    return broken.map((key) =>
      problem(
        key,
        `${found(options[key])} is not allowed: give numbers from 1 up, such as "1,4,32"`,
      )
    );
  }
  return cellsOf(workload).flatMap(({ cores, getBulk, putBulk, keep }) => {
    if (cores > workload.workers) {
      const most = `give numbers up to ${workload.workers}, the workers that there are`;
      return [problem("cores", `${cores} is not allowed: ${most}`)];
    }
    const bulk = [["getBulk", getBulk], ["putBulk", putBulk]] as const;
    return bulk.filter(([, size]) => keep % size !== 0).map(([key, size]) =>
      problem(key, `${size} is not allowed beside a keep of ${keep}: give divisors of it`)
    );
  });
}
