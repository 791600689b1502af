import type { LinearWorkspace } from '@hyperribbon/kernels/linear';

/** reflectors per panel */
const PANEL = 32;
/** rows of the trailing matrix treated at a time: 128 rows of 1000 are 1 MB, an L2 cache */
const STRIPE = 128;

/** Workspace bytes of the two functions below besides the matrix and the rows. */
export function blockedHouseholderBytes(n: number): number {
  return 8 * (5 * PANEL * n + n + 2 * PANEL * PANEL + 2 * PANEL * STRIPE) + 1024;
}

/**
 * Householder reduction to tridiagonal form in panels [dongarra1989]: the reflectors of a panel are collected and the trailing matrix
 * is updated once per panel by a matrix product. Only stripes up to the diagonal block are kept up to date.
 *
 * a (n, n), at pointer `a` of the workspace, entries of order one; row k keeps vₖ in columns k+1... Cost: 4/3 n³ flops, half in products
 * matrix times vector.
 */
export function tridiagonalizeBlocked(
  space: LinearWorkspace,
  n: number,
  a: number,
  d: Float64Array,
  e: Float64Array,
  tau: Float64Array,
): void {
  const t = space.float64;
  const matrix = space.float64View(a, n * n);
  // V over W and W over V: one product with 2 PANEL rows updates the matrix
  const vw = space.allocate(16 * PANEL * n);
  const wv = space.allocate(16 * PANEL * n);
  const y = space.allocate(8 * n);
  const coefficients = space.allocate(16 * PANEL);
  const vwView = space.float64View(vw, 2 * PANEL * n);
  const wvView = space.float64View(wv, 2 * PANEL * n);
  const yView = space.float64View(y, n);
  const c = space.float64View(coefficients, 2 * PANEL);
  for (let k0 = 0; k0 < n - 1; k0 += PANEL) {
    const count = Math.min(PANEL, n - 1 - k0);
    // rows p < count of vw hold v, rows count + p hold w; wv the other way round
    for (let p = 0; p < count; p++) {
      const k = k0 + p;
      // row k of the updated matrix, from its column below the diagonal of the stripe storage
      for (let j = k; j < n; j++) yView[j] = matrix[j * n + k];
      for (let q = 0; q < p; q++) {
        c[q] = wvView[q * n + k];
        c[p + q] = vwView[q * n + k];
      }
      if (p > 0) {
        t.gemvTransposed(p, n - k, -1, vw + 8 * k, n, coefficients, 1, y + 8 * k);
        t.gemvTransposed(p, n - k, -1, wv + 8 * k, n, coefficients + 8 * p, 1, y + 8 * k);
      }
      d[k] = yView[k];
      // reflector of y[k+1..]
      const m = n - k - 1;
      const tail = t.dot(m - 1, y + 8 * (k + 2), y + 8 * (k + 2));
      const alpha = yView[k + 1];
      const v = vw + 8 * (p * n + k + 1);
      vwView.fill(0, p * n, p * n + k + 1);
      if (tail === 0) {
        e[k] = alpha;
        tau[k] = 0;
        vwView.fill(0, p * n + k + 1, (p + 1) * n);
        vwView[p * n + k + 1] = 1;
      } else {
        const norm = Math.sqrt(alpha * alpha + tail);
        const beta = alpha > 0 ? -norm : norm;
        e[k] = beta;
        tau[k] = (beta - alpha) / beta;
        t.copy(m, y + 8 * (k + 1), v);
        t.scale(m, 1 / (alpha - beta), v);
        vwView[p * n + k + 1] = 1;
      }
      // w ← tau (A v − Vᵀ(W v) − Wᵀ(V v)) − ½ tau² (wᵀv) v with A as it was at the start of the panel
      const w = wv + 8 * (p * n + k + 1);
      wvView.fill(0, p * n, (p + 1) * n);
      if (tau[k] !== 0) {
        symmetricProduct(space, n, a, k + 1, v, w);
        if (p > 0) {
          t.gemv(p, m, 1, wv + 8 * (k + 1), n, v, 0, coefficients);
          t.gemv(p, m, 1, vw + 8 * (k + 1), n, v, 0, coefficients + 8 * p);
          t.gemvTransposed(p, m, -1, vw + 8 * (k + 1), n, coefficients, 1, w);
          t.gemvTransposed(p, m, -1, wv + 8 * (k + 1), n, coefficients + 8 * p, 1, w);
        }
        t.scale(m, tau[k], w);
        t.axpy(m, -0.5 * tau[k] * t.dot(m, w, v), v, w);
      }
    }
    // the panel's rows now only have to remember v
    for (let p = 0; p < count; p++) {
      const k = k0 + p;
      t.copy(n - k - 1, vw + 8 * (p * n + k + 1), a + 8 * (k * n + k + 1));
      t.copy(n, wv + 8 * p * n, vw + 8 * (count + p) * n);
      t.copy(n, vw + 8 * p * n, wv + 8 * (count + p) * n);
    }
    // A ← A − Vᵀ W − Wᵀ V, stripe by stripe up to the diagonal block
    const first = k0 + count;
    for (let start = first; start < n; start = stripeEnd(start, n)) {
      const height = stripeEnd(start, n) - start;
      t.gemm(
        1, 0, height, start + height - first, 2 * count,
        -1, vw + 8 * start, n, wv + 8 * first, n,
        1, a + 8 * (start * n + first), n, 0, 0,
      ); // prettier-ignore
    }
  }
  if (n > 0) d[n - 1] = matrix[n * n - 1];
}

/** w ← A[first.., first..] v from the stripes at and below the diagonal. */
function symmetricProduct(space: LinearWorkspace, n: number, a: number, first: number, v: number, w: number): void {
  const t = space.float64;
  t.fill(n - first, 0, w);
  for (let start = first; start < n; start = stripeEnd(start, n)) {
    const height = stripeEnd(start, n) - start;
    const before = start - first;
    const row = a + 8 * (start * n + first);
    t.gemv(height, before + height, 1, row, n, v, 1, w + 8 * before);
    t.gemvTransposed(height, before, 1, row, n, v + 8 * before, 1, w);
  }
}

/** Stripes begin at multiples of STRIPE: within one, columns up to its end are kept. */
function stripeEnd(start: number, n: number): number {
  return Math.min(n, STRIPE * (Math.floor(start / STRIPE) + 1));
}

/**
 * rows (m, n) ← rows Hᵀ for the reflectors in a, a panel at a time as I − Vᵀ T V [schreiber1989]. Cost: 2 m n² flops in products.
 */
export function applyReflectorsBlocked(
  space: LinearWorkspace,
  n: number,
  a: number,
  tau: Float64Array,
  m: number,
  rows: number,
): void {
  const t = space.float64;
  const v = space.allocate(8 * PANEL * n);
  const g = space.allocate(16 * PANEL * STRIPE);
  const dots = space.allocate(8 * PANEL * PANEL);
  const factor = space.allocate(8 * PANEL * PANEL);
  const vView = space.float64View(v, PANEL * n);
  const matrix = space.float64View(a, n * n);
  const gram = space.float64View(dots, PANEL * PANEL);
  const T = space.float64View(factor, PANEL * PANEL);
  const panels = Math.ceil((n - 1) / PANEL);
  for (let panel = panels - 1; panel >= 0; panel--) {
    const k0 = panel * PANEL;
    const count = Math.min(PANEL, n - 1 - k0);
    const width = n - k0 - 1;
    for (let p = 0; p < count; p++) {
      vView.fill(0, p * width, p * width + p);
      vView.set(matrix.subarray((k0 + p) * n + k0 + p + 1, (k0 + p + 1) * n), p * width + p);
    }
    t.gemm(0, 1, count, count, width, 1, v, width, v, width, 0, dots, count, 0, 0);
    // T upper triangular: column j is −tauⱼ T₀ (V vⱼ), diagonal tau
    T.fill(0, 0, count * count);
    for (let j = 0; j < count; j++) {
      for (let i = 0; i < j; i++) {
        let s = 0;
        for (let l = i; l < j; l++) s += T[i * count + l] * gram[l * count + j];
        T[i * count + j] = -tau[k0 + j] * s;
      }
      T[j * count + j] = tau[k0 + j];
    }
    // Z ← Z − ((Z Vᵀ) Tᵀ) V
    for (let start = 0; start < m; start += STRIPE) {
      const height = Math.min(STRIPE, m - start);
      stripe(t, height, count, width, n, rows + 8 * (start * n + k0 + 1), v, factor, g);
    }
  }
}

type Table = LinearWorkspace['float64'];

/** One stripe of rows: z ← z − ((z Vᵀ) Tᵀ) V, with scratch g for 2 height · count numbers. */
function stripe(
  t: Table,
  height: number,
  count: number,
  width: number,
  n: number,
  z: number,
  v: number,
  factor: number,
  g: number,
): void {
  const h = g + 8 * height * count;
  t.gemm(0, 1, height, count, width, 1, z, n, v, width, 0, g, count, 0, 0);
  t.gemm(0, 1, height, count, count, 1, g, count, factor, count, 0, h, count, 0, 0);
  t.gemm(0, 0, height, width, count, -1, h, count, v, width, 1, z, n, 0, 0);
}
