import type { LinearKernels } from '../linearKernels.js';
import { addScaledRow, CHUNK, dotWithOne, rowDot } from './rowDot.js';
import type { TwinMemory } from './twinMemory.js';

/** BLAS-2; order of operations in summationOrder.md */
export function matrixTwins({
  elements: a,
  shift,
}: TwinMemory): Pick<LinearKernels, 'gemv' | 'gemvTransposed' | 'symv'> {
  return {
    gemv(m, n, alpha, matrix, lda, x, beta, y) {
      const [p, q, o] = [matrix >>> shift, x >>> shift, y >>> shift];
      for (let i = 0; i < m; i++) {
        const t = alpha * dotWithOne(n, a, p + i * lda, q);
        a[o + i] = beta === 0 ? t : beta * a[o + i]! + t;
      }
    },
    gemvTransposed(m, n, alpha, matrix, lda, x, beta, y) {
      const [p, q, o] = [matrix >>> shift, x >>> shift, y >>> shift];
      const sums = new Float64Array(n);
      for (let i = 0; i < m; i++) addScaledRow(n, a[q + i]!, a, p + i * lda, sums);
      for (let j = 0; j < n; j++) {
        const t = alpha * sums[j]!;
        a[o + j] = beta === 0 ? t : beta * a[o + j]! + t;
      }
    },
    symv(n, matrix, lda, x, y) {
      const [v, o] = [x >>> shift, y >>> shift];
      a.fill(0, o, o + n);
      for (let i = 0; i < n; i++) {
        const row = (matrix >>> shift) + i * lda;
        const square = i - (i % 4);
        for (let start = 0; start < square; start += CHUNK) {
          a[o + i] = a[o + i]! + rowDot(Math.min(CHUNK, square - start), a, row + start, a, v + start);
        }
        for (let j = square; j < i; j++) a[o + i] = a[o + i]! + a[row + j]! * a[v + j]!;
        for (let j = 0; j < i; j++) a[o + j] = a[o + j]! + a[row + j]! * a[v + i]!;
        a[o + i] = a[o + i]! + a[row + i]! * a[v + i]!;
      }
    },
  };
}
