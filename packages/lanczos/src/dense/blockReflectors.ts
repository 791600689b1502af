import type { LinearWorkspace } from '@hyperribbon/kernels/linear';
import { productIn } from '@hyperribbon/kernels/linear';

/** reflectors applied at once */
const PANEL = 64;
/** rows treated at a time: 96 of 1000 numbers are 0.8 MB, less than an L2 cache; whole tiles of the kernel */
const STRIPE = 96;

/** Workspace bytes of {@link applyReflectorsBlocked} besides the matrix and the rows. */
export function blockReflectorsBytes(n: number): number {
  return 8 * PANEL * (n + STRIPE + 2 * PANEL) + 256;
}

/**
 * rows (n, n) ← rows Hᵀ for the reflectors that {@link tridiagonalizeBlocked} left in a, a panel at a time as I − Vᵀ T V [schreiber1989].
 * Cost: 2 n³ flops in products, PANEL n² more for T V.
 */
export function applyReflectorsBlocked(
  space: LinearWorkspace,
  n: number,
  a: number,
  tau: Float64Array,
  rows: number,
): void {
  const t = space.float64;
  const product = space.allocate(8 * PANEL * n);
  const dots = space.allocate(8 * PANEL * STRIPE);
  const gram = space.allocate(8 * PANEL * PANEL);
  const factor = space.allocate(8 * PANEL * PANEL);
  const G = space.float64View(gram, PANEL * PANEL);
  const T = space.float64View(factor, PANEL * PANEL);
  for (let first = 1; first < n; first += PANEL) {
    const count = Math.min(PANEL, n - first);
    // row k has k entries
    const width = first + count - 1;
    const v = a + 8 * first * n;
    productIn(t, { m: count, n: count, k: width, a: v, lda: n, b: v, transposeB: true, ldb: n, c: gram });
    // T upper triangular: column j is −tauⱼ T (V vⱼ), diagonal tau
    T.fill(0);
    for (let j = 0; j < count; j++) {
      for (let i = 0; i < j; i++) {
        let s = 0;
        for (let l = i; l < j; l++) s += T[i * count + l] * G[j * count + l];
        T[i * count + j] = -tau[first + j] * s;
      }
      T[j * count + j] = tau[first + j];
    }
    productIn(t, { m: count, n: width, k: count, a: factor, b: v, ldb: n, c: product });
    // Z ← Z − (Z Vᵀ) (T V)
    for (let start = 0; start < n; start += STRIPE) {
      const height = Math.min(STRIPE, n - start);
      const z = rows + 8 * start * n;
      productIn(t, { m: height, n: count, k: width, a: z, lda: n, b: v, transposeB: true, ldb: n, c: dots });
      productIn(t, { m: height, n: width, k: count, alpha: -1, a: dots, b: product, beta: 1, c: z, ldc: n });
    }
  }
}
