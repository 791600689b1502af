import type { KernelTable } from '../modules/kernelTable.js';
import { log } from '../scalar/log.js';
import { CHUNK, rowSum } from './rowDot.js';
import { rowMax } from './rows.js';
import type { TwinMemory } from './twinMemory.js';

type Softmax = Pick<KernelTable, 'logSumExpRows' | 'softmaxRows' | 'logSoftmaxRows'>;

/**
 * Softmax of the rows of an (m, n) and its kin [blanchard2021]: e_j = exp(x_j − max) in the storage type, Σ e_j in float64 in the order of rowSum.
 * @param exp the exponential of the storage type
 */
export function softmaxTwins(memory: TwinMemory, exp: (x: number) => number): Softmax {
  const { elements: a, shift, round } = memory;
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
  };
}
