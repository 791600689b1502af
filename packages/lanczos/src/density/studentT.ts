const PI = 3.141592653589793;

/** P(|T| ≤ t) for Student's t with nu = 1, 2, ... degrees of freedom: a finite trigonometric sum [abramowitz1964, 26.7.3-4]. */
export function studentCentral(t: number, nu: number): number {
  const cos2 = nu / (nu + t * t);
  const sin = t / Math.sqrt(nu + t * t);
  const odd = nu % 2 === 1;
  let term = odd ? Math.sqrt(cos2) : 1;
  let sum = nu === 1 ? 0 : term;
  for (let j = odd ? 3 : 2; j <= nu - 2; j += 2) {
    term *= (cos2 * (j - 1)) / j;
    sum += term;
  }
  return odd ? (2 / PI) * (arcTangent(t / Math.sqrt(nu)) + sin * sum) : sin * sum;
}

/** atan x for x ≥ 0, to a few eps: the tangent of an eighth of the angle is below 0.2, where 12 terms of the series do. */
function arcTangent(x: number): number {
  for (let i = 0; i < 3; i++) x /= 1 + Math.sqrt(1 + x * x);
  let sum = 0;
  for (let j = 23; j > 0; j -= 2) sum = 1 / j - x * x * sum;
  return 8 * x * sum;
}

/** t with P(|T| ≤ t) = level for nu degrees of freedom; level in (0, 1). Found by bisection to the last bits. */
export function studentQuantile(level: number, nu: number): number {
  let high = 1;
  while (studentCentral(high, nu) < level && high < 1e12) high *= 2;
  let low = 0;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (studentCentral(middle, nu) < level) low = middle;
    else high = middle;
  }
  return high;
}
