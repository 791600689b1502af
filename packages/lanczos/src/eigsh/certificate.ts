/** "No eigenvalue of A beyond `threshold` but the Ritz values already there": above it for side 1, below it for side −1. */
export interface Claim {
  readonly threshold: number;
  readonly side: 1 | -1;
}

/**
 * Whether claims about the spectrum of A = [[Θ, Bᵀ F], [Fᵀ B, C]] follow from bounds of its unseen part C.
 *
 * Θ (m,) are all Ritz values of the basis, B (p, m) their coupling to the candidates. For a threshold t above which no
 * eigenvalue of C lies (C ≤ c < t), Haynsworth's inertia formula gives: A has as many eigenvalues above t as Θ has if
 *     (t − c) I + Σᵢ bᵢ bᵢᵀ / (θᵢ − t)   is positive definite, (p, p).
 * Together with Cauchy interlacing (λᵢ ≥ θᵢ) thresholds t = θᵢ + tau prove |λᵢ − θᵢ| ≤ tau with multiplicity. Nothing is assumed about gaps.
 *
 * @param above c, upper bound of C; @param below lower bound of C
 * Cost: p² m flops a claim.
 */
export function certified(
  theta: Float64Array,
  coupling: Float64Array,
  p: number,
  claims: readonly Claim[],
  above: number,
  below: number,
): boolean {
  const m = theta.length;
  const g = new Float64Array(p * p);
  for (const { threshold, side } of claims) {
    const gap = side === 1 ? threshold - above : below - threshold;
    if (!(gap > 0)) return false;
    g.fill(0);
    for (let q = 0; q < p; q++) g[q * p + q] = gap;
    for (let i = 0; i < m; i++) {
      const distance = side * (theta[i] - threshold);
      if (distance === 0) return false;
      for (let q = 0; q < p; q++) {
        const b = coupling[q * m + i] / distance;
        for (let r = 0; r <= q; r++) g[q * p + r] += b * coupling[r * m + i];
      }
    }
    if (!positiveDefinite(g, p)) return false;
  }
  return true;
}

/**
 * The part of the unseen spectrum's bound that depends on the threshold t: Sigma(t) = Σᵢ bᵢ bᵢᵀ / (t − θᵢ), (p, p).
 *
 * With F the candidates, A has as many eigenvalues above t as Θ has exactly when C + Fᵀ Sigma(t) F has none there: a Schur complement.
 * Ritz vectors that are half resolved count with the half that lies in the basis, so no choice has to be made among them.
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

/** Whether no eigenvalue of C + Fᵀ Sigma(lowest threshold) F above `above` proves all claims, which are of side 1, thresholds descending. */
export function certifiedLifted(
  theta: Float64Array,
  coupling: Float64Array,
  p: number,
  claims: readonly Claim[],
  lift: Float64Array,
  above: number,
): boolean {
  for (const { threshold } of claims) {
    const sigma = thresholdLift(theta, coupling, p, threshold);
    if (sigma === null) return false;
    // (t − above) I − (Sigma(t) − Sigma(lowest)) positive definite
    for (let i = 0; i < p * p; i++) sigma[i] = lift[i] - sigma[i];
    for (let q = 0; q < p; q++) sigma[q * p + q] += threshold - above;
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
