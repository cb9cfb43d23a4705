/**
 * What `--backend` says that a pool stands on.
 *
 * @module
 */
import type { Backend } from "../tuning/scripted_backend.ts";
import { found } from "../workloads/clauses.ts";
import { InputError } from "../workloads/input_error.ts";
import type { PressureKind } from "../workloads/pressures/pressure.ts";
import * as pressureRegistry from "../workloads/pressures/mod.ts";
import { registered } from "../workloads/registered.ts";
import { parseCount } from "../workloads/units.ts";
import { flagged, specOf } from "./flagged.ts";

const PRESSURES: Readonly<Record<string, PressureKind>> = pressureRegistry;

/** `dead`, `budget=100`, or a pressure by its notation. @throws {InputError} where it is none of them. */
export function parseBackend(text: string): Backend {
  const budget = /^budget=(.*)$/.exec(text.trim());
  if (text.trim() === "dead") return { kind: "dead" };
  if (budget !== null) {
    return { kind: "budget", elements: flagged("--backend", () => parseCount(budget[1]!)) };
  }
  const { kind, ...given } = specOf("--backend", text, registered.pressures, "back end");
  const pressure = PRESSURES[kind]!.pressure(given);
  if (pressure !== null) return { kind: "pressure", name: kind, pressure };
  throw new InputError(
    `--backend: ${found(text)} is no back end that can be simulated: ` +
      "give dead, budget=100 or outages:up=50ms,down=5ms",
  );
}
