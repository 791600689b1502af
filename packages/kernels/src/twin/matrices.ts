import type { LinearKernels } from '../linearKernels.js';
import type { FloatArray } from '../workspace/workspace.js';
import { CHUNK, groupedDot, rowDot } from './rowDot.js';
import type { TwinMemory } from './twinMemory.js';

type Matrices = Pick<
  LinearKernels,
  'gemv' | 'gemvTransposed' | 'symv' | 'projectionCoefficients' | 'subtractProjection' | 'rotateBasis'
>;

/** BLAS-2 and block orthogonalisation; order of operations in summationOrder.md */
export function matrixTwins(memory: TwinMemory): Matrices {
  const { elements: a, float64, shift } = memory;
  const float32 = shift === 2;
  const dotWithOne = (n: number, p: number, q: number): number =>
    float32 ? groupedDot(n, a, p, q) : rowDot(n, a, p, a, q);
  return {
    gemv(m, n, alpha, matrix, lda, x, beta, y) {
      const [p, q, o] = [matrix >>> shift, x >>> shift, y >>> shift];
      for (let i = 0; i < m; i++) {
        const t = alpha * dotWithOne(n, p + i * lda, q);
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
    projectionCoefficients(k, b, n, q, ldq, x, ldx, c) {
      const [p, v, o] = [q >>> shift, x >>> shift, c >>> 3];
      for (let i = 0; i < k; i++) {
        if (b === 1) float64[o + i] = dotWithOne(n, p + i * ldq, v);
        else for (let j = 0; j < b; j++) float64[o + i * b + j] = rowDot(n, a, p + i * ldq, a, v + j * ldx);
      }
    },
    subtractProjection(k, b, n, q, ldq, x, ldx, c) {
      const [p, v, o] = [q >>> shift, x >>> shift, c >>> 3];
      const narrow = float32 && b === 1;
      const sums = narrow ? new Float32Array(n) : new Float64Array(n);
      for (let row = 0; row < b; row++) {
        sums.fill(0);
        for (let i = 0; i < k; i++) {
          const w = float64[o + i * b + row]!;
          if (w === 0 && b === 1) continue;
          if (narrow) addScaledRow32(n, Math.fround(w), a, p + i * ldq, sums);
          else addScaledRow(n, w, a, p + i * ldq, sums);
        }
        const start = v + row * ldx;
        for (let j = 0; j < n; j++) a[start + j] = a[start + j]! - sums[j]!;
      }
    },
    rotateBasis(k, r, n, s, q, ldq, out, ldout) {
      const [w, p, o] = [s >>> 3, q >>> shift, out >>> shift];
      const sums = new Float64Array(n);
      for (let row = 0; row < r; row++) {
        sums.fill(0);
        for (let i = 0; i < k; i++) {
          const weight = float64[w + i * r + row]!;
          if (r > 1 || weight !== 0) addScaledRow(n, weight, a, p + i * ldq, sums);
        }
        a.set(sums, o + row * ldout);
      }
    },
  };
}

function addScaledRow32(n: number, w: number, a: TwinMemory['elements'], row: number, sums: FloatArray): void {
  for (let j = 0; j < n; j++) sums[j] = sums[j]! + Math.fround(w * a[row + j]!);
}

function addScaledRow(n: number, w: number, a: TwinMemory['elements'], row: number, sums: FloatArray): void {
  for (let j = 0; j < n; j++) sums[j] = sums[j]! + w * a[row + j]!;
}
