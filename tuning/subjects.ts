/**
 * What can be sized: a load of given arrivals and holds, a trace, a scenario. Each becomes the same thing: an
 * experiment, its bounds, its price and its pattern.
 *
 * @module
 */
import { compilePolicy } from "../pools/compiled_policy.ts";
import { resolvePolicy } from "../pools/composition_plan.ts";
import type { PolicySpec } from "../pools/policy.ts";
import { duration, exactCount } from "../results/formats/numbers.ts";
import type { FailureSide } from "../results/recommendation.ts";
import type { Warning } from "../results/result.ts";
import { streamOf } from "../workloads/kinds/streams.ts";
import type { Failing } from "./analytic.ts";
import { type ArrivalPattern, arrivalPattern } from "./arrival_pattern.ts";
import { type Caller, independent, recordedCallers } from "./callers.ts";
import { drawnQueue, type Experiment, recordedQueue, skippedOf } from "./experiment.ts";
import { scriptedFailures } from "./failure_side.ts";
import { runPolicyPool } from "./policy_pool.ts";
import type { Subject } from "./recommend.ts";
import { type Backend, budgetOf, failureOf, outageCycleNs, scriptOf } from "./scripted_backend.ts";
import { type DrawnLoad, drawTasks, leastThatKeepsUp, meanHoldNs } from "./tasks.ts";
import type { TraceTasks } from "./trace_tasks.ts";
import { WaitTally } from "./wait_tally.ts";

/** Tasks by which a load's pattern is seen. */
const PATTERN_TASKS = 2 ** 18;

/** How any subject is to be sized. */
export interface SubjectOptions {
  readonly name: string;
  readonly backend: Backend;
  readonly policy: PolicySpec;
  readonly bytesPerElement: number;
  readonly seed: number;
}

/** Given arrivals and holds; each task waits by itself. */
export function loadSubject(load: DrawnLoad, options: SubjectOptions): Subject {
  const { backend, seed } = options;
  const budget = budgetOf(backend);
  const callers = recordedCallers(
    { ...load, workers: 1, atomicShare: 0, asyncShare: 1, elements: 1 },
    seed,
  );
  const pattern = arrivalPattern(() => drawTasks(load, seed), PATTERN_TASKS);
  return {
    ...common(options, pattern),
    experiment: (limitNs) =>
      budget === null
        ? policyExperiment(options, limitNs, callers)
        : drawnQueue(load, seed, { limitNs, budget }),
    timed: true,
    floor: 1,
    least: budget === null ? 1 : Math.max(1, leastThatKeepsUp(load) - budget),
    pattern: { ...pattern, meanHoldNs: meanHoldNs(load) },
    recordedPeak: null,
    halves: null,
    warnings: [],
  };
}

/** A trace; each allocation waits by itself. */
export function traceSubject(trace: TraceTasks, options: SubjectOptions): Subject {
  const { count, peak } = trace;
  const budget = budgetOf(options.backend);
  const part = (to: number, skipped: number) => (limitNs: number): Experiment => {
    const begin = () => trace.stream(0, to);
    if (budget !== null) return recordedQueue(begin, { count: to, skipped }, { limitNs, budget });
    const callers = () => [independent(begin())];
    const experiment = policyExperiment(options, limitNs, callers);
    return { ...experiment, recorded: to, skipped: () => skipped };
  };
  const half = count >> 1;
  const pattern = arrivalPattern(() => trace.stream(0, count), count);
  return {
    ...common(options, pattern),
    experiment: part(count, 0),
    timed: trace.timed,
    floor: 1,
    least: 1,
    pattern,
    recordedPeak: peak,
    halves: count < 2 ? null : [part(half, 0), part(count, half)],
    warnings: traceWarnings(trace),
  };
}

function common(
  { name, backend, policy, bytesPerElement, seed }: SubjectOptions,
  { ratePerNs }: ArrivalPattern,
) {
  const budget = budgetOf(backend);
  const failing = failingOf(policy, backend);
  const failures = failuresOf(backend, ratePerNs);
  const outageCycle = ratePerNs * outageCycleNs(backend);
  const text = backendText(backend);
  return { name, backend: text, failures, bytesPerElement, seed, budget, outageCycle, failing };
}

/** How a back end fails, by its script. */
export function failuresOf(backend: Backend, ratePerNs: number): FailureSide[] {
  const scripted = scriptedFailures(backend, ratePerNs);
  return scripted === null ? [] : [scripted];
}

/** A policy over a back end that fails at random; null where the back end does something else. */
export function failingOf(policy: PolicySpec, backend: Backend): Failing | null {
  const failure = failureOf(backend);
  return failure === null ? null : { policy: compilePolicy(resolvePolicy(policy)), failure };
}

/** A back end in words. */
export function backendText(backend: Backend): string {
  if (backend.kind === "dead") return "dead: the reserve alone carries the load";
  if (backend.kind === "budget") {
    return `${exactCount(backend.elements)} elements besides the reserve`;
  }
  const { name, pressure: { failure: [atomic, blocking], upNs, downNs } } = backend;
  if (name === "outages") return `outages: up ${duration(upNs)}, down ${duration(downNs)}`;
  if (name === "fail") return `fails with probability ${atomic} atomic, ${blocking} blocking`;
  return name;
}

function traceWarnings({ warnings, timed, liveAtEnd, peak }: TraceTasks): Warning[] {
  const said: Warning[] = [...warnings];
  if (!timed) {
    said.push({
      code: "untimed",
      message: "the trace has no times: holds and waits count operations, not nanoseconds",
      advice: "the reserve is that of a program in which every operation takes equally long",
    });
  }
  if (liveAtEnd * 20 > peak) {
    said.push({
      code: "live-at-end",
      message: `${exactCount(liveAtEnd)} elements are live at the end, against a peak of ` +
        `${exactCount(peak)}: they count as held for ever`,
      advice: "record the program's end as well, or leave out what it never frees",
    });
  }
  return said;
}

/** A pool by its policy over a back end that comes and goes. */
export function policyExperiment(
  { policy, backend, seed }: Pick<SubjectOptions, "policy" | "backend" | "seed">,
  limitNs: number,
  callers: () => Caller[],
  underWay: (tasks: number) => Float64Array = () => new Float64Array(),
): Experiment {
  const compiled = compilePolicy(resolvePolicy(policy));
  const runOne = (minReserve: number, tasks: number, skipped: number): WaitTally => {
    const tally = new WaitTally({ tasks, limitNs, skipped });
    const serves = scriptOf(backend, streamOf({ seed, worker: 0 }, "fault"));
    const setup = { policy: compiled, minReserve, serves, callers: callers() };
    runPolicyPool({ ...setup, tasks, skipped, tally, underWay: underWay(tasks) });
    return tally;
  };
  return {
    recorded: null,
    together: 1,
    skipped: skippedOf,
    run({ minReserves, tasks }) {
      return minReserves.map((min) => runOne(min, tasks, this.skipped(tasks)));
    },
  };
}
