/**
 * Workers for a test, ended with their block whatever happens. A hang fails with a sentence: every answer
 * is awaited for a bounded time only, so that a lost wake-up never looks like a slow machine for ever.
 *
 * @module
 */

/** How long a test waits for an answer before it calls that a hang, milliseconds. */
export const HANG_MS = 20_000;

/** What is thrown to those who await an answer of a worker that was replaced. */
export const REPLACED: Error = new Error("the worker was replaced");

/** Workers of one script. */
export interface Crew extends Disposable {
  /** Sends a message to one worker. */
  send(worker: number, message: unknown): void;
  /** The next answer of one worker. Rejects where it threw or hangs. */
  answer<T>(worker: number): Promise<T>;
  /** Ends a worker, as far as that can be done from outside: it goes on until it is back in its event loop. */
  terminate(worker: number): void;
  /** Starts another worker in the place of one that is dead; whoever still awaits an answer of that one gets {@linkcode REPLACED}. */
  replace(worker: number): void;
  /** Sends each worker its message and collects one answer of each, by worker. */
  ask<T>(messages: readonly unknown[]): Promise<T[]>;
}

interface Member {
  readonly worker: Worker;
  readonly answers: unknown[];
  failure: Error | null;
  changed: () => void;
}

function hire(script: URL): Member {
  const worker = new Worker(script, { type: "module" });
  const member: Member = { worker, answers: [], failure: null, changed: () => {} };
  worker.onmessage = ({ data }) => {
    member.answers.push(data);
    member.changed();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    member.failure = new Error(`a test worker threw: ${event.message}`);
    member.changed();
  };
  return member;
}

async function changeOf(member: Member, what: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const hang = setTimeout(
    () => reject(new Error(`${what} has not answered in ${HANG_MS} ms: it hangs`)),
    HANG_MS,
  );
  member.changed = resolve;
  try {
    await promise;
  } finally {
    clearTimeout(hang);
  }
}

/** Starts `size` workers of a script. */
export function startCrew(script: URL, size: number): Crew {
  const members = Array.from({ length: size }, () => hire(script));
  const answer = async <T>(worker: number): Promise<T> => {
    const member = members[worker]!;
    while (member.answers.length === 0) {
      if (member.failure !== null) throw member.failure;
      await changeOf(member, `worker ${worker}`);
    }
    return member.answers.shift() as T;
  };
  const send = (worker: number, message: unknown) => members[worker]!.worker.postMessage(message);
  return {
    send,
    answer,
    terminate: (worker) => members[worker]!.worker.terminate(),
    replace(worker) {
      const before = members[worker]!;
      before.worker.terminate();
      members[worker] = hire(script);
      before.failure = REPLACED;
      before.changed();
    },
    ask<T>(messages: readonly unknown[]) {
      messages.forEach((message, worker) => send(worker, message));
      return Promise.all(messages.map((_, worker) => answer<T>(worker)));
    },
    [Symbol.dispose]() {
      for (const { worker } of members) worker.terminate();
    },
  };
}
