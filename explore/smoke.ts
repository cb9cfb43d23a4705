/**
 * A short look at the programs that find most planted bugs, over the modules of a tree that is given: as a process of its own, which
 * may be ended where it hangs. It prints the first violation.
 *
 * @module
 */
import { installHooks } from "./hooks.ts";

/** Schedules of each program. */
const SHARE = 40;

/** The same where somebody dies after each operation: about one for each point. */
const SHARE_DEATHS = 300;

/** Beside those that catch planted bugs: the lock, the arena, and floors that pools share. */
const OTHERS: readonly string[] = [
  "lock/threads=2",
  "arena/threads=2",
  "bulk+grow/M=2/serves/policy=allocator-reservation",
  "free-bulk+grow/M=2/fails/policy=allocator-reservation",
  "blocking+free/M=1/fails/policy=allocator-reservation",
  "free+shrink/M=2/fails/policy=adaptive",
];

installHooks();
const { loadSubject } = await import("./subject.ts");
const { findProgram } = await import("./programs.ts");
const { search } = await import("./search.ts");
const { CATCHERS } = await import("./mutations.ts");
const { DEATH_CATCHERS } = await import("./death_mutations.ts");

/** Searches. @returns the first violation, or null. */
async function smoke(root: URL): Promise<string | null> {
  const subject = await loadSubject(root);
  const programs = [
    ...[...OTHERS, ...CATCHERS].map((name) => [name, SHARE] as const),
    ...DEATH_CATCHERS.map((name) => [name, SHARE_DEATHS] as const),
  ];
  for (const [name, share] of programs) {
    const explored = await findProgram(name)!.build(subject);
    const { failure } = await search(explored, { share, seed: 1, strategy: null });
    if (failure !== null) return `${name}: ${failure.message}`;
  }
  return null;
}

const found = await smoke(new URL(Deno.args[0]!));
if (found !== null) console.log(found);
Deno.exitCode = found === null ? 0 : 1;
