/**
 * Bugs to plant, each a text of the code and what to put in its place: what a tired maintainer might do to these lines. A text that is
 * no longer there, or there twice, is an error, so that the table follows the code.
 *
 * @module
 */

import { DEATH_MUTATIONS } from "./death_mutations.ts";
import type { Mutation } from "./mutation.ts";

const WAIT_QUEUE: readonly Mutation[] = [
  {
    name: "hand-over without a notify",
    file: "sync/wait_queue.ts",
    find: "      Atomics.notify(words, slotAt(slot) + GRANT);\n",
    replace: "",
    programs: ["blocking+free/M=0/fails"],
  },
  {
    name: "look-again without a notify",
    file: "sync/wait_queue.ts",
    find: "        Atomics.notify(words, grant);\n",
    replace: "",
  },
  {
    name: "look-again lost with the waiter that it was for",
    file: "sync/wait_queue.ts",
    find: "    if (before === LOOK_AGAIN) kick(1);\n",
    replace: "",
    test: {
      file: "pools/look_again_test.ts",
      why: "in a program whoever is served frees, and that free serves who was forgotten",
    },
  },
  {
    name: "leave() that drops a grant",
    file: "sync/wait_queue.ts",
    find: "return Math.max(0, replaceGrant(slot, 0)) || collected;",
    replace: "replaceGrant(slot, 0);\n      return collected;",
    programs: ["aborted+free/M=0/fails/timeouts"],
  },
  {
    name: "leave() that drops what a bulk has collected",
    file: "sync/wait_queue.ts",
    find: "return Math.max(0, replaceGrant(slot, 0)) || collected;",
    replace: "return Math.max(0, replaceGrant(slot, 0));",
    programs: ["bulk+fill+destroy/M=2/fails"],
  },
  {
    name: "leave() without leaving the queue",
    file: "sync/wait_queue.ts",
    find: "      if (words[own + QUEUED] === 1) unlink(slot);\n",
    replace: "",
    programs: ["aborted+free/M=0/fails/timeouts"],
  },
  {
    name: "hand-over to the wrong end of the queue",
    file: "sync/wait_queue.ts",
    find: "      const slot = words[at + HEAD]! - 1;\n      const own",
    replace: "      const slot = words[at + TAIL]! - 1;\n      const own",
    programs: ["blocking+blocking+free/M=0/fails"],
  },
  {
    name: "who comes stands at the head",
    file: "sync/wait_queue.ts",
    find: `      words[own + NEXT] = 0;
      words[own + PREV] = tail;`,
    replace: `      const head = words[at + HEAD]!;
      if (head !== 0) {
        words[own + NEXT] = head;
        words[own + PREV] = 0;
        words[own + QUEUED] = 1;
        words[own + MISSING] = want;
        words[own + COLLECTED] = 0;
        Atomics.store(words, own + GRANT, 0);
        words[slotAt(head - 1) + PREV] = slot + 1;
        words[at + HEAD] = slot + 1;
        Atomics.store(words, at + COUNT, words[at + COUNT]! + 1);
        return;
      }
      words[own + NEXT] = 0;
      words[own + PREV] = tail;`,
    programs: ["blocking+blocking+free/M=0/fails"],
  },
  {
    name: "who leaves from the end leaves the tail behind",
    file: "sync/wait_queue.ts",
    find: "    journal.set(next === 0 ? at + TAIL : slotAt(next - 1) + PREV, prev);\n",
    replace: "    if (next !== 0) journal.set(slotAt(next - 1) + PREV, prev);\n",
    programs: ["blocking+blocking+free/M=0/fails"],
  },
  {
    name: "a waiter too many is counted",
    file: "sync/wait_queue.ts",
    find: "    journal.store(at + COUNT, words[at + COUNT]! - 1);\n",
    replace: "",
  },
  {
    name: "a grant overwritten by its waiter's acknowledgement",
    file: "sync/wait_queue.ts",
    find: "Atomics.compareExchange(words, slotAt(slot) + GRANT, LOOK_AGAIN, 0);",
    replace: "Atomics.store(words, slotAt(slot) + GRANT, 0);",
    // Somebody asks the waiter to look again, who resizes or finds elements in a floor, and the hand-over comes between its look and its
    // acknowledgement. Once a pool is destroyed nothing is handed over any more; and with a reserve that is full nobody waits.
    programs: [
      "blocking+blocking+frees/M=1/fails/policy=allocator-reservation",
      "async+fill+grow/M=1/fails",
      "blocking+free+grow/M=0/fails",
    ],
  },
  {
    name: "sleep whatever the grant is",
    file: "sync/wait_queue.ts",
    find: "Atomics.wait(words, slotAt(slot) + GRANT, 0, timeoutMs);",
    replace:
      "Atomics.wait(words, slotAt(slot) + GRANT, Atomics.load(words, slotAt(slot) + GRANT), timeoutMs);",
    programs: ["blocking+free/M=0/fails"],
  },
  {
    name: "a bulk told to be served one element early",
    file: "sync/wait_queue.ts",
    find: "      if (words[own + MISSING]! > 0) {",
    replace: "      if (words[own + MISSING]! > 1) {",
    programs: ["bulk+fill/M=2/fails"],
  },
];

const LOCK: readonly Mutation[] = [
  {
    name: "release without a notify",
    file: "sync/lock.ts",
    find:
      "    if ((Atomics.exchange(words, state, 0) & 1) === 1) Atomics.notify(words, state, 1);\n",
    replace: "    Atomics.exchange(words, state, 0);\n",
    programs: ["lock/threads=2"],
  },
  {
    name: "taken after a sleep without the mark of those who still sleep",
    file: "sync/lock.ts",
    find: "compareExchange(words, state, 0, held | 1) === 0",
    replace: "compareExchange(words, state, 0, held) === 0",
    programs: ["lock/threads=3"],
  },
  {
    name: "look and take in two steps",
    file: "sync/lock.ts",
    find: "      const contended = Atomics.compareExchange(words, state, 0, held) !== 0;\n",
    replace:
      "      const contended = Atomics.load(words, state) !== 0;\n      if (!contended) Atomics.store(words, state, held);\n",
    programs: ["lock/threads=2"],
  },
  {
    name: "sleep on a lock that may be free by now",
    file: "sync/lock.ts",
    find: "Atomics.wait(words, state, seen | 1, sleepMs);",
    replace: "Atomics.wait(words, state, Atomics.load(words, state), sleepMs);",
    programs: ["lock/threads=2"],
  },
  {
    name: "marked without a look",
    file: "sync/lock.ts",
    find: "Atomics.compareExchange(words, state, seen, seen | 1) === seen",
    replace: "Atomics.store(words, state, seen | 1) > 0",
    programs: ["lock/threads=2"],
  },
];

const PARTICIPANT: readonly Mutation[] = [
  {
    name: "drain word not read again before parking",
    file: "sync/participant.ts",
    find: "      if (Atomics.load(words, drainWord) === answered) return;\n",
    replace: "      return;\n",
    programs: ["blocking+free/M=0/serves"],
  },
  {
    name: "drain word read before the parking is said",
    file: "sync/participant.ts",
    find: `      Atomics.store(words, state, PARKED);
      if (Atomics.load(words, drainWord) === answered) return;`,
    replace: `      const asked = Atomics.load(words, drainWord);
      Atomics.store(words, state, PARKED);
      if (asked === answered) return;`,
    programs: ["blocking+free/M=0/serves"],
  },
  {
    name: "parked magazines emptied without a claim",
    file: "sync/participant.ts",
    find: "if (Atomics.compareExchange(words, stateOf(other), PARKED, CLAIMED + id) === PARKED) {",
    replace: "if (Atomics.load(words, stateOf(other)) === PARKED) {",
  },
  {
    name: "asked after the attempt to claim",
    file: "sync/participant.ts",
    find: `        Atomics.add(words, drainOf(other), 1);
        Atomics.notify(words, drainOf(other));
        if (Atomics.compareExchange(words, stateOf(other), PARKED, CLAIMED + id) === PARKED) {`,
    replace:
      `        const state = Atomics.compareExchange(words, stateOf(other), PARKED, CLAIMED + id);
        Atomics.add(words, drainOf(other), 1);
        Atomics.notify(words, drainOf(other));
        if (state === PARKED) {`,
    test: {
      file: "sync/participant_race_test.ts",
      why:
        "it takes three preemptions in the right places, which one in thousands of schedules has",
    },
  },
  {
    name: "resumed while claimed",
    file: "sync/participant.ts",
    find: "      if (seen < CLAIMED) return true;\n",
    replace: "      return true;\n",
  },
  {
    name: "let go without a notify",
    file: "sync/participant.ts",
    find: "            Atomics.notify(words, stateOf(other));\n",
    replace: "",
  },
  {
    name: "asked without a notify",
    file: "sync/participant.ts",
    find: "        Atomics.notify(words, drainOf(other));\n",
    replace: "",
    programs: ["async+free/M=0/serves", "async+blocking/M=0/serves"],
  },
  {
    name: "back from a wait without resuming",
    file: "sync/participant.ts",
    find: "      } finally {\n        resume();\n      }",
    replace: "      } finally {\n        // Nothing.\n      }",
    programs: ["blocking+free+blocking/M=0/serves"],
  },
  {
    name: "parked ones are not drained, only asked",
    file: "sync/participant.ts",
    find: "            drainParked(other);\n",
    replace: "",
  },
  {
    name: "no answer on the event loop",
    file: "sync/participant.ts",
    find: "      if (listening) poll();\n",
    replace: "",
  },
];

const RESERVE: readonly Mutation[] = [
  {
    name: "double refill: one element more than M",
    file: "pools/stock.ts",
    find: "      if (!isShort()) return false;\n",
    replace: "      if (missing() < 0) return false;\n",
    programs: ["free+fill/M=1/fails"],
  },
  {
    name: "taken from the reserve without poisoning",
    file: "pools/stock.ts",
    find: "    setCurrent(current);\n    return",
    replace: "    journal.store(at + Word.current, current);\n    return",
    programs: ["atomic+free/M=1/fails"],
  },
  {
    name: "queued up without poisoning",
    file: "pools/reserve.ts",
    find: "      queue.enqueue(slot, want);\n      stock.settle();\n",
    replace: "      queue.enqueue(slot, want);\n",
    programs: ["blocking+free/M=0/fails"],
  },
  {
    name: "poison never lifted",
    file: "pools/limits.ts",
    find: "if (poisoned !== words[at + Word.poisoned]) set(poisoned);",
    replace: "if (poisoned > words[at + Word.poisoned]!) set(poisoned);",
    programs: ["free+fill/M=1/fails"],
  },
  {
    name: "the last participant is not poisoned",
    file: "pools/limits.ts",
    find: "participant < front.participants; participant++",
    replace: "participant < front.participants - 1; participant++",
    programs: ["blocking+free/M=0/fails"],
  },
  {
    name: "poison forgotten for those who wait",
    file: "pools/limits.ts",
    find: "isShort || queue.count() > 0 ||",
    replace: "isShort ||",
    programs: ["blocking+free/M=0/fails"],
  },
  {
    name: "M raised without poisoning",
    file: "pools/stock.ts",
    find: "      setMin(words, at, min, journal);\n      settle();\n",
    replace: "      setMin(words, at, min, journal);\n",
    programs: ["free+grow/M=1/fails"],
  },
  {
    name: "an element of the surplus left behind",
    file: "pools/stock.ts",
    find: "    return surplus.reverse();\n",
    replace: "    return surplus.reverse().slice(1);\n",
    programs: ["free+shrink/M=1/fails"],
  },
  {
    name: "un-poisoned without the lock",
    file: "pools/waiter.ts",
    find: `    let handle = reserve.leave(slot);
    reserve.lock.release();`,
    replace: `    let handle = reserve.queue.leave(slot);
    reserve.lock.release();
    reserve.leave(slot);`,
  },
  {
    name: "left with what somebody was told of",
    file: "pools/reserve.ts",
    find: "      tellWaiting();\n      return granted;",
    replace: "      return granted;",
    test: {
      file: "pools/floor_stock_test.ts",
      why: "it takes four at two pools over one floor, and three preemptions in the right places",
    },
  },
  {
    name: "queued up without a look at what came by way of another pool",
    file: "pools/reserve.ts",
    find:
      `      // Nobody queues up before it was empty; but a floor that others share may have been filled since.
      tellWaiting();
`,
    replace: "",
    programs: ["blocking+grow+beside-fill/M=1/fails/policy=allocator-reservation"],
  },
  {
    name: "a floor filled, and those not told who wait in other pools",
    file: "pools/floor_stock.ts",
    find: "        if (queue.count() === 0 || floor.kept() === 0) continue;\n",
    replace: "        if (queue.count() === 0 || floor.kept() >= 0) continue;\n",
    programs: ["blocking+beside-fill/M=1/fails/policy=allocator-reservation"],
  },
  {
    name: "a floor below what is wanted, and only one of its pools poisoned",
    file: "pools/floor_stock.ts",
    find: "    for (const { limits } of members) limits.settle(isShort);\n",
    replace: "    for (const { limits } of members.slice(0, 1)) limits.settle(isShort);\n",
    programs: ["blocking+beside-free/M=1/fails/policy=allocator-reservation"],
  },
  {
    name: "kept although somebody waits",
    file: "pools/reserve.ts",
    find: "    if (queue.count() > 0) {\n      const slot = queue.handOff",
    replace:
      "    if (queue.count() > 0 && stock.missing() <= 0) {\n      const slot = queue.handOff",
    programs: ["blocking+free/M=1/fails"],
  },
  {
    name: "a floor raised and settled without its lock",
    file: "pools/floor_stock.ts",
    find: "    depot.lock.acquire();\n    floor.raise(by);",
    replace: "    floor.raise(by);",
    programs: [
      "free-bulk+grow/M=1/fails/policy=allocator-reservation",
      "bulk+grow/M=1/serves/policy=allocator-reservation",
    ],
  },
  {
    name: "a resize that tells nobody",
    file: "pools/filling.ts",
    find: "    reserve.queue.kick(reserve.queue.count());\n",
    replace: "",
    test: {
      file: "pools/rules_bulk_waiting_test.ts",
      why: "in a program every element is freed in the end, which serves the bulk",
    },
  },
  {
    name: "an end that tells nobody",
    file: "pools/destruction.ts",
    find: "    reserve.queue.kick(reserve.queue.count());\n",
    replace: "",
    programs: ["blocking+destroy/M=0/fails"],
  },
];

const WAITING: readonly Mutation[] = [
  {
    name: "no look into the reserve before queueing up",
    file: "pools/waiter.ts",
    find: "    bulk.collectReserve(slow);\n",
    replace: "",
    programs: ["blocking+fill/M=1/fails", "blocking+free/M=1/fails"],
  },
  {
    name: "no last look at the back end",
    file: "pools/waiter.ts",
    find: "    this.#collect(slot, bulk, () => bulk.collectAtHand(slow));\n",
    replace: "",
    programs: ["blocking+free/M=0/serves"],
  },
  {
    name: "nobody asked for what they have cached",
    file: "pools/waiter.ts",
    find: "    this.#reclaim();\n",
    replace: "",
    programs: ["blocking+miss-and-free/M=0/serves"],
  },
  {
    name: "wait without a time-out",
    file: "pools/waiter.ts",
    find: "    return Math.max(0, Math.min(wait.retryAtMs - performance.now(), SLEEP_MS));\n",
    replace: "    return wait.retryAtMs > 0 ? Infinity : SLEEP_MS;\n",
    programs: ["blocking+atomic/M=0/fails"],
  },
  {
    name: "an abort that stays in the queue",
    file: "pools/waiter.ts",
    find: "    this.#leave(wait.slot);\n    throw signal.reason;",
    replace: "    throw signal.reason;",
    programs: ["aborted+free/M=0/fails/timeouts"],
  },
  {
    name: "an abort that wakes nobody",
    file: "pools/waiter.ts",
    find: `    signal?.addEventListener("abort", wake);`,
    replace: "    void wake;",
    programs: ["aborted+aborted/M=0/fails"],
    test: {
      file: "pools/rules_async_test.ts",
      why: "the clock would rescue it, and in a back end that is down it may",
    },
  },
  {
    name: "look-again never acknowledged",
    file: "pools/waiter.ts",
    find: "      reserve.queue.acknowledge(slot);\n",
    replace: "",
  },
  {
    name: "look-again acknowledged after the look",
    file: "pools/waiter.ts",
    find: `      reserve.queue.acknowledge(slot);
      // Once more: it may have been told of just that, since it looked.
      this.#leaveIfDestroyed(wait);
      return this.#tryAgain(wait, 0);`,
    replace: `      this.#leaveIfDestroyed(wait);
      const state = this.#tryAgain(wait, 0);
      reserve.queue.acknowledge(slot);
      return state;`,
    programs: ["blocking+free+destroy/M=0/fails"],
  },
  {
    name: "a destroyed pool not looked for after a look-again",
    file: "pools/waiter.ts",
    find: `      // Once more: it may have been told of just that, since it looked.
      this.#leaveIfDestroyed(wait);
`,
    replace: "",
    programs: ["async+destroy/M=0/fails"],
  },
  {
    name: "what came while leaving is dropped",
    file: "pools/waiter.ts",
    find: "    while (handle !== NONE) {\n      const before",
    replace: "    while (handle < NONE) {\n      const before",
    programs: ["aborted+free/M=0/fails/timeouts", "blocking+free+free/M=0/recovers"],
  },
  {
    name: "a bulk that keeps what is not enough",
    file: "pools/waiter.ts",
    find: "    bulk.giveBack(slow);\n    if (this.#accept(wait)) return SERVED;",
    replace: "    if (this.#accept(wait)) return SERVED;",
    programs: ["bulk+blocking+grow/M=1/fails", "blocking+bulk+grow/M=1/fails"],
  },
  {
    name: "a slot of the event loop never given back",
    file: "pools/waiter.ts",
    find: "      this.#slots.release(slot);\n",
    replace: "",
    test: {
      file: "pools/rules_async_test.ts",
      why: "it takes more callers of one event loop than a program has",
    },
  },
  {
    name: "an element of the back end kept from those who wait",
    file: "pools/bulk.ts",
    find: "if (fromBackend && queue.count() === 0) slow.toBackend(handle);",
    replace: "if (fromBackend) slow.toBackend(handle);",
    test: {
      file: "pools/rules_bulk_waiting_test.ts",
      why: "whoever waits then waits for the back end, which has it: late, not lost",
    },
  },
  {
    name: "a drain that tells no waiter",
    file: "pools/composition.ts",
    find: "    if (drained > 0) { for (const pool of pools) kick(pool, drained); }\n",
    replace: "",
    programs: ["blocking+free/M=0/serves", "async+free/M=0/serves"],
  },
  {
    name: "a drain that tells one waiter, however many it has for",
    file: "pools/composition.ts",
    find: "  queue.kick(count);\n",
    replace: "  queue.kick(1);\n",
    test: {
      file: "pools/look_again_test.ts",
      why: "it takes three late frees, more than a program has threads for",
    },
  },
];

const ELEMENTS: readonly Mutation[] = [
  {
    name: "poison overwritten when a magazine is filled",
    file: "allocators/magazine.ts",
    find: "      if (rounds === 0) return 0;\n",
    replace: "      if (rounds === 0) return 0;\n      words[at + LIMIT] = words[at + ROUNDS]!;\n",
  },
  {
    name: "poison overwritten when a magazine changes its size",
    file: "allocators/magazine_size.ts",
    find: "      Atomics.compareExchange(words, limit, seen, words[size]!);",
    replace: "      Atomics.store(words, limit, words[size]!);",
    test: {
      file: "pools/limit_race_test.ts",
      why: "a magazine changes its size after more exchanges than a program makes",
    },
  },
  {
    name: "a free that looks for room and not for the poison",
    file: "allocators/magazine.ts",
    find: "      if (rounds < words[limit]!) {",
    replace: "      if (rounds < words[place.at + ROUNDS]!) {",
    programs: ["blocking+miss-and-free/M=0/serves"],
  },
  {
    name: "a free past a full magazine that ignores the poison",
    file: "allocators/magazine.ts",
    find: "if (words[at + LIMIT] === 0 || owner >> FRONT_SHIFT !== front) return false;",
    replace: "if (owner >> FRONT_SHIFT !== front) return false;",
    programs: ["blocking+free/M=0/serves"],
  },
  {
    name: "a poison that frees to a user's allocator do not see",
    file: "pools/limits.ts",
    find: "poisoned === 1 ? NOBODY : tagOf(",
    replace: "tagOf(",
    test: {
      file: "pools/unchecked_test.ts",
      why: "programs have magazines, and no front that is called directly",
    },
  },
  {
    name: "a magazine drained and not emptied",
    file: "allocators/magazine.ts",
    find: "source.spill(slots, rounds, at + TOP, 0);",
    replace: "source.spill(slots, rounds);",
  },
  {
    name: "an element lost where a full magazine spills",
    file: "allocators/magazine.ts",
    find: "? full : spill(full);\n      words[slots + rounds] = handle;\n",
    replace: "? full : spill(full);\n      if (rounds === full) words[slots + rounds] = handle;\n",
    programs: ["exchange+exchange/M=0/serves"],
  },
  {
    name: "elements of the depot handed out again",
    file: "allocators/depot.ts",
    find: "      journal.set(at + COUNT, count - moved);\n",
    replace: "",
    programs: ["exchange+exchange/M=0/serves"],
  },
  {
    name: "a spill without the depot's lock",
    file: "allocators/reclaim.ts",
    find: "    depot.lock.acquire();\n    try {\n      depot.use(-count);",
    replace: "    try {\n      depot.use(-count);",
    programs: ["exchange+exchange/M=0/serves"],
  },
  {
    name: "pages taken without the arena's lock",
    file: "allocators/arena.ts",
    find: "      let got = 0;\n      lock.acquire();\n",
    replace: "      let got = 0;\n",
    programs: ["arena/threads=2"],
  },
  {
    name: "an unwanted element dropped",
    file: "pools/slow_path.ts",
    find: "    else if (taker === REFUSED) this.toBackend(handle);\n",
    replace: "",
    programs: ["free+fill/M=1/fails"],
  },
  {
    name: "the reserve not looked at again under its lock",
    file: "pools/slow_path.ts",
    find: "const handle = this.#admits(step, context) ? this.popReserve() : NONE;",
    replace: "const handle = this.popReserve();",
    programs: ["atomic+atomic/M=1/fails"],
  },
  {
    name: "a bulk freed without waking whom it serves",
    file: "pools/bulk_path.ts",
    find: "    for (const slot of woken) queue.wake(slot);\n",
    replace: "",
    programs: ["blocking+free-bulk/M=0/fails"],
  },
  {
    name: "half-gate off by one",
    file: "pools/compiled_policy.ts",
    find: "current >= rule.atLeast * min",
    replace: "current > rule.atLeast * min",
    test: {
      file: "pools/rules_blocking_test.ts",
      why: "which level serves is a matter of the policy: nobody is lost by it",
    },
  },
  {
    name: "tag too narrow",
    file: "allocators/owner_table.ts",
    find: "export const FRONT_SHIFT = 8;",
    replace: "export const FRONT_SHIFT = 4;",
    test: {
      file: "allocators/owner_table_test.ts",
      why: "it takes more participants than a program has",
    },
  },
];

/** All of them. */
export const MUTATIONS: readonly Mutation[] = [
  ...WAIT_QUEUE,
  ...LOCK,
  ...PARTICIPANT,
  ...RESERVE,
  ...WAITING,
  ...ELEMENTS,
  ...DEATH_MUTATIONS,
];

/** Programs that any mutation is searched in, one after the other, until one catches it. */
export const CATCHERS: readonly string[] = [
  "blocking+free/M=0/serves",
  "blocking+free/M=0/fails",
  "blocking+free/M=1/fails",
  "blocking+blocking+free/M=0/fails",
  "blocking+miss-and-free/M=0/serves",
  "blocking+blocking/M=0/serves",
  "blocking+drain+free/M=0/serves",
  "blocking+blocking+free/M=0/serves",
  "blocking+async+free/M=0/serves",
  "async+async+free/M=0/serves",
  "aborted+free/M=0/fails/timeouts",
  "blocking+aborted+free/M=1/fails/timeouts",
  "fill+shrink+destroy/M=2/fails",
  "bulk+bulk+free/M=2/serves",
  "blocking+bulk+grow/M=1/fails",
  "exchange+exchange/M=0/serves/rounds=2",
  "exchange+drain/M=0/serves",
];
