import type { KernelTable } from '../modules/kernelTable.js';
import { log } from '../scalar/log.js';
import type { FloatArray } from '../workspace/workspace.js';
import { rowDot, rowSum } from './rowDot.js';
import type { TwinMemory } from './twinMemory.js';

/** the chunk of rowSum */
const CHUNK = 1024;

type Rows = Pick<
  KernelTable,
  'sumRows' | 'sumColumns' | 'maxRows' | 'dotRows' | 'logSumExpRows' | 'softmaxRows' | 'logSoftmaxRows' | 'argmaxRows'
>;

/**
 * Reductions over a row-major (m, n): sums run in float64 and are rounded once, at the store.
 *
 * Softmax and its kin: e_j = exp(x_j − max) in the storage type, Σ e_j in float64 in the order of rowSum.
 * @param exp the exponential of the storage type
 */
export function rowTwins(memory: TwinMemory, exp: (x: number) => number): Rows {
  const { elements: a, int32, shift, round } = memory;
  const terms = new Float64Array(CHUNK);
  /** Σ exp(x_j − max) over one row, chunk by chunk */
  const sumExp = (n: number, start: number, max: number): number => {
    let total = 0;
    for (let from = 0; from < n; from += CHUNK) {
      const length = n - from < CHUNK ? n - from : CHUNK;
      for (let j = 0; j < length; j++) terms[j] = exp(round(a[start + from + j]! - max));
      total += rowSum(length, terms, 0);
    }
    return total;
  };
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
        a[o + row] = isFinite(max) ? max + log(sumExp(n, i + row * n, max)) : max;
      }
    },
    softmaxRows(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let row = 0; row < m * n; row += n) {
        const max = rowMax(n, a, i + row);
        for (let j = row; j < row + n; j++) a[o + j] = exp(round(a[i + j]! - max));
        const sum = round(rowSum(n, a, o + row));
        for (let j = row; j < row + n; j++) a[o + j] = a[o + j]! / sum;
      }
    },
    logSoftmaxRows(m, n, x, out) {
      const [i, o] = [x >>> shift, out >>> shift];
      for (let row = 0; row < m * n; row += n) {
        const max = rowMax(n, a, i + row);
        const logSum = log(sumExp(n, i + row, max));
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
