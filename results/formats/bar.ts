/**
 * A share of a whole as a bar of block characters, in steps of an eighth of a cell and in proportion:
 * the eye compares lengths, so there is no logarithm here.
 *
 * @module
 */

/** One to seven eighths of a cell. */
const PARTS = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const FULL = "█";

/**
 * A bar of at most `cells` characters. Anything above 0 shows at least a sliver, and anything below 1
 * leaves at least a sliver free.
 */
export function bar(share: number, cells: number): string {
  if (share <= 0 || cells < 1) return "";
  const whole = cells * 8;
  const eighths = share >= 1 ? whole : Math.min(whole - 1, Math.max(1, Math.round(share * whole)));
  return FULL.repeat(eighths >> 3) + (PARTS[(eighths & 7) - 1] ?? "");
}
