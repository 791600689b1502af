import type { LinearKernels } from '../linearKernels.js';
import { rowDot, rowSum } from './rowDot.js';
import type { TwinMemory } from './twinMemory.js';

type Vectors = Pick<LinearKernels, 'dot' | 'norm2' | 'sum' | 'maxAbs' | 'axpy' | 'axpby' | 'scale' | 'fill' | 'copy'>;

/** BLAS-1; order of operations in summationOrder.md */
export function vectorTwins(memory: TwinMemory): Vectors {
  const { elements: a, shift, round } = memory;
  return {
    dot: (n, x, y) => rowDot(n, a, x >>> shift, a, y >>> shift),
    norm2: (n, x) => Math.sqrt(rowDot(n, a, x >>> shift, a, x >>> shift)),
    sum: (n, x) => rowSum(n, a, x >>> shift),
    maxAbs(n, x) {
      const start = x >>> shift;
      let largest = 0;
      for (let i = start; i < start + n; i++) {
        const value = Math.abs(a[i]!);
        if (value > largest) largest = value;
        else if (value !== value) return NaN;
      }
      return largest;
    },
    axpy(n, alpha, x, y) {
      const factor = round(alpha);
      const [i, j] = [x >>> shift, y >>> shift];
      for (let l = 0; l < n; l++) a[j + l] = a[j + l]! + round(factor * a[i + l]!);
    },
    axpby(n, alpha, x, beta, y, out) {
      const [f, g] = [round(alpha), round(beta)];
      const [i, j, k] = [x >>> shift, y >>> shift, out >>> shift];
      for (let l = 0; l < n; l++) a[k + l] = round(f * a[i + l]!) + round(g * a[j + l]!);
    },
    scale(n, alpha, x) {
      const factor = round(alpha);
      const start = x >>> shift;
      for (let i = start; i < start + n; i++) a[i] = factor * a[i]!;
    },
    fill(n, alpha, x) {
      const start = x >>> shift;
      a.fill(alpha, start, start + n);
    },
    copy(n, x, out) {
      const start = x >>> shift;
      a.copyWithin(out >>> shift, start, start + n);
    },
  };
}
