import { refuse, requireFiniteEntries, requireInteger, requirePositive } from '@hyperribbon/contract';
import { asinh, exp, expm1, log1p, pow } from '@hyperribbon/kernels';

/** f(x) = ⟨w₊^D − w₋^D, x⟩ with w₊(0) = w₋(0) = α w_0: the initial scale α leads from the kernel to the rich regime. */
export interface DiagonalNet {
  /** α > 0: ∞ is the kernel regime (least ℓ2 norm), 0 the rich one (least ℓ1 norm, reached logarithmically slowly) */
  readonly alpha: number;
  /** D >= 2 (default 2) */
  readonly depth?: number;
  /** w_0 > 0, (inputs,) (default all ones) */
  readonly shape?: ArrayLike<number>;
}

export interface Normal {
  readonly depth: number;
  /** (α w_0i)^D: β_i = scale_i h_D(z_i) */
  readonly scales: Float64Array;
  /** α w_0i */
  readonly start: Float64Array;
}

export function normalNet(where: string, net: DiagonalNet, inputs: number): Normal {
  const { alpha, depth = 2, shape } = net;
  requirePositive(where, 'alpha', alpha);
  requireInteger(where, 'depth', depth, 2);
  if (shape !== undefined) {
    requireFiniteEntries(where, 'shape', shape, inputs);
    for (let i = 0; i < inputs; i++) requirePositive(where, `shape[${i}]`, shape[i]!);
  }
  const start = Float64Array.from({ length: inputs }, (_, i) => alpha * (shape?.[i] ?? 1));
  const scales = start.map((a) => pow(a, depth));
  if (scales.some((s) => !(s > 1e-280 && s < 1e280))) {
    refuse(where, `(alpha·shape)^depth must lie within 1e±280, got alpha=${alpha}, depth=${depth}`);
  }
  return { depth, scales, start };
}

/**
 * A point (z, h_D(z)), z >= 0, with what is small near the end of the curve kept apart. h_D leads from dual variables to β/α^D: 2 sinh z for
 * D = 2, (1 − z)^{−D/(D−2)} − (1 + z)^{−D/(D−2)} on (−1, 1) for D > 2.
 */
export interface DualPoint {
  readonly z: number;
  /** 1 − z for D > 2, where z < 1 and may round to 1; −z for D = 2, where z has no bound */
  readonly rest: number;
  /** h_D'(z) */
  readonly slope: number;
  /** Ψ_D(z) = ∫₀^z h_D >= 0: 2 cosh z − 2, or (D−2)/2 [(1−z)^{−2/(D−2)} + (1+z)^{−2/(D−2)} − 2] */
  readonly integral: number;
}

/**
 * Where h_D(z) = u, u >= 0. For D > 2 in g = −ln(1 − z), so that z and 1 − z both keep their digits: with u = 1e80 the second is 1e-64.
 */
export function dualPoint(u: number, depth: number): DualPoint {
  if (depth === 2) {
    const z = asinh(u / 2);
    // 2 cosh z − 2 = u²/(2 + √(4 + u²))
    const slope = Math.sqrt(4 + u * u);
    return { z, rest: -z, slope, integral: u * (u / (2 + slope)) };
  }
  const p = depth / (depth - 2);
  // (1−z)^{−p} − 1 <= h(z) < (1−z)^{−p}, and h(z) >= 2 p z
  let [low, high] = [0, log1p(u) / p];
  let g = u < 1 ? -log1p(-u / (2 * p)) : log1p(u) / p;
  for (let i = 0; i < 100; i++) {
    const excess = expm1(p * g) - expm1(-p * log1p(-expm1(-g))) - u;
    if (excess > 0) high = g;
    else low = g;
    // dh/dg = (1 − z) h'(z)
    const newton = g - excess / (exp(-g) * slopeAt(g, p));
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - g) <= 1e-16 * g) break;
    g = next;
  }
  const z = -expm1(-g);
  const q = 2 / (depth - 2);
  return { z, rest: exp(-g), slope: slopeAt(g, p), integral: (expm1(q * g) + expm1(-q * log1p(z))) / q };
}

/** p ((1−z)^{−p−1} + (1+z)^{−p−1}) at z = 1 − e^{−g} */
function slopeAt(g: number, p: number): number {
  return p * (exp((p + 1) * g) + exp(-(p + 1) * log1p(-expm1(-g))));
}

/**
 * The penalty that gradient flow minimises implicitly: Q(β) = Σ_i (α w_0i)^D q_D(β_i/(α w_0i)^D) with q_D' = h_D⁻¹.
 *
 * D = 2: q(z) = 2 − √(4 + z²) + z asinh(z/2), about z²/4 for small z (ℓ2) and |z| (ln |z| − 1) + 2 for large z (ℓ1).
 * @param map β, (inputs,)
 * @returns Q(β) >= 0
 * @throws ArgumentError for alpha <= 0, depth < 2 or shapes that do not fit
 * Cost: O(inputs), a scalar Newton iteration per entry for D > 2.
 * Source: [woodworth2020], from memory, checked numerically (gradient flow ends at its minimiser).
 * @example kernelToRichPenalty([2], { alpha: 1 }) // 2 − √8 + 2 asinh(1) = 0.9343...
 */
export function kernelToRichPenalty(map: ArrayLike<number>, net: DiagonalNet): number {
  requireFiniteEntries('kernelToRichPenalty', 'map', map, map.length);
  const { depth, scales } = normalNet('kernelToRichPenalty', net, map.length);
  let sum = 0;
  for (let i = 0; i < map.length; i++) {
    const u = Math.abs(map[i]!) / scales[i]!;
    const { z, integral } = dualPoint(u, depth);
    // Legendre: q(u) = u z − Ψ(z)
    sum += scales[i]! * Math.max(u * z - integral, 0);
  }
  return sum;
}
