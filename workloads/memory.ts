/**
 * The page memory of a scenario: what follows from the number of pages where it is left out, and
 * what its numbers must be to one another.
 *
 * @module
 */
import { found, notWithin } from "./clauses.ts";
import type { Problem } from "./problem.ts";
import type { MemorySpec } from "./scenario.ts";
import { MEMORY_BYTES_MAX, PAGE_BYTES } from "./schema/scenario_options.ts";
import type { WrittenMemory } from "./schema/scenario_schema.ts";

/** One page in this many is kept from atomic callers. */
const PAGES_PER_MIN = 64;

/**
 * Fills in what is left out: no growth, and watermarks as the Linux kernel spaces them, low a
 * quarter and high a half above min. What is filled in gives way to what was given.
 */
export function resolveMemory({ pages, pageBytes, watermarks, growTo }: WrittenMemory): MemorySpec {
  const most = pages - 1;
  const { min: givenMin, low: givenLow, high: givenHigh } = watermarks;
  const min = givenMin ??
    Math.min(Math.floor(pages / PAGES_PER_MIN), givenLow ?? most, givenHigh ?? most);
  const low = givenLow ?? between(min + Math.floor(min / 4), min, givenHigh ?? most);
  const high = givenHigh ?? between(min + Math.floor(min / 2), low, most);
  return { pages, pageBytes, watermarks: { min, low, high }, growTo: growTo ?? pages };
}

/** What is wrong with a memory. */
export function memoryProblems(memory: MemorySpec): Problem[] {
  return [...pageProblems(memory), ...watermarkProblems(memory)];
}

function pageProblems({ pages, pageBytes, growTo }: MemorySpec): Problem[] {
  if (!Number.isInteger(Math.log2(pageBytes))) {
    const { min, max } = PAGE_BYTES;
    const clause = `${found(pageBytes)} is not allowed: give a power of two from ${min} to ${max}`;
    return [{ path: ["memory", "pageBytes"], clause }];
  }
  const most = Math.floor(MEMORY_BYTES_MAX / pageBytes);
  const why = `, what ${MEMORY_BYTES_MAX / 2 ** 30} GiB holds`;
  if (pages > most) return [{ path: ["memory", "pages"], clause: notWithin(pages, 1, most, why) }];
  if (growTo >= pages && growTo <= most) return [];
  const clause = notWithin(growTo, pages, most, ` (pages to ${why.slice(2)})`);
  return [{ path: ["memory", "growTo"], clause }];
}

function watermarkProblems({ pages, watermarks }: MemorySpec): Problem[] {
  const { min, low, high } = watermarks;
  const checks = [
    { key: "min", value: min, from: 0, to: low },
    { key: "low", value: low, from: min, to: high },
    { key: "high", value: high, from: low, to: pages - 1 },
  ];
  return checks.filter(({ value, from, to }) => value < from || value > to).map(
    ({ key, value, from, to }) => ({
      path: ["memory", "watermarks", key],
      clause: from > to
        ? `${value} is not allowed: give numbers so that min <= low <= high < pages`
        : notWithin(value, from, to, ", so that min <= low <= high < pages"),
    }),
  );
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
