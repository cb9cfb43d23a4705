/**
 * Every program by name.
 *
 * @module
 */
import type { Explored } from "./explored.ts";
import { lockProgram } from "./lock_program.ts";
import { nameOf, type PoolProgram, poolProgram, programOf, TIMEOUTS } from "./pool_program.ts";
import type { Subject } from "./subject.ts";

/** A program that can be put together. */
export interface NamedProgram {
  readonly name: string;
  /** Its part of the schedules, beside others'. */
  readonly weight: number;
  /** Puts it together. */
  build(subject: Subject): Promise<Explored>;
}

/** What threads do in every pair and every triple. */
const EVERYWHERE = [
  "atomic",
  "blocking",
  "async",
  "free",
  "fill",
  "free-bulk",
  "bulk",
  "grow",
  "shrink",
  "drain",
  "destroy",
];
const RESERVES = [0, 1, 2];
const BACKENDS = ["serves", "fails", "recovers"] as const;

/** What waits, and what ends waits, for programs in which time passes. */
const WAITING = ["blocking", "async", "aborted", "bulk", "free", "shrink", "destroy"];

/** Pairs can be tried exhaustively, triples are many. */
const WEIGHTS: Readonly<Record<number, number>> = { 2: 4, 3: 1 };

/** Every choice of `size` of them, in any number each. */
function choicesOf(names: readonly string[], size: number): string[][] {
  if (size === 0) return [[]];
  return names.flatMap((name, index) =>
    choicesOf(names.slice(index), size - 1).map((rest) => [name, ...rest])
  );
}

function poolPrograms(): PoolProgram[] {
  const everywhere = [2, 3].flatMap((size) => choicesOf(EVERYWHERE, size)).flatMap((operations) =>
    RESERVES.flatMap((minReserve) =>
      BACKENDS.map((backend) => ({ operations, minReserve, backend }))
    )
  );
  const timed = [2, 3].flatMap((size) => choicesOf(WAITING, size)).flatMap((operations) =>
    [0, 1].map((minReserve) => ({
      operations,
      minReserve,
      backend: "fails" as const,
      timeouts: TIMEOUTS,
    }))
  );
  const exchanges = [["exchange", "exchange"], ["exchange", "drain"], ["exchange", "blocking"], [
    "exchange",
    "exchange",
    "drain",
  ]].flatMap((operations) =>
    ([1, 2] as const).map((rounds) => ({
      operations,
      minReserve: 0,
      backend: "serves" as const,
      rounds,
    }))
  );
  return [...everywhere, ...timed, ...exchanges];
}

function lockPrograms(): NamedProgram[] {
  return [2, 3].flatMap((threads) =>
    [0, 2].map((timeouts) => ({
      name: `lock/threads=${threads}${timeouts > 0 ? "/timeouts" : ""}`,
      weight: 40,
      build: (subject) => lockProgram(subject, threads, timeouts),
    }))
  );
}

function namedPool(program: PoolProgram): NamedProgram {
  return {
    name: nameOf(program),
    weight: program.rounds === undefined ? WEIGHTS[program.operations.length] ?? 1 : 20,
    build: (subject) => poolProgram(subject, program),
  };
}

/** All programs, in a fixed order. */
export function allPrograms(): NamedProgram[] {
  return [...lockPrograms(), ...poolPrograms().map(namedPool)];
}

/** The program of a name, whether it is one of those or not: any threads in any order. @returns undefined where there is none. */
export function findProgram(name: string): NamedProgram | undefined {
  const program = programOf(name);
  return program === null ? lockPrograms().find((each) => each.name === name) : namedPool(program);
}
