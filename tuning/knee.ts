/**
 * The knee of a curve: the point farthest below the straight line from its first point to its last (Satopaa and
 * others, 2011), both axes scaled to the curve's own extent.
 *
 * @module
 */

/** The x of the knee; null where there is none. */
export function kneeOf(
  points: readonly { readonly x: number; readonly y: number }[],
): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.x === first.x) return null;
  let knee: number | null = null;
  let farthest = 0;
  for (const { x, y } of points) {
    const along = (x - first.x) / (last.x - first.x);
    const below = first.y === last.y ? 0 : (first.y - y) / (first.y - last.y) - along;
    if (below > farthest) [knee, farthest] = [x, below];
  }
  return knee;
}
