import type { KernelTable } from '../kernelTable.js';
import { exp } from '../scalar/exp.js';
import { log } from '../scalar/log.js';
import type { FloatArray } from '../workspace.js';
import { rowDot, rowSum } from './rowDot.js';
import type { TwinMemory } from './twinMemory.js';

type Rows = Pick<
  KernelTable,
  'sumRows' | 'sumColumns' | 'maxRows' | 'dotRows' | 'logSumExpRows' | 'softmaxRows' | 'logSoftmaxRows' | 'argmaxRows'
>;

/** Reductions over a row-major (m, n): sums run in float64 and are rounded once, at the store */
export function rowTwins(memory: TwinMemory): Rows {
  const { elements: a, int32, shift } = memory;
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
    logSumExpRows(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let row = 0; row < m; row++) {
        const max = rowMax(n, a, i + row * n);
        a[o + row] = isFinite(max) ? max + log(sumExp(n, a, i + row * n, max)) : max;
      }
    },
    softmaxRows(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let row = 0; row < m * n; row += n) {
        const max = rowMax(n, a, i + row);
        const sum = sumExp(n, a, i + row, max);
        for (let j = row; j < row + n; j++) a[o + j] = exp(a[i + j]! - max) / sum;
      }
    },
    logSoftmaxRows(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let row = 0; row < m * n; row += n) {
        const max = rowMax(n, a, i + row);
        const logSum = log(sumExp(n, a, i + row, max));
        for (let j = row; j < row + n; j++) a[o + j] = a[i + j]! - max - logSum;
      }
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
function rowMax(n: number, a: FloatArray, start: number): number {
  let max = -Infinity;
  for (let j = start; j < start + n; j++) max = Math.max(max, a[j]!);
  return max;
}

function sumExp(n: number, a: FloatArray, start: number, max: number): number {
  let sum = 0;
  for (let j = start; j < start + n; j++) sum += exp(a[j]! - max);
  return sum;
}
