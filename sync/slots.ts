/**
 * Slots: workers sleep until they are told to work for a while, say what they did, and sleep again. Whoever tells them sleeps
 * meanwhile, and so does the whole process between two slots, so that several processes can take turns on one machine.
 *
 * They stand in memory of their own, so that what is measured lies where it lies without them.
 *
 * | word | name | who writes |
 * |---|---|---|
 * | per worker 0 | begun: slots told to it so far, -1 once there are no more | the coordinator |
 * | per worker 1 | ended: slots that it has ended | the worker |
 * | per worker 2 | kind of the slot, a number between coordinator and worker | the coordinator, before `begun` |
 * | per worker 3 | length of the slot, microseconds | the coordinator, before `begun` |
 * | per worker 4, 5 | what it served, a double | the worker, before `ended` |
 * | per worker 6, 7 | how long that took, nanoseconds, a double | the worker, before `ended` |
 *
 * @module
 */
import type { Participant } from "./participant.ts";

const BEGUN = 0;
const ENDED = 1;
const KIND = 2;
const LENGTH = 3;
const SERVED = 2;
const TOOK = 3;

/** Of each worker, in words and in doubles: two cache lines, so that nobody's words move with another's. */
const WORKER_WORDS = 32;
const WORKER_DOUBLES = WORKER_WORDS / 2;

const OVER = -1;

/** A sleeper looks again so often, milliseconds: no notify is relied on for ever. */
const NAP_MS = 1000;

/** What a worker is told. */
export interface Slot {
  /** What to do. */
  readonly kind: number;
  /** For how long, milliseconds. */
  readonly ms: number;
}

/** What a worker did in a slot. */
export interface Served {
  /** How much. */
  readonly count: number;
  /** How long it took, nanoseconds. */
  readonly ns: number;
}

/** Makes the memory of slots for so many workers. */
export function createSlots(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(workers * WORKER_WORDS * 4);
}

/** The coordinator's end. */
export interface SlotLead {
  /**
   * Has these workers work for a slot. Blocks until all of them have ended it.
   *
   * @returns what each of them did; null where one of them has not ended it when `mostMs` are over.
   */
  run(slot: Slot, workers: readonly number[], mostMs: number): Served[] | null;
  /** Sends all workers home. */
  end(): void;
}

/** The coordinator's end of slots. Does not block itself. */
export function leadSlots(buffer: SharedArrayBuffer): SlotLead {
  const words = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  const count = words.length / WORKER_WORDS;
  function tell(worker: number, { kind, ms }: Slot): number {
    const at = worker * WORKER_WORDS;
    words[at + KIND] = kind;
    words[at + LENGTH] = Math.round(ms * 1000);
    const slot = Atomics.add(words, at + BEGUN, 1) + 1;
    Atomics.notify(words, at + BEGUN);
    return slot;
  }
  function hasEnded(worker: number, slot: number, untilMs: number): boolean {
    const at = worker * WORKER_WORDS + ENDED;
    for (;;) {
      const ended = Atomics.load(words, at);
      if (ended === slot) return true;
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(words, at, ended, Math.min(leftMs, NAP_MS));
    }
  }
  return {
    run(slot, workers, mostMs) {
      const untilMs = performance.now() + mostMs;
      const told = workers.map((worker) => ({ worker, begun: tell(worker, slot) }));
      if (!told.every(({ worker, begun }) => hasEnded(worker, begun, untilMs))) return null;
      return workers.map((worker) => {
        const at = worker * WORKER_DOUBLES;
        return { count: doubles[at + SERVED]!, ns: doubles[at + TOOK]! };
      });
    },
    end() {
      for (let worker = 0; worker < count; worker++) {
        Atomics.store(words, worker * WORKER_WORDS + BEGUN, OVER);
        Atomics.notify(words, worker * WORKER_WORDS + BEGUN);
      }
    },
  };
}

/** A worker's end. */
export interface SlotPost {
  /** The next slot; null where there are no more, or the run is over. Blocks until then, parked. */
  next(): Slot | null;
  /** Says what it did in the slot. */
  end(served: Served): void;
}

/** The end of one worker, who takes part in a run as `participant`. Own worker only. */
export function attachSlots(
  buffer: SharedArrayBuffer,
  worker: number,
  participant: Participant,
): SlotPost {
  const words = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  const at = worker * WORKER_WORDS;
  let seen = 0;
  function sleep(): void {
    while (Atomics.load(words, at + BEGUN) === seen && !participant.stopped()) {
      Atomics.wait(words, at + BEGUN, seen, NAP_MS);
    }
  }
  return {
    next() {
      participant.park(sleep);
      const begun = Atomics.load(words, at + BEGUN);
      if (begun === OVER || begun === seen) return null;
      seen = begun;
      return { kind: words[at + KIND]!, ms: words[at + LENGTH]! / 1000 };
    },
    end({ count, ns }) {
      doubles[worker * WORKER_DOUBLES + SERVED] = count;
      doubles[worker * WORKER_DOUBLES + TOOK] = ns;
      Atomics.store(words, at + ENDED, seen);
      Atomics.notify(words, at + ENDED);
    },
  };
}
