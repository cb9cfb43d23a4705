/**
 * Every program by name.
 *
 * @module
 */
import { arenaProgram } from "./arena_program.ts";
import { deathPrograms } from "./death_programs.ts";
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
  const late = [["blocking", "blocking", "frees"], ["blocking", "async", "frees"], [
    "async",
    "async",
    "frees",
  ], [
    "blocking",
    "miss-and-free",
  ], ["async", "miss-and-free"]].flatMap((operations) =>
    BACKENDS.map((backend) => ({ operations, minReserve: 0, backend, rounds: 1 as const }))
  );
  const otherPolicies = choicesOf([...EVERYWHERE, "frees"], 2).flatMap((operations) =>
    ["allocator-reservation", "adaptive"].flatMap((policy) =>
      [1, 2].flatMap((minReserve) =>
        (["serves", "fails"] as const).map((backend) => ({
          operations,
          minReserve,
          backend,
          policy,
        }))
      )
    )
  );
  return [...everywhere, ...timed, ...exchanges, ...late, ...otherPolicies];
}

/** Without a pool. */
function smallPrograms(): NamedProgram[] {
  const weight = 40;
  return [2, 3].flatMap((threads): NamedProgram[] => [
    ...[0, TIMEOUTS].map((timeouts) => ({
      name: `lock/threads=${threads}${timeouts > 0 ? "/timeouts" : ""}`,
      weight,
      build: (subject: Subject) => lockProgram(subject, threads, timeouts),
    })),
    {
      name: `arena/threads=${threads}`,
      weight,
      build: (subject) => arenaProgram(subject, threads),
    },
  ]);
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
  return [...smallPrograms(), ...poolPrograms().map(namedPool)];
}

/** Those in which somebody dies. */
export function allDeathPrograms(): NamedProgram[] {
  return deathPrograms().map(namedPool);
}

/** The program of a name, whether it is one of those or not: any threads in any order. @returns undefined where there is none. */
export function findProgram(name: string): NamedProgram | undefined {
  const program = programOf(name);
  return program === null ? smallPrograms().find((each) => each.name === name) : namedPool(program);
}
