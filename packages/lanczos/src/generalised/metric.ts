import type { FloatArray } from '@hyperribbon/kernels/linear';
import type { LinearOperator, Matvec } from '@hyperribbon/linop';

/**
 * How B of A x = λ B x is given: its diagonal, the matrix itself, or products and a solve of yours (a sparse factorisation, a recurrence). All of B symmetric and positive
 * definite.
 */
export type Metric = MetricDiagonal | MetricMatrix | MetricProducts;

export interface MetricDiagonal {
  /** (n,) above zero */
  readonly diagonal: FloatArray;
}

export interface MetricMatrix {
  /** (n, n) row-major, symmetric and positive definite */
  readonly matrix: FloatArray;
}

export interface MetricProducts {
  /** x → B x */
  readonly product: LinearOperator;
  /** x ← B⁻¹ b: writes x, or returns it */
  readonly solve: Matvec<Float64Array>;
}

/** A symmetric positive definite B̃ = 2^−exponent B, in float64 and of order one. */
export interface ResolvedMetric {
  readonly size: number;
  /** of two, taken out of B */
  readonly exponent: number;
  /** upper estimate of κ(B̃) that rounding of products with B and B⁻¹ is held to; 1 where it does no harm */
  readonly condition: number;
  /** products with B, and solves, so far */
  readonly products: number;
  readonly solves: number;
  /** out ← B̃ x */
  multiply(x: Float64Array, out: Float64Array): Promise<Float64Array>;
  /** √(rᵀ B̃⁻¹ r) */
  dualNorm(r: Float64Array): Promise<number>;
}

/** B̃ = L Lᵀ, by which the pencil is one matrix: L⁻¹ A L⁻ᵀ. */
export interface FactoredMetric extends ResolvedMetric {
  /** b ← L⁻¹ b, in place */
  forward(b: Float64Array): void;
  /** y ← L⁻ᵀ y, in place */
  backward(y: Float64Array): void;
}
