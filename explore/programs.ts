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

/** What threads do to one of two pools, and to the one beside it. */
const WAITING_IN_ONE = ["blocking", "async", "bulk"];
const AT_WORK_IN_ONE = ["atomic", "free", "frees", "fill", "grow", "shrink", "destroy"];
const AT_WORK_BESIDE = [
  "beside-blocking",
  "beside-bulk",
  "beside-free",
  "beside-frees",
  "beside-fill",
  "beside-grow",
  "beside-shrink",
  "beside-destroy",
];

/** What threads do to a cache of pages. */
const AT_THE_CACHE = ["cache-fill", "cache-write", "cache-scan", "cache-all"];

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
  return [
    ...everywhere,
    ...timed,
    ...exchanges,
    ...late,
    ...otherPolicies,
    ...pairsOfPools(),
    ...cachePrograms(),
  ];
}

/** Two pools over one allocator: with one floor for both, or each with its own reserve, where elements come to the other one with time only. */
function pairsOfPools(): PoolProgram[] {
  const floor = "allocator-reservation";
  const pairs = [...WAITING_IN_ONE, ...AT_WORK_IN_ONE].flatMap((own) =>
    AT_WORK_BESIDE.flatMap((beside) =>
      ([[1, "fails"], [1, "serves"], [2, "fails"]] as const).map(([minReserve, backend]) => ({
        operations: [own, beside],
        minReserve,
        backend,
        policy: floor,
      }))
    )
  );
  const triples = WAITING_IN_ONE.flatMap((own) =>
    ["blocking", "beside-blocking", "beside-async", "grow", "beside-grow"].flatMap((second) =>
      ["fill", "beside-fill", "beside-free"].map((third) => ({
        operations: [own, second, third],
        minReserve: 1,
        backend: "fails" as const,
        policy: floor,
      }))
    )
  );
  const apart = ["blocking", "free", "fill"].flatMap((own) =>
    ["beside-blocking", "beside-free", "beside-fill"].flatMap((beside) =>
      [0, 1].flatMap((minReserve) =>
        (["serves", "fails"] as const).map((backend) => ({
          operations: [own, beside],
          minReserve,
          backend,
        }))
      )
    )
  );
  return [...pairs, ...triples, ...apart];
}

/** A cache of pages that competes for the memory. */
function cachePrograms(): PoolProgram[] {
  const others = ["blocking", "bulk", "drain"];
  const pairs = [
    ...choicesOf(AT_THE_CACHE, 2),
    ...AT_THE_CACHE.flatMap((cache) => others.map((other) => [cache, other])),
  ];
  const triples = [
    ["cache-fill", "cache-scan", "blocking"],
    ["cache-fill", "cache-write", "cache-scan"],
    ["cache-all", "cache-all", "blocking"],
    ["cache-fill", "cache-write", "blocking"],
  ];
  return [...pairs, ...triples].flatMap((operations) =>
    [0, 1].map((minReserve) => ({ operations, minReserve, backend: "serves" as const }))
  );
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
