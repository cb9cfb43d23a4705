import { assert, assertEquals } from "@std/assert";
import type { Bound, Deadlock } from "./deadlock.ts";
import { deadlockSentence, deadlockWarning } from "./deadlock_text.ts";

const DEADLOCK: Deadlock = {
  workers: [
    {
      worker: 0,
      holds: [{ pool: "a", elements: 1 }],
      awaits: [{ pool: "a", callers: 1, waitedMs: 512 }],
    },
    {
      worker: 1,
      holds: [{ pool: "a", elements: 2 }, { pool: "b", elements: 3 }],
      awaits: [{ pool: "b", callers: 3, waitedMs: 1500 }],
    },
    { worker: 2, holds: [], awaits: [] },
  ],
  pools: [{ name: "a", min: 2 }, { name: "b", min: 3 }],
  self: null,
  outlook: "dead",
};

const BOUND: Bound = {
  pool: "a",
  min: 2,
  tasks: 2,
  elements: 2,
  couldBeBulk: true,
  enough: 3,
  isExact: true,
};

Deno.test("deadlockSentence() says who waits for what, and what to do", () => {
  assertEquals(
    deadlockSentence(DEADLOCK, []),
    'deadlock: no progress: workers 0 and 1 wait for an element of "a" or "b" and nothing is due to ' +
      'be freed: raise the reserve of "a" or "b", or hold fewer elements at once',
  );
  assertEquals(
    deadlockSentence({ ...DEADLOCK, self: 1, outlook: "steady" }, []),
    'self-deadlock: no progress: worker 1 waits for an element of "b" and nobody else could free one: ' +
      'raise the reserve of "a" or "b", give more memory, or hold fewer elements at once',
  );
});

Deno.test("deadlockWarning() gives the account of each worker and the bound, in one sentence", () => {
  assertEquals(deadlockWarning(DEADLOCK, [BOUND]), {
    code: "deadlock",
    message:
      'no progress: workers 0 and 1 wait for an element of "a" or "b" and nothing is due to be freed; ' +
      'worker 0 holds 1 of "a" and has waited 512ms for "a"; ' +
      'worker 1 holds 2 of "a" and 3 of "b" and has 3 callers in the queue of "b", the longest for 1.5s; ' +
      "worker 2 holds nothing and waits for nothing; " +
      'T = 2 tasks that take k = 2 of "a" one by one over a back end that serves nothing ' +
      "can deadlock exactly when M < T(k-1)+1 = 3, and M is 2",
    advice: 'raise the reserve of "a" to 3, ' +
      "or take the 2 elements as one bulk, which needs a reserve of 2",
  });
});

Deno.test("deadlockWarning() says which worker the pressure has brought", () => {
  const [first, ...others] = DEADLOCK.workers;
  const workers = [{ ...first!, pressure: "hog" }, ...others];
  const { message } = deadlockWarning({ ...DEADLOCK, workers }, []);
  assert(message.startsWith("no progress: workers 0 (hog) and 1 wait for"));
  assert(message.includes('; worker 0 (hog) holds 1 of "a" and has waited'));
});

const BOUNDS: readonly (readonly [changes: Partial<Bound>, says: string, advises: string])[] = [
  [
    { tasks: 1, enough: 2, min: 1 },
    'T = 1 task that takes k = 2 of "a" one by one over a back end that serves nothing can deadlock ' +
    "exactly when M < T(k-1)+1 = 2, and M is 1",
    'raise the reserve of "a" to 2',
  ],
  [
    { elements: 1, enough: 1, min: 0 },
    'over a back end that serves nothing "a" needs M >= 1, and M is 0',
    'raise the reserve of "a" to 1',
  ],
  [
    { tasks: Infinity, enough: Infinity },
    'any number of tasks that take k = 2 of "a" one by one over a back end that serves nothing can ' +
    "deadlock whatever M is",
    "take the 2 elements as one bulk, which needs a reserve of 2",
  ],
  [
    { isExact: false, couldBeBulk: false },
    'T = 2 tasks that take k = 2 of "a" one by one over a back end that serves nothing can deadlock ' +
    "only where M < T(k-1)+1 = 3, and M is 2",
    'raise the reserve of "a" to 3, or hold fewer elements at once',
  ],
];

for (const [changes, says, advises] of BOUNDS) {
  Deno.test(`deadlockWarning() words the bound with ${JSON.stringify(changes)}`, () => {
    const { message, advice } = deadlockWarning(DEADLOCK, [{ ...BOUND, ...changes }]);
    assertEquals(message.split("; ").at(-1), says);
    assertEquals(advice, advises);
  });
}
