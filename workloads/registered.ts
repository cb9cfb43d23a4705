/**
 * Every registry that a scenario refers to, put together once.
 *
 * @module
 */
import * as allocators from "../allocators/mod.ts";
import * as policies from "../pools/policies/mod.ts";
import * as arrivals from "./arrivals/mod.ts";
import * as holds from "./holds/mod.ts";
import * as workloads from "./kinds/mod.ts";
import * as pressures from "./pressures/mod.ts";
import type { Registries } from "./registries.ts";

/** All that is registered. */
export const registered: Registries = {
  allocators,
  policies,
  workloads,
  arrivals,
  holds,
  pressures,
};
