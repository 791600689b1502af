/**
 * The angle 2 arcsin(√q / 2) between two unit vectors whose squared distance is q in [0, 2], within 2 ulp.
 *
 * √q A(q/4) with the polynomial A(z) = arcsin(√z)/√z of degree 19, within 4e-18 on [0, 1/2] (a Chebyshev fit of 50 digits), as four
 * chains in z⁴: one chain alone waits for each of its steps. Unlike the arc cosine of an inner product it keeps its relative
 * accuracy down to q = 0.
 */
export function arc(q: number): number {
  const z = q * 0.25;
  const y = z * z;
  const w = y * y;
  let p0 = -9.66972389099824;
  p0 = p0 * w - 0.6641298191408167;
  p0 = p0 * w + 0.01092934177770896;
  p0 = p0 * w + 0.030381939881608856;
  p0 = p0 * w + 1;
  let p1 = 8.325033430074937;
  p1 = p1 * w + 2.0016212748578592;
  p1 = p1 * w + 0.015091854153437405;
  p1 = p1 * w + 0.02237231317457179;
  p1 = p1 * w + 0.16666666666666963;
  let p2 = -4.4388402442190555;
  p2 = p2 * w - 4.535827967781999;
  p2 = p2 * w - 0.026316688100231505;
  p2 = p2 * w + 0.017349310282497178;
  p2 = p2 * w + 0.07499999999921601;
  let p3 = 1.1264244023065368;
  p3 = p3 * w + 7.768222209464339;
  p3 = p3 * w + 0.1809591731932796;
  p3 = p3 * w + 0.014019172709374405;
  p3 = p3 * w + 0.04464285722519905;
  const low = p0 + z * p1;
  const high = p2 + z * p3;
  return Math.sqrt(q) * (low + y * high);
}
