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
 * h_D, the map from dual variables to β/α^D: 2 sinh z for D = 2, (1 − z)^{−D/(D−2)} − (1 + z)^{−D/(D−2)} on (−1, 1) for D > 2.
 * Infinite outside the domain.
 */
export function primal(z: number, depth: number): number {
  if (depth === 2) return expm1(z) - expm1(-z);
  if (Math.abs(z) >= 1) return z > 0 ? Infinity : -Infinity;
  const q = -depth / (depth - 2);
  return expm1(q * log1p(-z)) - expm1(q * log1p(z));
}

/** h_D' */
export function primalSlope(z: number, depth: number): number {
  if (depth === 2) return exp(z) + exp(-z);
  if (Math.abs(z) >= 1) return Infinity;
  const p = depth / (depth - 2);
  return p * (exp(-(p + 1) * log1p(-z)) + exp(-(p + 1) * log1p(z)));
}

/** Ψ_D(z) = ∫₀^z h_D >= 0: 2 cosh z − 2, or (D−2)/2 [(1−z)^{−2/(D−2)} + (1+z)^{−2/(D−2)} − 2] */
export function primalIntegral(z: number, depth: number): number {
  if (depth === 2) return expm1(z) + expm1(-z);
  if (Math.abs(z) >= 1) return Infinity;
  const q = -2 / (depth - 2);
  return ((depth - 2) / 2) * (expm1(q * log1p(-z)) + expm1(q * log1p(z)));
}

/** h_D⁻¹: asinh(u/2) for D = 2, else Newton on the odd increasing h_D. */
export function dual(u: number, depth: number): number {
  if (depth === 2) return asinh(u / 2);
  const target = Math.abs(u);
  if (target === 0) return 0;
  // h(z) >= (1−z)^{−p} − 1 gives z <= 1 − (1 + u)^{−1/p}: start at the upper end, where h is convex
  const p = depth / (depth - 2);
  let low = 0;
  let high = -expm1(-log1p(target + 1) / p);
  let z = -expm1(-log1p(target) / p);
  for (let i = 0; i < 100; i++) {
    const excess = primal(z, depth) - target;
    if (excess > 0) high = z;
    else low = z;
    const newton = z - excess / primalSlope(z, depth);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (next === z || Math.abs(next - z) <= 1e-16 * z) break;
    z = next;
  }
  return u < 0 ? -z : z;
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
    const u = map[i]! / scales[i]!;
    const z = dual(u, depth);
    // Legendre: q(u) = u z − Ψ(z); for D = 2 in the printed form, 2 − √(4 + u²) = −u²/(2 + √(4 + u²))
    const q = depth === 2 ? u * z - (u * u) / (2 + Math.sqrt(4 + u * u)) : u * z - primalIntegral(z, depth);
    sum += scales[i]! * Math.max(q, 0);
  }
  return sum;
}
