/**
 * The open workload: tasks arrive by their own clock and never slow down with the system, as requests of
 * many independent users do.
 *
 * @module
 */
import * as arrivalRegistry from "../arrivals/mod.ts";
import type { ArrivalKind } from "../arrivals/arrival.ts";
import { realClock } from "../load_clock.ts";
import { type Schedule, ScheduledLoad } from "../scheduled_load.ts";
import { eachOf, type LoadContext, type LoadKind } from "./load.ts";
import { type TaskTakes, taskTakes } from "../task_takes.ts";
import { commonStream, holdTimes, streamOf } from "./streams.ts";

const ARRIVALS: Readonly<Record<string, ArrivalKind>> = arrivalRegistry;

function openSchedule(context: LoadContext, tasks: TaskTakes): Schedule {
  const { workload, worker, workers } = context;
  const arrival = workload.arrival!;
  const { arrival: recorded } = context.recorded;
  const share = {
    rateShare: 1 / workers,
    worker,
    workers,
    common: commonStream(context),
    ...(recorded === null ? {} : { recorded }),
  };
  const gap = ARRIVALS[arrival.kind]!.gaps(arrival, share, streamOf(context, "arrival"));
  const hold = holdTimes(workload.hold!, context);
  let nextAt = gap();
  return {
    get nextAt() {
      return nextAt;
    },
    get takes() {
      return tasks.takes;
    },
    get runs() {
      return tasks.runs;
    },
    holdTime: hold,
    advance() {
      tasks.advance();
      nextAt += gap();
    },
    finished() {},
  };
}

/** Tasks that arrive by their own clock. */
export const open: LoadKind = {
  summary:
    "tasks arrive by their own clock, whatever became of those before; latency from the arrival",
  options: {},
  hasArrivals: true,
  needs: ["arrival", "hold"],
  allows: ["takeOneOf"],
  start(context) {
    const { workload, meter, participant, maySpin } = context;
    const tasks = taskTakes(context);
    return new ScheduledLoad({
      schedule: openSchedule(context, tasks),
      clock: realClock(meter, participant, { speed: 1, maySpin }),
      meter,
      participant,
      atomicShare: workload.atomicShare,
      asyncShare: workload.asyncShare,
      random: streamOf(context, "caller"),
      width: tasks.width,
      runs: tasks.runs,
      hasArrivals: true,
    });
  },
  oneByOne(workload, pool) {
    const tasks = workload.asyncShare > 0 ? Infinity : 1;
    return { tasks, elements: eachOf(workload, pool), couldBeBulk: true };
  },
};
