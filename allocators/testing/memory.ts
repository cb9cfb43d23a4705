/** Page memory for tests: what most of them leave alone, filled in. */
import type { MemorySpec } from "../arena.ts";

/** A specification with watermarks of 0, no growth and pages of 64 bytes, but for what is given. */
export function memoryOf(given: Partial<MemorySpec> & { readonly pages: number }): MemorySpec {
  return {
    pageBytes: 64,
    watermarks: { min: 0, low: 0, high: 0 },
    growTo: given.pages,
    ...given,
  };
}
