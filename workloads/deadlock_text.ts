/**
 * A deadlock in words: a sentence for who looks at the end of a run, and a warning with the whole account for
 * the result.
 *
 * @module
 */
import { duration } from "../results/formats/numbers.ts";
import type { Warning } from "../results/result.ts";
import type { Bound, Deadlock, StuckWorker } from "./deadlock.ts";

function quoted(name: string): string {
  return JSON.stringify(name);
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], last = "and"): string {
  const head = items.slice(0, -1).join(", ");
  return head === "" ? items[0] ?? "" : `${head} ${last} ${items.at(-1)}`;
}

/** The stable name of what happened. */
export function codeOf({ self }: Deadlock): "deadlock" | "self-deadlock" {
  return self === null ? "deadlock" : "self-deadlock";
}

function cause({ workers, self }: Deadlock): string {
  const waiting = workers.filter(({ worker, awaits }) =>
    self === null ? awaits.length > 0 : worker === self
  );
  const names = new Set(waiting.flatMap(({ awaits }) => awaits.map(({ pool }) => quoted(pool))));
  const who = listed(waiting.map(numbered));
  const wait = waiting.length === 1 ? `worker ${who} waits` : `workers ${who} wait`;
  const why = self === null ? "nothing is due to be freed" : "nobody else could free one";
  return `no progress: ${wait} for an element of ${listed([...names], "or")} and ${why}`;
}

/** A worker's number, and what it is where it is none of the load. */
function numbered({ worker, pressure }: StuckWorker): string {
  return pressure === undefined ? `${worker}` : `${worker} (${pressure})`;
}

function account(stuck: StuckWorker): string {
  const { holds, awaits } = stuck;
  const held = listed(holds.map(({ pool, elements }) => `${elements} of ${quoted(pool)}`));
  const waits = listed(awaits.map(({ pool, callers, waitedMs }) => {
    const time = duration(waitedMs * 1e6);
    return callers === 1
      ? `has waited ${time} for ${quoted(pool)}`
      : `has ${callers} callers in the queue of ${quoted(pool)}, the longest for ${time}`;
  }));
  return `worker ${numbered(stuck)} holds ${held || "nothing"} and ${waits || "waits for nothing"}`;
}

function boundText(
  { pool, min, tasks, elements, enough, isExact, besides = 0 }: Bound,
): string {
  const backend = "over a back end that serves nothing";
  if (enough === 1) return `${backend} ${quoted(pool)} needs M >= 1, and M is ${min}`;
  const taking = `k = ${elements} of ${quoted(pool)} one by one ${backend} can deadlock`;
  if (enough === Infinity) return `any number of tasks that take ${taking} whatever M is`;
  const who = tasks === 1 ? "T = 1 task that takes" : `T = ${tasks} tasks that take`;
  const formula = `T(k-1)+1${besides > 0 ? ` + ${besides} that lie with nobody` : ""}`;
  const when = isExact ? "exactly when" : "only where";
  return `${who} ${taking} ${when} M < ${formula} = ${enough}, and M is ${min}`;
}

function remedies({ pool, elements, enough, couldBeBulk }: Bound): string {
  const raise = `raise the reserve of ${quoted(pool)} to ${enough}`;
  const bulk = `take the ${elements} elements as one bulk, which needs a reserve of ${elements}`;
  if (enough === Infinity) return bulk;
  if (enough === elements) return raise;
  return couldBeBulk ? `${raise}, or ${bulk}` : `${raise}, or hold fewer elements at once`;
}

function advice({ pools, outlook }: Deadlock, bounds: readonly Bound[]): string {
  if (bounds.length > 0) return listed(bounds.map(remedies));
  const raise = `raise the reserve of ${listed(pools.map(({ name }) => quoted(name)), "or")}`;
  return outlook === "dead"
    ? `${raise}, or hold fewer elements at once`
    : `${raise}, give more memory, or hold fewer elements at once`;
}

/** What happened and what to do about it, in one sentence. */
export function deadlockSentence(deadlock: Deadlock, bounds: readonly Bound[]): string {
  return `${codeOf(deadlock)}: ${cause(deadlock)}: ${advice(deadlock, bounds)}`;
}

/** The whole account: who holds what, who waits for what and for how long, and which bound was not met. */
export function deadlockWarning(deadlock: Deadlock, bounds: readonly Bound[]): Warning {
  const parts = [cause(deadlock), ...deadlock.workers.map(account), ...bounds.map(boundText)];
  return {
    code: codeOf(deadlock),
    message: parts.join("; "),
    advice: advice(deadlock, bounds),
  };
}
