/**
 * The programs in which somebody dies: each kind of thread as the one that dies, beside whoever may wait for it, be asked by it, or take what it was
 * about to give; and heirs, who die while they put things right after somebody else.
 *
 * @module
 */
import type { PoolProgram } from "./pool_program.ts";

/** Who dies. */
const VICTIMS = [
  "atomic",
  "blocking",
  "async",
  "aborted",
  "free",
  "fill",
  "frees",
  "free-bulk",
  "bulk",
  "grow",
  "shrink",
  "drain",
  "exchange",
  "destroy",
];

/** Who goes on. */
const SURVIVORS = ["blocking", "free", "bulk", "async", "drain"];

/** Two who go on. */
const COUPLES = [["blocking", "free"], ["blocking", "blocking"], ["bulk", "async"]];

const RESERVES = [0, 1, 2];
const BACKENDS = ["fails", "serves"] as const;
const DIES = { dies: 0 };

/** Where the first one has died whose heir dies as well. */
const FIRST_DEATHS = [10, 25, 50, 90, 150];

/** All of them, in a fixed order. */
export function deathPrograms(): PoolProgram[] {
  const pairs = VICTIMS.flatMap((victim) =>
    SURVIVORS.flatMap((survivor) =>
      RESERVES.flatMap((minReserve) =>
        BACKENDS.map((backend) => ({
          operations: [victim, survivor],
          minReserve,
          backend,
          ...DIES,
        }))
      )
    )
  );
  const triples = VICTIMS.flatMap((victim) =>
    COUPLES.flatMap((couple) =>
      [0, 1].map((minReserve) => ({
        operations: [victim, ...couple],
        minReserve,
        backend: "fails" as const,
        ...DIES,
      }))
    )
  );
  const otherPolicies = VICTIMS.flatMap((victim) =>
    ["allocator-reservation", "adaptive"].flatMap((policy) =>
      BACKENDS.map((backend) => ({
        operations: [victim, "blocking"],
        minReserve: 1,
        backend,
        policy,
        ...DIES,
      }))
    )
  );
  const slabs = VICTIMS.flatMap((victim) =>
    ([1, 2] as const).map((rounds) => ({
      operations: [victim, "exchange"],
      minReserve: 1,
      backend: "serves" as const,
      rounds,
      over: "slab" as const,
      ...DIES,
    }))
  );
  // Beside elements that are put together, pages without a pool would be other elements under the same handles.
  const others = VICTIMS.filter((victim) => !["exchange", "drain"].includes(victim)).flatMap(
    (victim) =>
      (["composite", "nested"] as const).flatMap((over) =>
        [["blocking"], ["free"], ["destroy"]].flatMap((survivors) =>
          [0, 1].map((minReserve) => ({
            operations: [victim, ...survivors],
            minReserve,
            backend: "serves" as const,
            over,
            ...DIES,
          }))
        )
      ),
  );
  const magazines = ["exchange", "drain"].flatMap((survivor) =>
    ["exchange", "drain", "frees", "blocking"].map((victim) => ({
      operations: [victim, survivor],
      minReserve: 0,
      backend: "serves" as const,
      rounds: 2 as const,
      ...DIES,
    }))
  );
  const heirs = VICTIMS.flatMap((victim) =>
    FIRST_DEATHS.flatMap((diesAfter) =>
      BACKENDS.map((backend) => ({
        operations: [victim, "blocking"],
        minReserve: 1,
        backend,
        ...DIES,
        diesAfter,
        heirDies: true,
      }))
    )
  );
  // By two at once, whom it may have an heir for; and by one who waits for nobody, as the coordinator of a run.
  const otherRecoverers = VICTIMS.flatMap((victim) =>
    (["twice", "undisturbed"] as const).flatMap((recovers) => [
      ...BACKENDS.map((backend) => ({
        operations: [victim, "blocking"],
        minReserve: 1,
        backend,
        ...DIES,
        recovers,
      })),
      ...[25, 90].map((diesAfter) => ({
        operations: [victim, "blocking"],
        minReserve: 1,
        backend: "serves" as const,
        ...DIES,
        diesAfter,
        heirDies: true,
        recovers,
      })),
    ])
  );
  return [
    ...pairs,
    ...triples,
    ...otherPolicies,
    ...slabs,
    ...others,
    ...magazines,
    ...heirs,
    ...otherRecoverers,
    ...deathsBeside(),
    ...deathsAtTheCache(),
  ];
}

/** At one of two pools that share a floor. */
function deathsBeside(): PoolProgram[] {
  const victims = [
    "blocking",
    "async",
    "free",
    "fill",
    "frees",
    "bulk",
    "grow",
    "shrink",
    "destroy",
  ];
  return victims.flatMap((victim) =>
    ["beside-blocking", "beside-fill"].flatMap((survivor) =>
      BACKENDS.map((backend) => ({
        operations: [victim, survivor],
        minReserve: 1,
        backend,
        policy: "allocator-reservation",
        ...DIES,
      }))
    )
  );
}

/** Over a cache of pages: who fills it, writes pages out or takes them away; and heirs of these. */
function deathsAtTheCache(): PoolProgram[] {
  const victims = ["cache-fill", "cache-write", "cache-scan", "cache-all", "blocking", "drain"];
  const survivors = [["cache-fill"], ["cache-scan"], ["cache-write"], ["cache-all", "blocking"]];
  const base = { minReserve: 0, backend: "serves" as const, ...DIES };
  const deaths = victims.flatMap((victim) =>
    survivors.map((survivor) => ({ operations: [victim, ...survivor], ...base }))
  );
  const heirs = ["cache-fill", "cache-write", "cache-all"].flatMap((victim) =>
    FIRST_DEATHS.map((diesAfter) => ({
      operations: [victim, "cache-fill"],
      ...base,
      diesAfter,
      heirDies: true,
    }))
  );
  return [...deaths, ...heirs];
}
