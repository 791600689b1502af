/** A collocation method at s Gauss points of [0, 1]: y₁ = y₀ + h Σ b_i F_i, F_i = f(y₀ + h Σ a_ij F_j). */
export interface GaussTableau {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** a, (4, 4) row-major */
  readonly matrix: Float64Array;
  /** ℓ_j(0): Σ_j atStart[j] F_j is the collocation polynomial of the derivative at the start of the step */
  readonly atStart: Float64Array;
}

/**
 * The four-stage Gauss method, order 8 [hairer2006, §II.1].
 *
 * a_ij = b_j Σ_k (2k + 1) P_k(c_j) ∫₀^{c_i} P_k with the Legendre polynomials P_k of [0, 1]; ∫₀^c P_k =
 * (P_{k+1}(c) − P_{k−1}(c))/(2 (2k + 1)). In this form b_i a_ij + b_j a_ji = b_i b_j, the condition for quadratic
 * invariants [cooper1987], holds to rounding.
 */
export function gaussTableau(): GaussTableau {
  const root = (2 / 7) * Math.sqrt(6 / 5);
  const [outer, inner] = [Math.sqrt(3 / 7 + root) / 2, Math.sqrt(3 / 7 - root) / 2];
  const small = (18 - Math.sqrt(30)) / 72;
  const large = (18 + Math.sqrt(30)) / 72;
  const nodes = Float64Array.of(0.5 - outer, 0.5 - inner, 0.5 + inner, 0.5 + outer);
  const weights = Float64Array.of(small, large, large, small);
  const matrix = new Float64Array(16);
  for (let i = 0; i < 4; i++) {
    const at = legendre(nodes[i]!);
    for (let j = 0; j < 4; j++) {
      const p = legendre(nodes[j]!);
      // k = 0: ∫₀^c 1 = c
      let sum = nodes[i]!;
      for (let k = 1; k < 4; k++) sum += (p[k]! * (at[k + 1]! - at[k - 1]!)) / 2;
      matrix[i * 4 + j] = weights[j]! * sum;
    }
  }
  return { nodes, weights, matrix, atStart: lagrange(nodes, 0) };
}

/** P_0..P_4 at c in [0, 1]; P_4 of a Gauss point is 0 by definition. */
function legendre(c: number): readonly number[] {
  const x = 2 * c - 1;
  const p2 = (3 * x * x - 1) / 2;
  return [1, x, p2, (x * (5 * x * x - 3)) / 2, 0];
}

/** ℓ_j(x) for all j */
export function lagrange(nodes: ArrayLike<number>, x: number): Float64Array {
  const values = new Float64Array(nodes.length).fill(1);
  for (let j = 0; j < nodes.length; j++) {
    for (let k = 0; k < nodes.length; k++) {
      if (k !== j) values[j]! *= (x - nodes[k]!) / (nodes[j]! - nodes[k]!);
    }
  }
  return values;
}
