/**
 * Who takes part in a region, and how one worker's cached elements are reached by another without a
 * single atomic operation on the fast path.
 *
 * A worker's magazines are written by plain stores, so nobody else may touch them while it runs. Two
 * ways lead to them all the same:
 *
 * - A worker that **parks** (sleeps in any wait of ours, or has left) says so first. While it is parked,
 *   another may *claim* it, empty its magazines, and let it go. It cannot resume while it is claimed.
 * - A worker that **runs** is *asked*: its drain word is incremented and notified. It answers at its next
 *   slow path (a pool that has waiters makes every free a slow one), before it parks, or, back in its event loop, from
 *   `Atomics.waitAsync`, which listens there for as long as the worker is attached.
 *
 * Why none is missed: the asker increments the drain word, then tries to claim; the owner stores
 * `parked`, then reads its drain word. Both are sequentially consistent, so at least one sees the other. If both
 * do, the owner resumes and drains, or finds itself claimed and waits for that to end.
 *
 * Not covered: a worker that computes on and on, never calls the pool, never parks and never returns
 * to its event loop. What it has cached stays with it until it does.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 (of the group) | stop: 0 or 1 | the coordinator | everybody |
 * | per participant 0 | state: 0 parked, 1 running, 2 + k claimed by participant k | owner and claimer, atomically | nobody |
 * | per participant 1 | drain: requests so far | anyone, atomically | the owner |
 * | per participant 2 | stuck: odd while it frees nothing before somebody serves it; one more at each change | the owner | the coordinator |
 * | per participant 3 | taken: 1 from {@linkcode nextParticipant} to the end of detach | anyone, atomically | nobody |
 * | per participant 4 | recovered by: who puts things right after its death + 1, or 0; see `dead_participant.ts` | whoever does, atomically | nobody |
 *
 * @module
 */
import type { Layout, Region } from "./region.ts";

const STOP = 0;
const HEADER_WORDS = 16;

const STATE = 0;
const DRAIN = 1;
const STUCK = 2;
const TAKEN = 3;
const RECOVERED_BY = 4;
const PARTICIPANT_WORDS = 16;

/** The longest uninterrupted sleep, milliseconds. */
const SLEEP_MS = 100;

/** Offsets of a participant's words. */
export const ParticipantWord = {
  state: STATE,
  drain: DRAIN,
  stuck: STUCK,
  taken: TAKEN,
  recoveredBy: RECOVERED_BY,
} as const;

const PARKED = 0;
const RUNNING = 1;
const CLAIMED = 2;

/** What a participant's state is; claimed by participant k: that plus k. */
export const ParticipantState = { parked: PARKED, running: RUNNING, claimed: CLAIMED } as const;

/** The first word of a participant, in the group at `at`. */
export function participantAt(at: number, id: number): number {
  return at + HEADER_WORDS + id * PARTICIPANT_WORDS;
}

/**
 * Plans the words for `count` participants.
 *
 * @returns the index of the first.
 * @throws {RangeError} where that is not a whole number of at least 1.
 */
export function planParticipants(layout: Layout, name: string, count: number): number {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `Cannot plan participants as their number must be an integer >= 1: current value is ${count}`,
    );
  }
  return layout.words(`${name}/participants`, HEADER_WORDS + count * PARTICIPANT_WORDS);
}

/**
 * Takes a participant's number that nobody has, for those who attach without a coordinator; detaching gives it back.
 *
 * @returns the number, or -1 where all `count` are taken.
 */
export function nextParticipant(region: Region, at: number, count: number): number {
  for (let id = 0; id < count; id++) {
    const taken = participantAt(at, id) + TAKEN;
    if (Atomics.compareExchange(region.words, taken, 0, 1) === 0) return id;
  }
  return -1;
}

/** One worker's membership. Only its own worker may call it. */
export interface Participant {
  /** This worker, from 0 up. */
  readonly id: number;
  /** How many take part. */
  readonly count: number;
  /** Called while a blocking caller waits, before each sleep; returns the longest sleep allowed, milliseconds. */
  whileWaiting: () => number;
  /** Adds what is to be done when somebody asks for this worker's cached elements. */
  onDrain(drain: () => void): void;
  /** Answers a pending request, if there is one. Wait-free but for the drains themselves. */
  poll(): void;
  /** Runs a wait with this worker's magazines open to others. Blocks as long as `wait` does. */
  park<T>(wait: () => T): T;
  /**
   * The opposite of a park, for one that has left: takes part for as long as `act` runs, then leaves again with nothing
   * cached. May block for as long as another one has it claimed.
   */
  visit<T>(act: () => T): T;
  /**
   * The same for one who must wait for nobody: gives up where another one has it claimed for longer than so many milliseconds. `act` must
   * leave nothing cached: what others ask for meanwhile is not looked at again.
   *
   * @returns whether `act` was run.
   */
  tryVisit(act: () => void, withinMs: number): boolean;
  /** Gives back what is cached here, as if somebody had asked for it. */
  drain(): void;
  /**
   * Says whether this worker is stuck: it waits or idles with nothing of its own due, so that it frees nothing
   * before somebody serves it. Waits say so themselves; a load that idles says it of itself.
   */
  setStuck(stuck: boolean): void;
  /** Whether a participant has said so. May be stale by a moment. */
  isStuck(other: number): boolean;
  /** How often that has changed, modulo 2^32: alike at two looks, it never did anything else in between. */
  stuckChanges(other: number): number;
  /** Listens for requests on the event loop until {@linkcode Participant.detach}. */
  listen(): void;
  /** Whether it takes part now: neither parked nor left. */
  isRunning(): boolean;
  /** Leaves: drains, stops listening, parks for ever. */
  detach(): void;
  /**
   * Asks every other participant for its cached elements; calls `drainParked` for each that is parked, while it is
   * claimed. @returns how many run, and so will answer later.
   */
  requestDrain(drainParked: (id: number) => void): number;
  /** Whether the run is over. May be stale by a moment. */
  stopped(): boolean;
  /** Ends the run for everybody: sleepers notice within a slice of their sleep. */
  stop(): void;
}

/** Attaches participant `id` of `count` to the words at `at`; it is running from here on. */
export function attachParticipant(
  region: Region,
  at: number,
  id: number,
  count: number,
): Participant {
  const { words } = region;
  const stateOf = (other: number) => participantAt(at, other) + STATE;
  const state = stateOf(id);
  const drainOf = (other: number) => participantAt(at, other) + DRAIN;
  const drainWord = drainOf(id);
  const drains: (() => void)[] = [];
  let answered = Atomics.load(words, drainWord);
  let listening = false;
  let stuck = false;

  /** @returns false where somebody has it claimed for longer than that. */
  function resume(withinMs = Infinity): boolean {
    const endMs = withinMs === Infinity ? Infinity : performance.now() + withinMs;
    for (;;) {
      const seen = Atomics.compareExchange(words, state, PARKED, RUNNING);
      if (seen < CLAIMED) return true;
      const leftMs = endMs === Infinity ? SLEEP_MS : endMs - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(words, state, seen, leftMs);
    }
  }

  function drain(): void {
    for (const each of drains) each();
  }

  function poll(): void {
    const asked = Atomics.load(words, drainWord);
    if (asked === answered) return;
    answered = asked;
    drain();
  }

  /** Stores `parked`, then looks for requests: the partner of {@linkcode Participant.requestDrain}. */
  function parkNow(): void {
    for (;;) {
      Atomics.store(words, state, PARKED);
      if (Atomics.load(words, drainWord) === answered) return;
      resume();
      poll();
    }
  }

  async function answerOnEventLoop(): Promise<void> {
    while (listening) {
      const wait = Atomics.waitAsync(words, drainWord, answered);
      if (wait.async) await wait.value;
      if (listening) poll();
    }
  }

  resume();
  return {
    id,
    count,
    whileWaiting: () => Infinity,
    onDrain(each) {
      drains.push(each);
    },
    poll,
    park(wait) {
      parkNow();
      try {
        return wait();
      } finally {
        resume();
      }
    },
    visit(act) {
      resume();
      try {
        return act();
      } finally {
        drain();
        parkNow();
      }
    },
    tryVisit(act, withinMs) {
      if (!resume(withinMs)) return false;
      try {
        act();
      } finally {
        Atomics.store(words, state, PARKED);
      }
      return true;
    },
    drain,
    setStuck(now) {
      if (now === stuck) return;
      stuck = now;
      Atomics.add(words, stateOf(id) + STUCK, 1);
    },
    isStuck: (other) => (Atomics.load(words, stateOf(other) + STUCK) & 1) === 1,
    stuckChanges: (other) => Atomics.load(words, stateOf(other) + STUCK),
    listen() {
      if (listening) return;
      listening = true;
      void answerOnEventLoop();
    },
    isRunning: () => Atomics.load(words, state) === RUNNING,
    detach() {
      listening = false;
      drain();
      parkNow();
      Atomics.notify(words, drainWord);
      // Parked for good: whoever takes the number next finds the magazines empty, or resumes with what is in them.
      Atomics.store(words, stateOf(id) + TAKEN, 0);
    },
    requestDrain(drainParked) {
      let running = 0;
      for (let other = 0; other < count; other++) {
        if (other === id) continue;
        Atomics.add(words, drainOf(other), 1);
        Atomics.notify(words, drainOf(other));
        if (Atomics.compareExchange(words, stateOf(other), PARKED, CLAIMED + id) === PARKED) {
          try {
            drainParked(other);
          } finally {
            Atomics.store(words, stateOf(other), PARKED);
            Atomics.notify(words, stateOf(other));
          }
        } else running++;
      }
      return running;
    },
    stopped: () => Atomics.load(words, at + STOP) !== 0,
    stop() {
      Atomics.store(words, at + STOP, 1);
    },
  };
}

/** The same worker, alone in a region of its own: nobody else to ask, everything else as it is. */
export function alone(participant: Participant): Participant {
  return {
    ...participant,
    id: 0,
    count: 1,
    get whileWaiting() {
      return participant.whileWaiting;
    },
    set whileWaiting(whileWaiting) {
      participant.whileWaiting = whileWaiting;
    },
    requestDrain: () => 0,
  };
}
