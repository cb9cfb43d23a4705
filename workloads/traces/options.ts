/**
 * What the user may choose about the reading of a trace: plain data, since it travels with a scenario. No choice
 * changes anything in a trace that it does not concern.
 *
 * @module
 */
import type { Options } from "../../allocators/option.ts";
import type { Spec, WorkloadSpec } from "../scenario.ts";

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

/** The same choices as options of a workload that replays a trace; its `hold` is the hold for arrivals only. */
export const READING: Options = {
  unfinished: {
    type: "string",
    summary: "what becomes of elements whose end was not recorded",
    default: AS_RECORDED.unfinished,
    oneOf: ["drop", "hold"],
  },
  spread: {
    type: "boolean",
    summary: "spread stamps of one grain of the clock evenly inside it",
    default: AS_RECORDED.spread,
  },
  view: {
    type: "string",
    summary: "elements of a block trace: what the device was given, or what was asked for",
    default: AS_RECORDED.view,
    oneOf: ["request", "bio"],
  },
  join: {
    type: "path",
    summary: "the other half of the recording, a fio iolog or latency log",
    default: AS_RECORDED.join,
  },
};

/** How the trace of a workload is read. */
export function readingOf(workload: WorkloadSpec, seed: number): TraceOptions {
  const given = workload as unknown as Partial<TraceOptions>;
  const { unfinished, spread, view, join } = { ...AS_RECORDED, ...given };
  return { unfinished, spread, view, join, hold: workload.hold, seed };
}
