// The angle 2 arcsin(√q / 2) between two unit vectors whose squared distance is q in [0, 2], lane by lane in float64.
// √q A(q/4) with the polynomial A(z) = arcsin(√z)/√z of degree 19, within 4e-18 on [0, 1/2]. 45 instructions per vector.

export function arc(q: v128): v128 {
  const z = f64x2.mul(q, f64x2.splat(0.25));
  let p = f64x2.splat(1.1264244023065368);
  p = step(p, z, -4.4388402442190555);
  p = step(p, z, 8.325033430074937);
  p = step(p, z, -9.66972389099824);
  p = step(p, z, 7.768222209464339);
  p = step(p, z, -4.535827967781999);
  p = step(p, z, 2.0016212748578592);
  p = step(p, z, -0.6641298191408167);
  p = step(p, z, 0.1809591731932796);
  p = step(p, z, -0.026316688100231505);
  p = step(p, z, 0.015091854153437405);
  p = step(p, z, 0.01092934177770896);
  p = step(p, z, 0.014019172709374405);
  p = step(p, z, 0.017349310282497178);
  p = step(p, z, 0.02237231317457179);
  p = step(p, z, 0.030381939881608856);
  p = step(p, z, 0.04464285722519905);
  p = step(p, z, 0.07499999999921601);
  p = step(p, z, 0.16666666666666963);
  p = step(p, z, 1.0);
  return f64x2.mul(f64x2.sqrt(q), p);
}

function step(p: v128, z: v128, a: f64): v128 {
  return f64x2.add(f64x2.mul(p, z), f64x2.splat(a));
}
