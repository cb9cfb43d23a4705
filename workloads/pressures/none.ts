import type { PressureKind } from "./pressure.ts";

/** Nothing is done: what fails, fails because memory is short. */
export const none: PressureKind = {
  summary: "nothing: what fails, fails because memory is short",
  options: {},
  pressure: () => null,
};
