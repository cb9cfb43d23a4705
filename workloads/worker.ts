/**
 * The worker of a run. Names are resolved again here, through the same registries as everywhere.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { serveJobs } from "./job.ts";
import type { LoadKind } from "./kinds/load.ts";
import * as loadRegistry from "./kinds/mod.ts";
import type { WorkerLoaded } from "./report.ts";

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

serveJobs(({ scenario }) => LOADS[scenario.workload.kind]!);

const loaded: WorkerLoaded = { type: "loaded" };
self.postMessage(loaded);
