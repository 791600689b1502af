import type { LinearKernels } from '../linearKernels.js';
import type { FloatArray } from '../workspace/workspace.js';
import { addScaledRow, dotWithOne, rowDot } from './rowDot.js';
import type { TwinMemory } from './twinMemory.js';

type Basis = Pick<LinearKernels, 'projectionCoefficients' | 'subtractProjection' | 'rotateBasis'>;

/** Block orthogonalisation against a basis and its rotation; order of operations in summationOrder.md */
export function basisTwins({ elements: a, float64, shift }: TwinMemory): Basis {
  return {
    projectionCoefficients(k, b, n, q, ldq, x, ldx, c) {
      const [p, v, o] = [q >>> shift, x >>> shift, c >>> 3];
      for (let i = 0; i < k; i++) {
        if (b === 1) float64[o + i] = dotWithOne(n, a, p + i * ldq, v);
        else for (let j = 0; j < b; j++) float64[o + i * b + j] = rowDot(n, a, p + i * ldq, a, v + j * ldx);
      }
    },
    subtractProjection(k, b, n, q, ldq, x, ldx, c) {
      const [p, v, o] = [q >>> shift, x >>> shift, c >>> 3];
      const narrow = shift === 2 && b === 1;
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

function addScaledRow32(n: number, w: number, a: FloatArray, row: number, sums: FloatArray): void {
  for (let j = 0; j < n; j++) sums[j] = sums[j]! + Math.fround(w * a[row + j]!);
}
