/**
 * The angle 2 arcsin(√q / 2) between two unit vectors whose squared distance is q in [0, 2], error < 1 ulp.
 *
 * √q A(q/4) with the polynomial A(z) = arcsin(√z)/√z of degree 19, within 4e-18 on [0, 1/2] (a Chebyshev fit of 50 digits).
 * Unlike the arc cosine of an inner product it keeps its relative accuracy down to q = 0.
 */
export function arc(q: number): number {
  const z = q * 0.25;
  let p = 1.1264244023065368;
  p = p * z - 4.4388402442190555;
  p = p * z + 8.325033430074937;
  p = p * z - 9.66972389099824;
  p = p * z + 7.768222209464339;
  p = p * z - 4.535827967781999;
  p = p * z + 2.0016212748578592;
  p = p * z - 0.6641298191408167;
  p = p * z + 0.1809591731932796;
  p = p * z - 0.026316688100231505;
  p = p * z + 0.015091854153437405;
  p = p * z + 0.01092934177770896;
  p = p * z + 0.014019172709374405;
  p = p * z + 0.017349310282497178;
  p = p * z + 0.02237231317457179;
  p = p * z + 0.030381939881608856;
  p = p * z + 0.04464285722519905;
  p = p * z + 0.07499999999921601;
  p = p * z + 0.16666666666666963;
  p = p * z + 1;
  return Math.sqrt(q) * p;
}
