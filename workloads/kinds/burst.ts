/**
 * The burst workload: demand for elements is itself a wave. While it is on, each worker has `inFlight` tasks that want elements,
 * all at once at its rise; when it falls nobody wants any. So the amplitude is what is given, workers * inFlight elements, and
 * however slow the pool is no more are ever wanted: what a reserve of that size is for can be seen directly.
 *
 * An open load with bursty arrivals is something else: there tasks come at a rate, without a bound, and how many elements
 * are out follows from the rate and the holds. Here how many are wanted is given, and the rate follows.
 *
 * Without holds a task keeps its elements until the wave falls, and then lets go, whenever it was served. With holds it
 * keeps them for so long, and as long as it is on another takes its place at once. The response of the first tasks counts
 * from the rise. All workers follow the same wave.
 *
 * @module
 */
import { runsOf } from "../bulk_taking.ts";
import { realClock } from "../load_clock.ts";
import { type Schedule, ScheduledLoad } from "../scheduled_load.ts";
import { PHASES_OPTION, startWave, WAVE_OPTIONS } from "../wave.ts";
import { eachOf, type LoadContext, type LoadKind, ownOptions } from "./load.ts";
import { commonStream, holdTimes, streamOf } from "./streams.ts";

/** Tasks that are due while the wave is on, as long as there are places for them. */
class WaveSchedule implements Schedule {
  readonly takes: Schedule["takes"];
  readonly holdsFrom: "grant" | "arrival";
  readonly #now: () => number;
  readonly #phase: () => number;
  readonly #hold: (() => number) | null;
  #idle: number;
  #isOn = true;
  #phaseEndsAt: number;
  /** When a place last became free, or the wave last rose. */
  #since = 0;

  constructor(context: LoadContext, now: () => number) {
    const { workload, takes } = context;
    this.takes = takes;
    this.holdsFrom = workload.hold === null ? "arrival" : "grant";
    this.#now = now;
    this.#phase = startWave(ownOptions(workload), commonStream(context));
    this.#hold = workload.hold === null ? null : holdTimes(workload.hold, context);
    this.#idle = workload.inFlight;
    this.#phaseEndsAt = this.#phase();
  }

  get nextAt(): number {
    this.#follow(this.#now());
    if (this.#idle === 0) return Infinity;
    return this.#isOn ? this.#since : this.#phaseEndsAt;
  }

  #follow(now: number): void {
    while (now >= this.#phaseEndsAt) {
      this.#isOn = !this.#isOn;
      if (this.#isOn) this.#since = this.#phaseEndsAt;
      this.#phaseEndsAt += this.#phase();
    }
  }

  /** From the grant, or, until the wave falls, from the arrival. */
  holdTime(): number {
    return this.#hold === null ? this.#phaseEndsAt - this.#since : this.#hold();
  }

  advance(): void {
    this.#idle--;
  }

  finished(now: number): void {
    this.#follow(now);
    this.#idle++;
    if (this.#isOn) this.#since = now;
  }
}

/** Demand that rises and falls. */
export const burst: LoadKind = {
  summary:
    "demand that is a wave: inFlight elements for each worker while it is on, none while it is off",
  options: { ...WAVE_OPTIONS, ...PHASES_OPTION },
  needs: ["inFlight"],
  allows: ["hold"],
  hasArrivals: true,
  start(context) {
    const { workload, meter, participant, maySpin, takes } = context;
    const clock = realClock(meter, participant, { speed: 1, maySpin });
    return new ScheduledLoad({
      schedule: new WaveSchedule(context, clock.now),
      clock,
      meter,
      participant,
      atomicShare: workload.atomicShare,
      asyncShare: workload.asyncShare,
      random: streamOf(context, "caller"),
      width: takes.length,
      runs: runsOf(workload.take),
      hasArrivals: true,
    });
  },
  oneByOne(workload, pool) {
    const { inFlight, asyncShare, hold } = workload;
    const each = eachOf(workload, pool);
    // Without holds nobody frees before the wave falls, and that comes by itself.
    if (hold === null) return null;
    return { tasks: asyncShare > 0 ? inFlight : 1, elements: each, couldBeBulk: true };
  },
};
