import type { KernelTable } from '../modules/kernelTable.js';
import type { FloatArray } from '../workspace/workspace.js';
import { rowDot, rowSum } from './rowDot.js';
import type { TwinMemory } from './twinMemory.js';

type Rows = Pick<KernelTable, 'sumRows' | 'sumColumns' | 'maxRows' | 'dotRows' | 'argmaxRows'>;

/** Reductions over a row-major (m, n): sums run in float64 and are rounded once, at the store. */
export function rowTwins({ elements: a, int32, shift }: TwinMemory): Rows {
  return {
    sumRows(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let row = 0; row < m; row++) a[o + row] = rowSum(n, a, i + row * n);
    },
    sumColumns(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      const sums = new Float64Array(n);
      for (let row = 0; row < m; row++) {
        for (let j = 0; j < n; j++) sums[j] = sums[j]! + a[i + row * n + j]!;
      }
      a.set(sums, o);
    },
    maxRows(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let row = 0; row < m; row++) a[o + row] = rowMax(n, a, i + row * n);
    },
    dotRows(m, n, x, y, out) {
      const [i, j, o] = [x >>> shift, y >>> shift, out >>> shift];
      for (let row = 0; row < m; row++) a[o + row] = rowDot(n, a, i + row * n, a, j + row * n);
    },
    argmaxRows(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> 2];
      for (let row = 0; row < m; row++) {
        const start = i + row * n;
        let best = 0;
        for (let j = 0; j < n; j++) {
          const value = a[start + j]!;
          if (value !== value) {
            best = j;
            break;
          }
          if (value > a[start + best]!) best = j;
        }
        int32[o + row] = best;
      }
    },
  };
}

/** largest entry, −∞ for an empty row; NaN wins */
export function rowMax(n: number, a: FloatArray, start: number): number {
  let max = -Infinity;
  for (let j = start; j < start + n; j++) max = Math.max(max, a[j]!);
  return max;
}
