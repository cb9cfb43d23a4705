/**
 * Who stands on whom: an order in which everything comes after what it stands on, and the circles where there is none.
 *
 * @module
 */

/** For each name those that it stands on directly. Names without an entry stand on nothing. */
export type Standing = Readonly<Record<string, readonly string[]>>;

/** What a name stands on; a name may be any text, "constructor" too. */
function under(standing: Standing, name: string): readonly string[] {
  return Object.hasOwn(standing, name) ? standing[name]! : [];
}

/** The way from a name back to itself, both ends included; null where there is none. */
export function circleThrough(standing: Standing, name: string): string[] | null {
  const met = new Set<string>();
  const walk = (way: readonly string[]): string[] | null => {
    for (const next of under(standing, way.at(-1)!)) {
      if (next === name) return [...way, next];
      if (met.has(next)) continue;
      met.add(next);
      const circle = walk([...way, next]);
      if (circle !== null) return circle;
    }
    return null;
  };
  return walk([name]);
}

/**
 * The names that have an entry, each after all that it stands on, else in the order given.
 *
 * @throws {RangeError} naming a circle.
 */
export function standingOrder(standing: Standing): string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.has(name) || !Object.hasOwn(standing, name)) return;
    under(standing, name).forEach(visit);
    ordered.add(name);
  };
  for (const name of Object.keys(standing)) {
    const circle = circleThrough(standing, name);
    if (circle !== null) {
      throw new RangeError(`"${name}" stands on itself: ${circle.join(" -> ")}`);
    }
  }
  Object.keys(standing).forEach(visit);
  return [...ordered];
}
