/**
 * Puts a scenario's pressure into practice: the coordinator writes the shared word that the faulty layer of every
 * worker reads, and starts the worker that the pressure brings, if it does. Outages are as long as the timers of the
 * coordinator make them, to about a millisecond.
 *
 * @module
 */
import { FaultState } from "../allocators/faulty.ts";
import type { Load } from "./kinds/load.ts";
import * as pressureRegistry from "./pressures/mod.ts";
import type { Pressure, PressureContext, PressureKind } from "./pressures/pressure.ts";
import type { Scenario } from "./scenario.ts";

const PRESSURES: Readonly<Record<string, PressureKind>> = pressureRegistry;

/** A scenario's pressure; null where nothing is done. */
export function pressureOf(scenario: Scenario): Pressure | null {
  return PRESSURES[scenario.pressure.kind]!.pressure(scenario.pressure);
}

/** Whether a scenario's pressure brings a worker: the one after the last of the load. */
export function bringsWorker({ pressure }: Pick<Scenario, "pressure">): boolean {
  return PRESSURES[pressure.kind]!.start !== undefined;
}

/** What the worker of a scenario's pressure does. */
export function startPressure({ pressure }: Scenario, context: PressureContext): Load {
  return PRESSURES[pressure.kind]!.start!(pressure, context);
}

/** Begins the pressure; disposing of what it returns ends it. */
export function drivePressure(
  pressure: Pressure | null,
  words: Int32Array<SharedArrayBuffer>,
  at: number,
): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function enter(state: number, lastsNs: number, next: () => void): void {
    Atomics.store(words, at, state);
    if (lastsNs !== Infinity) timer = setTimeout(next, lastsNs / 1e6);
  }
  function up(): void {
    const { upNs } = pressure!;
    if (upNs > 0) enter(FaultState.random, upNs, down);
    else down();
  }
  function down(): void {
    enter(FaultState.down, pressure!.downNs, up);
  }

  if (pressure !== null) up();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
