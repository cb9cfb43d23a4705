/**
 * A worker that throws in the middle of its load, if it is the first.
 *
 * @module
 */
import { serveJobs } from "../job.ts";
import { closed } from "../kinds/closed.ts";
import type { LoadKind } from "../kinds/load.ts";

const throwing: LoadKind = {
  ...closed,
  start(context) {
    const load = closed.start(context);
    if (context.worker > 0) return load;
    return { ...load, run: () => Promise.reject(new Error("planted")) };
  },
};

serveJobs(() => throwing);
