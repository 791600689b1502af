import { requireFinite } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

/** Chebyshev coefficients of ln(1 − F₁) on [−6, 0] and [0, 12], from the Fredholm determinant det(1 − Ai(x + y + s)) at 120 Gauss points */
const below = [
  -0.482992130692, -0.786973040016, -0.409760734251, -0.112745664014, 0.0010518494973, 0.00906979232799,
  4.28667948719e-5, -0.00110374819998, 5.20868749617e-5, 0.000149508880691, -2.22070137718e-5, -1.96737351899e-5,
  5.83644406759e-6, 2.24015410483e-6, -1.22156902942e-6, -1.73048502965e-7, 2.17758542942e-7, -5.47921464046e-9,
  -3.36399458917e-8, 6.01283783887e-9, 4.43002451961e-9, -1.63902734432e-9, -4.56691656037e-10, 3.32779180601e-10,
];
const above = [
  -14.8924518396, -15.0145171971, -1.7579247237, 0.125739080253, -0.0183194132728, 0.00304097159803, -0.000401998919056,
  -2.35019674877e-5, 5.14088652043e-5, -2.76167410382e-5, 1.05450488748e-5, -3.03954448827e-6, 5.72820887896e-7,
  -8.44788509601e-10, -5.14853778111e-8, 2.31419369898e-8, -5.43502655713e-9, 2.74307234158e-10, 3.17169067095e-10,
  -1.16839612467e-10,
];

/**
 * 1 − F₁(s): how likely the largest eigenvalue of a real Wishart matrix, centred and scaled, lies above s.
 *
 * Relative error below 1e-8 on [−6, 12]. Below −6 it is 1, to 4e-6; above 12, where it is less than 2e-14, the leading term of its expansion, scaled to meet
 * the table, to 2 %.
 *
 * @param s in units of `tracyWidomEdge`
 * @returns in (0, 1]
 * Source: [tracy1996]; F₁ as a determinant [ferrari2005], its quadrature [bornemann2010]
 * @example tracyWidomTail(0.9793); // 0.0500: the published 95 % point
 */
export function tracyWidomTail(s: number): number {
  requireFinite('tracyWidomTail', 's', s);
  if (s < -6) return 1;
  if (s <= 0) return exp(chebyshev(below, s / 3 + 1));
  if (s <= 12) return exp(chebyshev(above, s / 6 - 1));
  const root = Math.sqrt(s);
  return (0.98051770747 * exp((-2 / 3) * s * root)) / (4 * Math.sqrt(Math.PI) * Math.sqrt(s * root));
}

/** Σ c_k T_k(x) by Clenshaw's recursion. */
function chebyshev(coefficients: readonly number[], x: number): number {
  let [next, afterNext] = [0, 0];
  for (let k = coefficients.length - 1; k > 0; k--)
    [next, afterNext] = [coefficients[k] + 2 * x * next - afterNext, next];
  return coefficients[0] + x * next - afterNext;
}

/**
 * The s above which the tail is p. @param p in [1e-12, 0.999] @returns by bisection, to 1e-12
 * @example tracyWidomQuantile(0.01); // 2.0234…
 */
export function tracyWidomQuantile(p: number): number {
  const wanted = log(p);
  let [low, high] = [-6, 12];
  for (let i = 0; i < 60; i++) {
    const s = (low + high) / 2;
    if (log(tracyWidomTail(s)) > wanted) low = s;
    else high = s;
  }
  return (low + high) / 2;
}

/**
 * Centre and scale of the largest eigenvalue of WᵀW for an (N, M) matrix W of independent normal entries of variance 1: (λ − centre)/scale → Tracy–Widom.
 *
 * @param N rows @param M columns, both at least 1
 * Source: [johnstone2001, thm 1.1]
 * @example tracyWidomEdge(2000, 1000); // centre and scale of order N and N^(1/3)
 */
export function tracyWidomEdge(N: number, M: number): { readonly centre: number; readonly scale: number } {
  const [a, b] = [Math.sqrt(Math.max(N - 1, 1)), Math.sqrt(M)];
  const sum = 1 / a + 1 / b;
  return { centre: (a + b) * (a + b), scale: (a + b) * exp(log(sum) / 3) };
}
