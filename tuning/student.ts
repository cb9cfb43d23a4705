/**
 * Quantiles of the normal and of Student's distribution, for confidence limits. Registered statistics libraries
 * have the first as a table of four digits and the second not at all.
 *
 * Normal: Acklam's rational approximation, relative error below 1.2e-9. Student: Hill's expansion (Algorithm 396,
 * CACM 1970), good to four digits from 4 degrees of freedom on.
 *
 * @module
 */

const A = [
  -39.69683028665376,
  220.9460984245205,
  -275.9285104469687,
  138.357751867269,
  -30.66479806614716,
  2.506628277459239,
];
const B = [
  -54.47609879822406,
  161.5858368580409,
  -155.6989798598866,
  66.80131188771972,
  -13.28068155288572,
  1,
];
const C = [
  -0.007784894002430293,
  -0.3223964580411365,
  -2.400758277161838,
  -2.549732539343734,
  4.374664141464968,
  2.938163982698783,
];
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

/** Below this share the tail has a formula of its own. */
const TAIL = 0.02425;

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/** The point below which a standard normal lies with probability `share`, 0 to 1 exclusive. */
export function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share);
  if (share < TAIL) {
    const q = Math.sqrt(-2 * Math.log(share));
    return polynomial(C, q) / polynomial(D, q);
  }
  const q = share - 0.5;
  return polynomial(A, q * q) * q / polynomial(B, q * q);
}

/** The point below which Student's t with `freedom` degrees lies with probability `share`. */
export function studentQuantile(share: number, freedom: number): number {
  const z = normalQuantile(share);
  const z2 = z * z;
  const g1 = (z2 + 1) / 4;
  const g2 = ((5 * z2 + 16) * z2 + 3) / 96;
  const g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const g4 = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  const n = freedom;
  return z * (1 + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n);
}
