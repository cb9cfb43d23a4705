/**
 * The worker of a run. Names are resolved again here, through the same registries as everywhere.
 *
 * @module
 */
import { serveJobs } from "./job.ts";
import type { LoadKind } from "./kinds/load.ts";
import * as loadRegistry from "./kinds/mod.ts";

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

serveJobs(({ scenario }) => LOADS[scenario.workload.kind]!);
