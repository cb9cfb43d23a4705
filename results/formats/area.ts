/**
 * A series as a filled curve of block characters, in steps of an eighth of a cell and in proportion, from zero up: the
 * eye compares heights.
 *
 * @module
 */

/** One to eight eighths of a cell, from its bottom up. */
const PARTS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/**
 * The lines of a curve, the highest first, each as wide as there are values. Whatever is above 0 shows at least a
 * sliver.
 */
export function area(values: readonly number[], rows: number): string[] {
  const most = Math.max(1, ...values);
  const eighths = values.map((value) =>
    value <= 0 ? 0 : Math.max(1, Math.round(value / most * rows * 8))
  );
  return Array.from({ length: rows }, (_, line) => {
    const below = (rows - 1 - line) * 8;
    return eighths.map((height) => height <= below ? " " : PARTS[Math.min(8, height - below) - 1]!)
      .join("").trimEnd();
  });
}
