/**
 * Holds for traces that record arrivals only: drawn from a kind of hold that the user gives, as a load's are.
 *
 * @module
 */
import type { HoldKind } from "../holds/hold.ts";
import * as holds from "../holds/mod.ts";
import { createRandom } from "../random.ts";
import type { Spec } from "../scenario.ts";
import { TraceError, type TraceEvent, type TraceNotes } from "./trace.ts";

const registry: Readonly<Record<string, HoldKind>> = holds;

/** Gives each arrival its hold. */
export class GivenHolds {
  readonly #notes: TraceNotes;
  readonly #next: () => number;
  #given = 0;

  /** Of a kind of hold with its options. */
  constructor(hold: Spec, seed: number, notes: TraceNotes) {
    const { load, times } = registry[hold.kind]!;
    if (load !== undefined) {
      throw new TraceError(
        `holds of kind ${hold.kind} cannot be given to it: give a kind without a file`,
      );
    }
    this.#notes = notes;
    this.#next = times(hold, createRandom(seed, 0));
  }

  /** Gives an event a hold, where the trace has none for any. */
  give(event: TraceEvent): void {
    if (!this.#notes.arrivalsOnly || event.op !== "i" || !Number.isNaN(event.holdNs)) return;
    if (!this.#notes.timed) {
      throw new TraceError("it has no times, so a hold says nothing: leave --hold out");
    }
    event.holdNs = Math.round(this.#next());
    this.#given++;
  }

  /** Says so where nothing was given. */
  end(): void {
    if (this.#given > 0) return;
    this.#notes.warnings.push({
      code: "hold-not-used",
      message: "the trace records how long elements are held: the hold that was given is not used",
      advice: "leave --hold out",
    });
  }
}
