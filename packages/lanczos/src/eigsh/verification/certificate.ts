/** "No eigenvalue of A beyond `threshold` but the Ritz values already there": above it for side 1, below it for side −1. */
export interface Claim {
  readonly threshold: number;
  readonly side: 1 | -1;
}

/**
 * The part of a Schur complement that depends on the threshold t: Sigma(t) = Σᵢ bᵢ bᵢᵀ / (t − θᵢ), (p, p).
 *
 * A = [[Θ, Bᵀ F], [Fᵀ B, C]] with Θ (m,) the Ritz values, F the candidates, B (p, m) the coupling to them and C the part not seen. Haynsworth's
 * inertia formula: A has as many eigenvalues above t as Θ has exactly when C + Fᵀ Sigma(t) F has none there, and as many below t exactly when
 * it has none below. Half resolved Ritz vectors count with the half that lies in the basis, so no choice has to be made among them.
 * null where t is a Ritz value.
 */
export function thresholdLift(
  theta: Float64Array,
  coupling: Float64Array,
  p: number,
  threshold: number,
): Float64Array | null {
  const m = theta.length;
  const sigma = new Float64Array(p * p);
  for (let i = 0; i < m; i++) {
    const distance = threshold - theta[i];
    if (distance === 0) return null;
    for (let q = 0; q < p; q++) {
      const b = coupling[q * m + i] / distance;
      for (let r = 0; r < p; r++) sigma[q * p + r] += b * coupling[r * m + i];
    }
  }
  return sigma;
}

/**
 * Whether claims follow from bounds of C + Fᵀ S F, S the `lift` of a search: no eigenvalue of it above `above` or below `below`.
 *
 * With S = Sigma(t) the statement at t is exact. At another threshold t of side 1 it follows if
 *     (t − above) I + S − Sigma(t)   is positive definite, (p, p), and t > above;
 * for side −1 all signs are turned. Together with Cauchy interlacing (λᵢ ≥ θᵢ) thresholds t = θᵢ + tau prove |λᵢ − θᵢ| ≤ tau with multiplicity.
 * Nothing is assumed about gaps. Cost: p² m flops a claim.
 */
export function certified(
  theta: Float64Array,
  coupling: Float64Array,
  p: number,
  claims: readonly Claim[],
  lift: Float64Array,
  above: number,
  below: number,
): boolean {
  for (const { threshold, side } of claims) {
    const gap = side === 1 ? threshold - above : below - threshold;
    const sigma = thresholdLift(theta, coupling, p, threshold);
    if (sigma === null || !(gap > 0)) return false;
    for (let i = 0; i < p * p; i++) sigma[i] = side * (lift[i] - sigma[i]);
    for (let q = 0; q < p; q++) sigma[q * p + q] += gap;
    if (!positiveDefinite(sigma, p)) return false;
  }
  return true;
}

/** Cholesky of the lower triangle, in place. */
function positiveDefinite(g: Float64Array, p: number): boolean {
  for (let q = 0; q < p; q++) {
    for (let r = 0; r <= q; r++) {
      let s = g[q * p + r];
      for (let t = 0; t < r; t++) s -= g[q * p + t] * g[r * p + t];
      if (r < q) g[q * p + r] = s / g[r * p + r];
      else if (!(s > 0)) return false;
      else g[q * p + q] = Math.sqrt(s);
    }
  }
  return true;
}
