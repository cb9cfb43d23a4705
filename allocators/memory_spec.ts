/**
 * What page memory is, in numbers, and what these must be to one another: everything that is planned over them
 * relies on it, and a table that is too short is written beyond its end.
 *
 * @module
 */

/** The page memory under every shared allocator. Counts are pages. */
export interface MemorySpec {
  /** Pages at the start. */
  readonly pages: number;
  /** Bytes in a page. */
  readonly pageBytes: number;
  /** See the module's comment. */
  readonly watermarks: { readonly min: number; readonly low: number; readonly high: number };
  /** The most pages that growth may reach; at least `pages`. */
  readonly growTo: number;
}

/** Throws unless the value is a whole number of at least `least`. */
function requireInteger(what: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(
    `Cannot plan page memory as ${what} must be an integer >= ${least}: current value is ${value}`,
  );
}

/**
 * Throws unless pages, pageBytes and growTo >= pages are whole, and 0 <= min <= low <= high. Watermarks may lie
 * above the pages: such memory is always short.
 *
 * @throws {RangeError} naming the first that is not.
 */
export function requireMemory({ pages, pageBytes, growTo, watermarks }: MemorySpec): void {
  const { min, low, high } = watermarks;
  requireInteger("pages", pages, 1);
  requireInteger("pageBytes", pageBytes, 1);
  requireInteger("growTo", growTo, pages);
  requireInteger("watermarks.min", min, 0);
  requireInteger("watermarks.low", low, min);
  requireInteger("watermarks.high", high, low);
}
