/**
 * A scenario file for tests that spoil one place of it and read the refusal.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../input_error.ts";
import type { Overrides } from "../overrides.ts";
import { parseScenario } from "../parse_scenario.ts";
import { registered } from "../registered.ts";
import type { Scenario } from "../scenario.ts";

/** Sound as it stands; each test names the lines that it changes. */
export const SAMPLE = `{
  "name": "my",
  "memory": { "pages": 4096, "watermarks": { "min": 32, "low": 64, "high": 96 }, "growTo": 4096 },
  "allocators": {
    "page": { "kind": "page" },
    "fresh": { "kind": "heap" }
  },
  "pools": {
    "inner": { "over": "page", "minReserve": 32 },
    "outer": { "over": "inner", "minReserve": 8, "policy": "linux" } // on top
  },
  "workload": {
    "kind": "open",
    "take": "outer",
    "workers": 2,
    "arrival": { "kind": "poisson", "rate": "20000/s" },
    "hold": { "kind": "constant", "time": "1ms" }
  },
  "pressure": { "kind": "none" }
}
`;

/** Parses a text as the file `my.jsonc`. */
export function parsed(text: string, overrides: Overrides = {}): Scenario {
  return parseScenario({ file: "my.jsonc", text }, overrides, registered);
}

/** The sentence with which a text is refused. */
export function refusal(text: string, overrides: Overrides = {}): string {
  return assertThrows(() => parsed(text, overrides), InputError).message;
}

/** The sample with one part replaced, which must be there. */
export function sampleWith(part: string, by: string): string {
  const text = SAMPLE.replace(part, () => by);
  if (text === SAMPLE) throw new Error(`the sample has no ${part} that could become ${by}`);
  return text;
}

/**
 * Checks refusals of the sample: what is replaced, by what, and what then follows on `my.jsonc:`.
 */
export function assertRefusals(cases: readonly [part: string, by: string, said: string][]): void {
  for (const [part, by, said] of cases) {
    assertEquals(refusal(sampleWith(part, by)), `my.jsonc:${said}`, `${part} -> ${by}`);
  }
}
