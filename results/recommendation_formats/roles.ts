/**
 * What a reserve is in a recommendation, and which reserves are worth a line of their own.
 *
 * @module
 */
import type { CurvePoint, Recommendation } from "../recommendation.ts";

/** What a recommendation calls this reserve: nothing, one thing or several. */
export function rolesOf(recommendation: Recommendation, minReserve: number): string[] {
  const { exact, recommended, neverWaits, knee, nextNine, analytic, floor } = recommendation;
  const roles: readonly (readonly [string, number | null | undefined])[] = [
    ["floor", floor],
    ["knee", knee],
    [analytic?.model ?? "formula", analytic?.minReserve],
    ["exact", exact],
    ["recommended", recommended],
    ["next-nine", nextNine?.minReserve],
    ["never-waits", neverWaits],
  ];
  return roles.filter(([, of]) => of === minReserve).map(([role]) => role);
}

/** Reserves that have a role, the neighbours of the answer, and a few of the others. */
export function pointsWorthALine(recommendation: Recommendation): CurvePoint[] {
  const { curve, recommended, exact } = recommendation;
  const answer = recommended ?? exact;
  return curve.filter(({ minReserve }, index) =>
    rolesOf(recommendation, minReserve).length > 0 ||
    answer !== null && Math.abs(minReserve - answer) <= 1 || index % 6 === 0
  );
}
