/**
 * The account of a death in a run, in words.
 *
 * @module
 */
import type { DeathResult, Warning } from "../results/result.ts";
import { listed } from "./deadlock_text.ts";

/** Of one that said nothing. */
const SILENT = "it ended without a word";

/** The lock of the page memory has no name that a scenario gives. */
const MEMORY = "memory";

function elements(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function lockName(name: string): string {
  return name.endsWith(MEMORY) ? "the page memory" : name;
}

/** What a dead worker had, and what became of each. */
function possessions(
  { recovered }: DeathResult,
): { readonly had: readonly string[]; readonly became: string }[] {
  const { locks, returned, adopted, queue, inTransit, kept } = recovered;
  const held = Object.entries(returned).map(([name, count]) =>
    elements(count, `element`) + ` of ${name}`
  );
  const moving = inTransit > 0 ? [`${elements(inTransit, "element")} on the way`] : [];
  const cached = sum(adopted);
  const places = Object.entries(queue).map(([name, count]) =>
    `${elements(count, "place")} in the queue of ${name}`
  );
  const each = [
    { had: locks.map((name) => `the lock of ${lockName(name)}`), became: "its lock was released" },
    { had: [...held, ...moving], became: "its elements were given back" },
    {
      had: cached > 0 ? [elements(cached, "cached element")] : [],
      became: "what it had cached went back",
    },
    { had: places, became: "its place went to who came next" },
    {
      had: kept > 0 ? [elements(kept, "element") + " handed to others"] : [],
      became: "they keep what they were handed",
    },
  ];
  return each.filter(({ had }) => had.length > 0);
}

/** What a worker had when it died and what became of that, as one warning. */
export function deathWarning(id: number, death: DeathResult): Warning {
  const { atNs, message, recoveryNs, recovered: { unrecovered } } = death;
  const all = possessions(death);
  const had = all.length === 0
    ? "with nothing that others share"
    : `with ${listed(all.flatMap(({ had }) => had))}`;
  const became = all.map(({ became }) => became);
  const outcome = unrecovered.length === 0 ? "nothing is lost" : unrecovered.join("; ");
  const within = `within ${Math.max(1, Math.ceil(recoveryNs / 1e6))} ms`;
  const recovered = became.length === 0 ? "" : `: ${listed(became)}, ${within}`;
  return {
    code: "worker-died",
    message: `worker ${id} died ${Math.round(atNs / 1e6)} ms in ` +
      `(${message ?? SILENT}), ${had}${recovered}; ${outcome}`,
    advice:
      "its counts are in, its latencies are not: find out why it ended before reading the rest",
  };
}

/** A sentence for those that died in a run: the first in full, and who else. */
export function deathSentence(
  deaths: readonly ({ readonly worker: number } & Pick<DeathResult, "atNs" | "message">)[],
): string {
  const [first, ...others] = deaths;
  const { worker, atNs, message } = first!;
  const text = `worker ${worker} died ${Math.round(atNs / 1e6)} ms in: ${message ?? SILENT}`;
  if (others.length === 0) return text;
  const who = others.length === 1 ? "worker" : "workers";
  return `${text}; so did ${who} ${listed(others.map((other) => `${other.worker}`))} after that`;
}
