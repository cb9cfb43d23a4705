import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import type { OptionValues } from "../../allocators/kind.ts";
import { mean, squaredVariation } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import type { HoldContext, HoldKind } from "./hold.ts";
import * as registry from "./mod.ts";

const holds: Readonly<Record<string, HoldKind>> = registry;

const DRAWS = 40_000;

/** Options of each kind, and how its times must vary: variance over squared mean. */
const cases: Readonly<
  Record<string, readonly [options: OptionValues, squaredVariation: number]>
> = {
  constant: [{ time: 1e6 }, 0],
  exponential: [{ mean: 1e6 }, 1],
  lognormal: [{ median: 2e5, sigma: 0.5 }, Math.exp(0.25) - 1],
  pareto: [{ min: 1e5, alpha: 6 }, 1 / 24],
  trace: [{ file: "app.csv", order: "recorded" }, 1 / 9],
};

/** Half of them are half as long as the others. */
const CONTEXT: HoldContext = { worker: 1, workers: 3, recorded: Float64Array.of(1e6, 2e6) };

for (const [name, kind] of Object.entries(holds)) {
  const [options, variation] = cases[name]!;

  Deno.test(`${name}.times() has the mean that ${name}.mean() says, and varies as it should`, () => {
    const times = sample(kind, options);
    assert(times.every((time) => Number.isFinite(time) && time >= 0));
    assertAlmostEquals(mean(times) / kind.mean(options, CONTEXT.recorded!), 1, 0.02);
    assertAlmostEquals(squaredVariation(times), variation, 0.05);
  });

  const { left, load } = kind;
  Deno.test(`${name} tells what is left of a hold, unless it was recorded`, () => {
    assertEquals(left === undefined, load !== undefined);
  });

  if (left !== undefined) {
    Deno.test(`${name}.left() has the mean of what is left of a hold that is under way`, () => {
      const rest = Array.from({ length: DRAWS }, left(options, createRandom(3, 2)));
      assertAlmostEquals(mean(rest) / (kind.mean(options) * (1 + variation) / 2), 1, 0.02);
    });
  }

  Deno.test(`${name}.times() gives the same times for the same seed`, () => {
    assertEquals(sample(kind, options), sample(kind, options));
  });

  Deno.test(`${name} says what it is and what its options are`, () => {
    assertNotEquals(kind.summary, "");
    for (const option of Object.values(kind.options)) assertNotEquals(option.summary, "");
  });
}

function sample(kind: HoldKind, options: OptionValues): number[] {
  const next = kind.times(options, createRandom(3, 2), CONTEXT);
  return Array.from({ length: DRAWS }, next);
}
