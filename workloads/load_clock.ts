/**
 * The time by which a load is scheduled: real time, recorded time played faster or slower, or no time
 * at all, where the next event is always due.
 *
 * @module
 */
import type { Participant } from "../sync/mod.ts";
import type { Meter } from "./meter.ts";

/** A load's clock. Nanoseconds of the load's own time from its start; operations, for untimed traces. */
export interface LoadClock {
  /** The load's time now. */
  now(): number;
  /** Passes the time until `until`, or a part of it. May sleep. */
  pass(until: number): void;
  /** Real milliseconds until `until`; 0 where waiting is pointless since time comes by itself. */
  millisecondsUntil(until: number): number;
  /** Real nanoseconds since `time`. Only where {@linkcode real}. */
  nanosecondsSince(time: number): number;
  /** Whether its time passes by itself. */
  readonly real: boolean;
}

/** Sleeping is late by up to this; the rest is spun, where there is a core to spin on. Milliseconds. */
const SPIN_MS = 0.15;

/**
 * Real time, `speed` seconds of the load's own in each. While it passes time it answers requests for
 * cached elements. It spins only where `maySpin`: never more spinners than cores.
 */
export function realClock(
  meter: Meter,
  participant: Participant,
  options: { readonly speed: number; readonly maySpin: boolean },
): LoadClock {
  const { speed, maySpin } = options;
  const never = new Int32Array(new SharedArrayBuffer(4));
  const now = () => meter.nowNs() * speed;
  const millisecondsUntil = (until: number) => Math.max(0, (until - now()) / speed / 1e6);
  return {
    now,
    millisecondsUntil,
    nanosecondsSince: (time) => Math.max(0, (now() - time) / speed),
    pass(until) {
      participant.poll();
      const left = millisecondsUntil(until);
      if (left <= (maySpin ? SPIN_MS : 0)) return;
      const sleepMs = Math.min(left - (maySpin ? SPIN_MS : 0), 50);
      participant.park(() => Atomics.wait(never, 0, 0, sleepMs));
    },
    real: true,
  };
}

/** No time at all: whatever comes next is due now. A hold is as long as what happens meanwhile. */
export function virtualClock(): LoadClock {
  let time = 0;
  return {
    now: () => time,
    pass(until) {
      if (until > time && until < Infinity) time = until;
    },
    millisecondsUntil: () => 0,
    nanosecondsSince: () => 0,
    real: false,
  };
}
