/**
 * Threads at work on one pool: what each does, how it ends, and what befalls them meanwhile.
 *
 * @module
 */
import type { Composition } from "../pools/composition.ts";
import type { Explored } from "./explored.ts";
import { isOfBeside, type Operation, operationOf, OPERATIONS, type Worker } from "./operations.ts";
import type { Outsider, Script, Thread, ThreadPlan } from "./program.ts";
import type { Subject } from "./subject.ts";
import { type BackendState, BESIDE, POOL, type Under, World } from "./world.ts";

/** A program by names and numbers. */
export interface PoolProgram {
  /** What each thread does: keys of {@linkcode OPERATIONS}. */
  readonly operations: readonly string[];
  /** M. */
  readonly minReserve: number;
  readonly backend: BackendState;
  /** How often the clock may end a sleep: never if not given. */
  readonly timeouts?: number;
  /** Rounds of the magazines: 1 if not given. */
  readonly rounds?: 1 | 2;
  /** The pool's policy: "five-level" if not given. */
  readonly policy?: string;
  /** What the pool stands on: pages if not given. */
  readonly over?: Under;
  /** The thread that dies, if one does; one more recovers after it. */
  readonly dies?: number;
  /** After so many of its operations; after each if not given. */
  readonly diesAfter?: number;
  /** Whether the one who recovers dies over it, and one more recovers after both. */
  readonly heirDies?: boolean;
  /** After so many of his operations; after each if not given. */
  readonly heirDiesAfter?: number;
  /** How things are put right in the end: by one who waits for whatever others have if not given. */
  readonly recovers?: Recovers;
}

/** By two who live, both at once; or by one who waits for nobody in the middle of it. */
export type Recovers = "twice" | "undisturbed";

const USUAL_POLICY = "five-level";

/** The policy under which the reserves of pools over one allocator are one floor. */
const SHARED_FLOOR = "allocator-reservation";

/** Pages of the cache to begin with, where there is one: one is clean, one dirty. */
const CACHED = 2;

/** What a thread does when it has nothing more to do. */
type Ending = "detaches" | "parks" | "returns to its event loop";
const ENDINGS: readonly Ending[] = ["detaches", "parks", "returns to its event loop"];

/** A program in words. */
export function nameOf(program: PoolProgram): string {
  const { operations, minReserve, backend, timeouts = 0, rounds = 1 } = program;
  const { policy, over, dies, diesAfter, heirDies, heirDiesAfter, recovers } = program;
  const extras = [
    timeouts > 0 ? "/timeouts" : "",
    rounds > 1 ? `/rounds=${rounds}` : "",
    policy === undefined ? "" : `/policy=${policy}`,
    over === undefined ? "" : `/over=${over}`,
    recovers === undefined ? "" : `/${recovers}`,
    dies === undefined ? "" : `/dies=${dies}`,
    diesAfter === undefined ? "" : `@${diesAfter}`,
    heirDies ? "/heir" : "",
    heirDiesAfter === undefined ? "" : `@${heirDiesAfter}`,
  ];
  return `${operations.join("+")}/M=${minReserve}/${backend}${extras.join("")}`;
}

const NAME =
  /^([a-z+-]+)\/M=(\d+)\/(serves|fails|recovers)(\/timeouts)?(?:\/rounds=([12]))?(?:\/policy=([a-z0-9.-]+))?(?:\/over=(slab|composite|nested))?(?:(?:\/(twice|undisturbed))?\/dies=(\d)(?:@(\d+))?(?:(\/heir)(?:@(\d+))?)?)?$/;

/** The time-outs of a program that has any. */
export const TIMEOUTS = 2;

/** The program of a name; null where that is none. */
export function programOf(name: string): PoolProgram | null {
  const [, threads, minReserve, backend, timed, rounds, policy, over, ...deaths] =
    NAME.exec(name) ?? [];
  const [recovers, dies, after, heir, heirAfter] = deaths;
  const operations = threads?.split("+") ?? [];
  if (backend === undefined || operations.some((each) => operationOf(each) === undefined)) {
    return null;
  }
  return {
    operations,
    minReserve: Number(minReserve),
    backend: backend as BackendState,
    timeouts: timed === undefined ? 0 : TIMEOUTS,
    rounds: rounds === "2" ? 2 : 1,
    ...policy !== undefined && { policy },
    ...over !== undefined && { over: over as Under },
    ...dies !== undefined && { dies: Number(dies) },
    ...after !== undefined && { diesAfter: Number(after) },
    ...heir !== undefined && { heirDies: true },
    ...heirAfter !== undefined && { heirDiesAfter: Number(heirAfter) },
    ...recovers !== undefined && { recovers: recovers as Recovers },
  };
}

/** Threads end in different ways, and so does the same one over another M. */
function endingOf(program: PoolProgram, thread: number): Ending {
  const operation = operationOf(program.operations[thread]!)!;
  if (operation.isAsync) return "returns to its event loop";
  return ENDINGS[(thread + program.minReserve) % ENDINGS.length]!;
}

/**
 * Elements that nobody has: as many as whoever takes most needs, so that everybody can be served in the end. Without a reserve what
 * threads have counts too, so that who comes first has to wait.
 */
function spareFor(operations: readonly Operation[], minReserve: number): number {
  const most = Math.max(...operations.map(({ atOnce = 1 }) => atOnce));
  const held = operations.reduce((sum, operation) => sum + operation.held, 0);
  return minReserve > 0 ? most : Math.max(0, most - held);
}

function worldOf(subject: Subject, program: PoolProgram, operations: readonly Operation[]): World {
  const { minReserve, backend, rounds = 1, policy = USUAL_POLICY, over = "page" } = program;
  const pools = poolsOf(program);
  // Of two pools over an allocator those hear of each other's frees that share a floor, as long as there is one.
  const lowered = operations.filter(({ lowers }) => lowers).length;
  const hasFloor = policy === SHARED_FLOOR && 2 * minReserve > lowered;
  const isApart = pools.includes(BESIDE) && !hasFloor;
  return new World(subject, {
    minReserve,
    backend,
    policy,
    threads: operations.length + recoverersOf(program),
    pools,
    // A floor that two share has enough for whoever takes most.
    spare: hasFloor && pools.includes(BESIDE) ? 0 : spareFor(operations, minReserve),
    held: operations.map(({ held }) => held),
    isShort: operations.some(({ isShort }) => isShort),
    // What goes back to the homes of parts is heard of by no waiter for the whole before that tries again.
    isShared: isApart || over === "composite" || operations.some(({ isRaw }) => isRaw),
    // The magazines of an allocator hold an eighth of its elements.
    kept: rounds === 1 ? 0 : 8 * rounds * (operations.length + 1 + recoverersOf(program)),
    over,
    cached: operations.some(({ hasCache }) => hasCache) ? CACHED : -1,
  });
}

/** A pool destroyed meanwhile takes what comes back and says so; a bulk may be more than can be waited for. */
function endOf(error: unknown, worker: Worker): void | Promise<void> {
  const { DestroyedError, RefusedError } = worker.subject.errors;
  if (error instanceof RefusedError) return;
  if (!(error instanceof DestroyedError)) throw error;
  if (worker.held.length > 0) return attempt(OPERATIONS.free!, worker);
}

function attempt(operation: Operation, worker: Worker): void | Promise<void> {
  try {
    return operation.run(worker)?.catch((error) => endOf(error, worker));
  } catch (error) {
    return endOf(error, worker);
  }
}

/** Of each thread. */
function poolsOf({ operations }: PoolProgram): string[] {
  return operations.map((name) => isOfBeside(name) ? BESIDE : POOL);
}

function workerOf(world: World, subject: Subject, thread: Thread): Worker {
  const composition = world.attach(thread.id);
  const pool = composition.pool(world.poolOf(thread.id));
  const held = [...world.given[thread.id] ?? []];
  return { thread, world, subject, composition, pool, held };
}

/** The same where somebody dies: what it was given is its own. */
function heirOf(world: World, subject: Subject, thread: Thread): Worker {
  const worker = workerOf(world, subject, thread);
  worker.held.forEach((handle) => worker.pool.adopt(handle));
  return worker;
}

function scriptOf(
  operation: Operation,
  ending: Ending,
  attach: (thread: Thread) => Worker,
): Script {
  const endings: Record<Ending, (worker: Worker) => void> = {
    detaches: ({ composition }) => composition.detach(),
    parks: ({ composition: { participant }, thread }) => participant.park(() => thread.rest()),
    "returns to its event loop": () => {},
  };
  if (ending !== "returns to its event loop") {
    return (thread) => {
      const worker = attach(thread);
      thread.begin();
      void attempt(operation, worker);
      endings[ending](worker);
    };
  }
  return async (thread) => {
    const worker = attach(thread);
    worker.composition.participant.listen();
    thread.begin();
    await attempt(operation, worker);
  };
}

/** How many there are to recover. */
function recoverersOf({ dies, heirDies, recovers }: PoolProgram): number {
  if (dies === undefined) return 0;
  return (heirDies ? 2 : 1) + (recovers === "twice" ? 1 : 0);
}

/** Puts things right with nobody else at work. */
function recoverUndisturbed(composition: Composition, dead: readonly number[]): void {
  while (!composition.undisturbed(() => void composition.recoverAll(dead), dead));
}

/** Sleeps until the last of some threads has died, and puts things right after all of them. */
function recoverer(
  world: World,
  subject: Subject,
  after: readonly number[],
  recovers?: Recovers,
): ThreadPlan {
  const awaits = after.at(-1)!;
  return {
    name: "recover",
    isAsync: false,
    awaits,
    script(thread) {
      const { composition } = workerOf(world, subject, thread);
      // As a coordinator, who has left but for this.
      composition.detach();
      thread.begin();
      for (const thread of after) world.awaitDeath(thread);
      const dead = after.map((thread) => thread + 1);
      if (recovers === "undisturbed") recoverUndisturbed(composition, dead);
      else composition.recoverAll(dead);
    },
  };
}

/** A world and its threads. */
export interface PoolThreads {
  readonly world: World;
  readonly threads: readonly ThreadPlan[];
}

/** The threads of a program in a world of their own. */
export function poolThreads(subject: Subject, program: PoolProgram): PoolThreads {
  const operations = program.operations.map((name) => operationOf(name)!);
  const world = worldOf(subject, program, operations);
  const join = program.dies === undefined ? workerOf : heirOf;
  const attach = (thread: Thread) => join(world, subject, thread);
  const threads: ThreadPlan[] = operations.map((operation, thread) => {
    const ending = endingOf(program, thread);
    return {
      name: program.operations[thread]!,
      isAsync: ending === "returns to its event loop",
      script: scriptOf(operation, ending, attach),
    };
  });
  const dead = program.dies === undefined ? [] : [program.dies];
  if (program.heirDies) {
    threads.push(recoverer(world, subject, [...dead]));
    dead.push(threads.length - 1);
  }
  while (threads.length < operations.length + recoverersOf(program)) {
    threads.push(recoverer(world, subject, dead, program.recovers));
  }
  return { world, threads };
}

function outsidersOf({ operations, backend }: PoolProgram, world: World): Outsider[] {
  const aborts = operations.flatMap((name, thread) =>
    operationOf(name)!.isAborted ? [{ name: `aborts thread ${thread}`, signals: thread }] : []
  );
  if (backend !== "recovers") return aborts;
  return [...aborts, { name: "the back end recovers", step: () => world.recover() }];
}

/** Who dies, and when. */
function deathsIn(
  { operations, dies, diesAfter, heirDies, heirDiesAfter }: PoolProgram,
): Pick<Explored, "dies" | "diesAfter" | "alsoDies"> {
  if (dies === undefined) return {};
  if (!heirDies) return { dies, ...diesAfter !== undefined && { diesAfter } };
  return {
    dies: operations.length,
    ...heirDiesAfter !== undefined && { diesAfter: heirDiesAfter },
    alsoDies: { thread: dies, operations: diesAfter ?? 0 },
  };
}

/** Puts a program together. */
export async function poolProgram(subject: Subject, program: PoolProgram): Promise<Explored> {
  const { world, threads } = poolThreads(subject, program);
  const outsiders = outsidersOf(program, world);
  const machine = world.machineFor({ threads, outsiders, timeouts: program.timeouts ?? 0 });
  await machine.setUp();
  const { front: { stride: frontStride } } = world.plan.pools.at(-1)!;
  return {
    machine,
    layout: world.layout,
    frontStride,
    names: threads.map(({ name }) => name),
    ...deathsIn(program),
  };
}
