const EPS = 2 ** -52;

/**
 * Eigenvalues of a symmetric tridiagonal matrix by implicitly shifted QL [parlett1998, ch. 8], in place.
 *
 * d (n,) is overwritten by the unsorted eigenvalues, e (n,) by zeros; e[n−1] is room the sweep needs. `rows`, if given,
 * holds `columns` numbers per row and has every plane rotation applied to its rows: started as the identity it ends as Zᵀ,
 * eigenvectors as rows, so that each rotation runs over contiguous memory.
 *
 * Expects entries of order one (scale first). Cost: about 30 n² flops, and 10 n² · columns more with rows.
 * @throws Error when an eigenvalue needs more than 60 sweeps, which no finite matrix is known to do
 */
export function tridiagonalQl(n: number, d: Float64Array, e: Float64Array, rows?: Float64Array, columns = 0): void {
  if (n > 0) e[n - 1] = 0;
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]));
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      // the unreduced block that starts at l ends at m: |e_m| is then below the rounding of its neighbours
      // a block that is all rounding error (a matrix of low rank has one) may shuffle its entries for ever by that
      // measure: after 30 sweeps what is below the rounding of the whole matrix counts as zero
      const floor = sweep < 30 ? 0 : EPS * norm;
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Math.max(floor, EPS * (Math.abs(d[m]) + Math.abs(d[m + 1])))) m++;
      if (m < n - 1) e[m] = 0;
      if (m === l) break;
      if (sweep === 60) throw new Error(`tridiagonalEigen: no convergence at index ${l} of ${n} after 60 sweeps`);
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.sqrt(g * g + 1);
      if (r === Infinity) r = Math.abs(g);
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.sqrt(f * f + g * g);
        // squares that underflow would lose the rotation: f and g are then scaled (e.g. e = 1e-170)
        if (r < 1e-140 && (f !== 0 || g !== 0)) r = scaledHypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          // the block split from below: undo the pending shift and look again
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        if (rows !== undefined) rotateRows(rows, i * columns, (i + 1) * columns, columns, c, s);
      }
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

function scaledHypot(f: number, g: number): number {
  const a = Math.max(Math.abs(f), Math.abs(g));
  const b = Math.min(Math.abs(f), Math.abs(g)) / a;
  return a * Math.sqrt(1 + b * b);
}

/** Rows of length n at j and k become (c x − s y, s x + c y). Hot. */
export function rotateRows(rows: Float64Array, j: number, k: number, n: number, c: number, s: number): void {
  for (const end = j + n; j < end; j++, k++) {
    const y = rows[k];
    const x = rows[j];
    rows[k] = s * x + c * y;
    rows[j] = c * x - s * y;
  }
}
