/**
 * What the user may choose about the reading of a trace: plain data, since it travels with a scenario. No choice
 * changes anything in a trace that it does not concern.
 *
 * @module
 */
import type { Spec } from "../scenario.ts";

/** How a trace is read. */
export interface TraceOptions {
  /** What becomes of intervals whose end was not recorded: left out, or held to the end of the trace. */
  readonly unfinished: "drop" | "hold";
  /** Whether stamps of one grain are spread evenly inside it. */
  readonly spread: boolean;
  /** How long elements are held where only arrivals were recorded: a kind of hold; null where it is unknown. */
  readonly hold: Spec | null;
  /** Which elements of a block layer: what the device was given, or what was asked of the kernel. */
  readonly view: "request" | "bio";
  /** The other half of a recording in two files (fio's iolog and latency log); null where there is none. */
  readonly join: string | null;
  /** What drawn holds follow from. */
  readonly seed: number;
}

/** As a trace is read where nothing was chosen. */
export const AS_RECORDED: TraceOptions = {
  unfinished: "drop",
  spread: false,
  hold: null,
  view: "request",
  join: null,
  seed: 1,
};
