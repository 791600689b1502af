// The angle 2 arcsin(√q / 2) between two unit vectors whose squared distance is q in [0, 2], lane by lane in float64.
// √q A(q/4) with the polynomial A(z) = arcsin(√z)/√z of degree 19, within 4e-18 on [0, 1/2]: four chains in z⁴ side by side, so
// that no step waits for another. 50 instructions per vector.

/** _F names the caller: with one caller each, Binaryen inlines it. */
export function arc<_F>(q: v128): v128 {
  const z = f64x2.mul(q, f64x2.splat(0.25));
  const y = f64x2.mul(z, z);
  const w = f64x2.mul(y, y);
  let p0 = f64x2.splat(-9.66972389099824);
  p0 = step(p0, w, -0.6641298191408167);
  p0 = step(p0, w, 0.01092934177770896);
  p0 = step(p0, w, 0.030381939881608856);
  p0 = step(p0, w, 1.0);
  let p1 = f64x2.splat(8.325033430074937);
  p1 = step(p1, w, 2.0016212748578592);
  p1 = step(p1, w, 0.015091854153437405);
  p1 = step(p1, w, 0.02237231317457179);
  p1 = step(p1, w, 0.16666666666666963);
  let p2 = f64x2.splat(-4.4388402442190555);
  p2 = step(p2, w, -4.535827967781999);
  p2 = step(p2, w, -0.026316688100231505);
  p2 = step(p2, w, 0.017349310282497178);
  p2 = step(p2, w, 0.07499999999921601);
  let p3 = f64x2.splat(1.1264244023065368);
  p3 = step(p3, w, 7.768222209464339);
  p3 = step(p3, w, 0.1809591731932796);
  p3 = step(p3, w, 0.014019172709374405);
  p3 = step(p3, w, 0.04464285722519905);
  const low = f64x2.add(p0, f64x2.mul(z, p1));
  const high = f64x2.add(p2, f64x2.mul(z, p3));
  return f64x2.mul(f64x2.sqrt(q), f64x2.add(low, f64x2.mul(y, high)));
}

function step(p: v128, w: v128, a: f64): v128 {
  return f64x2.add(f64x2.mul(p, w), f64x2.splat(a));
}
