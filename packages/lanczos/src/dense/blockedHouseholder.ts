import { type LinearWorkspace, productIn } from '@hyperribbon/kernels/linear';
import { NO_TAIL } from './householder.js';

/** reflectors per panel */
const PANEL = 32;
/** rows that a matrix product treats at a time: 96 of 1000 numbers are 0.8 MB, less than an L2 cache; whole tiles of the kernel */
const STRIPE = 96;
/** share of a row's squares that is left when half of its digits cancelled and more */
const CANCELLED = 2 ** -52;

/** Workspace bytes of {@link tridiagonalizeBlocked} besides the matrix. */
export function blockedHouseholderBytes(n: number): number {
  return 8 * (4 * PANEL * n + n + 2 * PANEL) + 256;
}

/**
 * Householder reduction to tridiagonal form in panels [dongarra1989], from the last row to the first: the reflectors of a panel are
 * collected and the leading matrix is updated once per panel by a matrix product.
 *
 * a (n, n), at pointer `a` of the workspace, holds the lower triangle, zeros above, entries far from the ends of the range. Row k then keeps vₖ of
 * Hₖ = I − tauₖ vₖ vₖᵀ, k entries of which the last is 1, and zeros behind; d (n,) and e (n,) receive T = Hᵀ A H, H = Hₙ₋₁ … H₁.
 * Cost: 4/3 n³ flops, half of them in symv, which reads the triangle once per row: 1.5 to 1.6 times as fast as gemv and gemvTransposed on stripes.
 */
export function tridiagonalizeBlocked(
  space: LinearWorkspace,
  n: number,
  a: number,
  d: Float64Array,
  e: Float64Array,
  tau: Float64Array,
): void {
  const panel = panelOf(space, n, a, d, e, tau);
  const { t, pairs, swapped } = panel;
  for (let first = n - 1, count = 0; first > 0; first -= count) {
    const most = Math.min(PANEL, first);
    for (count = 0; count < most && reflect(panel, first - count, count); ) count++;
    // the panel's rows now only have to remember v
    for (let p = 0; p < count; p++) {
      const k = first - p;
      t.copy(k, pairs + 16 * p * n, a + 8 * k * n);
      t.fill(Math.min(STRIPE, n - k), 0, a + 8 * (k * n + k));
    }
    // A ← A − Vᵀ W − Wᵀ V, stripe by stripe up to the diagonal block
    const left = first - count + 1;
    for (let start = 0; start < left; start += STRIPE) {
      const end = Math.min(left, start + STRIPE);
      productIn(t, {
        m: end - start,
        n: end,
        k: 2 * count,
        alpha: -1,
        a: pairs + 8 * start,
        transposeA: true,
        lda: n,
        b: swapped,
        ldb: n,
        beta: 1,
        c: a + 8 * start * n,
        ldc: n,
      });
    }
  }
  if (n > 0) d[0] = space.float64View(a, 1)[0];
}

type Panel = ReturnType<typeof panelOf>;

/** Matrix, results and work of a reduction; capitals are views of what the small letters point to. */
function panelOf(space: LinearWorkspace, n: number, a: number, d: Float64Array, e: Float64Array, tau: Float64Array) {
  // rows v₀, w₀, v₁, w₁, … and the same with every pair swapped: one product with twice as many rows updates the matrix
  const pairs = space.allocate(16 * PANEL * n);
  const swapped = space.allocate(16 * PANEL * n);
  const y = space.allocate(8 * n);
  const coefficients = space.allocate(16 * PANEL);
  const V = space.float64View(pairs, 2 * PANEL * n);
  const S = space.float64View(swapped, 2 * PANEL * n);
  const Y = space.float64View(y, n);
  const C = space.float64View(coefficients, 2 * PANEL);
  return { t: space.float64, n, a, d, e, tau, pairs, swapped, y, coefficients, V, S, Y, C };
}

/**
 * Makes the reflector of row k, the p-th of its panel: v and w behind those before it.
 * @returns false, and nothing is made, where the row cancels against the panel's: what is left of it is their rounding, and products with the matrix as it was
 * before them would cancel as well. The panel has to end there (a star's Laplacian of order 300 lost 118 eps ‖A‖)
 */
function reflect(panel: Panel, k: number, p: number): boolean {
  const { t, n, a, d, e, tau, pairs, swapped, y, coefficients, V, S, Y, C } = panel;
  // row k of the updated matrix
  t.copy(k + 1, a + 8 * k * n, y);
  for (let q = 0; q < 2 * p; q++) C[q] = S[q * n + k];
  t.gemvTransposed(2 * p, k + 1, -1, pairs, n, coefficients, 1, y);
  d[k] = Y[k];
  const alpha = Y[k - 1];
  const tail = t.dot(k - 1, y, y);
  const row = a + 8 * k * n;
  if (p > 0 && alpha * alpha + tail < CANCELLED * t.dot(k, row, row)) return false;
  const v = pairs + 16 * p * n;
  const w = v + 8 * n;
  if (tail < NO_TAIL) {
    e[k - 1] = alpha;
    tau[k] = 0;
    t.fill(2 * n, 0, v);
    V[2 * p * n + k - 1] = 1;
    t.copy(n, w, swapped + 16 * p * n);
    t.copy(n, v, swapped + 8 * (2 * p + 1) * n);
    return true;
  }
  const norm = Math.sqrt(alpha * alpha + tail);
  const beta = alpha > 0 ? -norm : norm;
  e[k - 1] = beta;
  tau[k] = (beta - alpha) / beta;
  t.copy(k, y, v);
  t.scale(k, 1 / (alpha - beta), v);
  V[2 * p * n + k - 1] = 1;
  // w ← tau (A v − Vᵀ(W v) − Wᵀ(V v)) − ½ tau² (wᵀv) v with A as it was at the start of the panel
  t.symv(k, a, n, v, w);
  t.gemv(2 * p, k, 1, swapped, n, v, 0, coefficients);
  t.gemvTransposed(2 * p, k, -1, pairs, n, coefficients, 1, w);
  t.scale(k, tau[k], w);
  t.axpy(k, -0.5 * tau[k] * t.dot(k, w, v), v, w);
  t.copy(k, w, swapped + 16 * p * n);
  t.copy(k, v, swapped + 8 * (2 * p + 1) * n);
  return true;
}
