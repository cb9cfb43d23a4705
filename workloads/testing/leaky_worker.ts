/**
 * A worker that forgets one element, and otherwise runs a closed load.
 *
 * @module
 */
import { BLOCKING } from "../../allocators/allocator.ts";
import { serveJobs } from "../job.ts";
import { closed } from "../kinds/closed.ts";
import type { LoadKind } from "../kinds/load.ts";

const leaky: LoadKind = {
  ...closed,
  start(context) {
    const load = closed.start(context);
    return {
      async run() {
        if (context.worker === 0) context.takes[0]!.allocate(BLOCKING);
        await load.run();
      },
      held: () => load.held(),
      release: () => load.release(),
    };
  },
};

serveJobs(() => leaky);
