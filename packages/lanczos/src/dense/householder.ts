/**
 * Σ xᵢ² of a row's tail, in a matrix with entries of order one, that counts as zero: a block that is all rounding shrinks step by step until its squares
 * underflow, and a reflector made of those is not orthogonal.
 */
export const NO_TAIL = 1e-280;

/**
 * Householder reduction of a full symmetric matrix to tridiagonal form, in place: T = Hᵀ A H with H = H₀ H₁ … .
 *
 * a (n, n) keeps in row k, columns k+1.., the vector vₖ of Hₖ = I − tauₖ vₖ vₖᵀ; d (n,) and e (n,) receive T. Both triangles
 * are updated, because whole contiguous rows are faster than half of the flops. Expects entries of order one.
 * Cost: 8/3 n³ flops. Source: [golub2013, Alg. 8.3.1].
 */
export function tridiagonalize(n: number, a: Float64Array, d: Float64Array, e: Float64Array, tau: Float64Array): void {
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    d[k] = a[k * n + k];
    const row = k * n;
    let tail = 0;
    for (let j = k + 2; j < n; j++) tail += a[row + j] * a[row + j];
    const alpha = a[row + k + 1];
    if (tail < NO_TAIL) {
      e[k] = alpha;
      tau[k] = 0;
      a[row + k + 1] = 1;
      continue;
    }
    const norm = Math.sqrt(alpha * alpha + tail);
    const beta = alpha > 0 ? -norm : norm;
    e[k] = beta;
    tau[k] = (beta - alpha) / beta;
    const inverse = 1 / (alpha - beta);
    a[row + k + 1] = 1;
    for (let j = k + 2; j < n; j++) a[row + j] *= inverse;
    // w ← tau A v − (tau²/2)(vᵀ A v) v, then A ← A − v wᵀ − w vᵀ
    let vw = 0;
    for (let i = k + 1; i < n; i++) {
      let s = 0;
      for (let j = k + 1, ai = i * n; j < n; j++) s += a[ai + j] * a[row + j];
      w[i] = tau[k] * s;
      vw += w[i] * a[row + i];
    }
    const half = 0.5 * tau[k] * vw;
    for (let i = k + 1; i < n; i++) w[i] -= half * a[row + i];
    for (let i = k + 1; i < n; i++) {
      const vi = a[row + i];
      const wi = w[i];
      for (let j = k + 1, ai = i * n; j < n; j++) a[ai + j] -= vi * w[j] + wi * a[row + j];
    }
  }
  if (n > 0) d[n - 1] = a[n * n - 1];
}

/** rows (m, n) ← rows Hᵀ with H from {@link tridiagonalize}: eigenvectors of T as rows become eigenvectors of A. */
export function applyReflectors(n: number, a: Float64Array, tau: Float64Array, m: number, rows: Float64Array): void {
  for (let k = n - 2; k >= 0; k--) {
    if (tau[k] === 0) continue;
    const v = k * n;
    for (let i = 0; i < m; i++) {
      const r = i * n;
      let s = 0;
      for (let j = k + 1; j < n; j++) s += rows[r + j] * a[v + j];
      s *= tau[k];
      for (let j = k + 1; j < n; j++) rows[r + j] -= s * a[v + j];
    }
  }
}
