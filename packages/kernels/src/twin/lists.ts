import type { KernelTable } from '../modules/kernelTable.js';
import { blockLength, LONGEST } from './gemm.js';
import type { TwinMemory } from './twinMemory.js';

/** Lists of the entries of a matrix that are not zero, and products with it: gemm without the steps that add nothing. */
export function listTwins(memory: TwinMemory): Pick<KernelTable, 'listEntries' | 'listedProduct'> {
  return { listEntries: entriesTwin(memory), listedProduct: productTwin(memory) };
}

/** bytes of a row of a panel of B, 32 numbers, and of an entry */
const sizes = (shift: number): readonly [number, number] => [32 << shift, 2 << shift];

function firstEntry(m: number, k: number, list: number): number {
  return 8 * Math.ceil((list + 4 * m * Math.ceil(k / LONGEST)) / 8);
}

function entriesTwin({ elements: x, int32, shift }: TwinMemory): KernelTable['listEntries'] {
  const [row, bytes] = sizes(shift);
  return (trans, m, k, a, lda, list) => {
    const [stepI, stepP] = trans === 0 ? [lda, 1] : [1, lda];
    const KC = blockLength(k);
    let to = firstEntry(m, k, list);
    let counts = list >>> 2;
    for (let start = 0; start < k; start += KC) {
      for (let i = 0; i < m; i++) {
        const before = to;
        for (let p = start; p < Math.min(start + KC, k); p++) {
          const value = x[(a >>> shift) + i * stepI + p * stepP]!;
          if (value === 0) continue;
          int32[to >>> 2] = (p - start) * row;
          x[(to >>> shift) + 1] = value;
          to += bytes;
        }
        int32[counts++] = (to - before) / bytes;
      }
    }
  };
}

function productTwin({ elements: x, int32, shift, round }: TwinMemory): KernelTable['listedProduct'] {
  const [rowBytes, bytes] = sizes(shift);
  return (transB, m, n, k, alpha, list, b, ldb, beta, c, ldc, bias) => {
    const [stepP, stepJ] = transB === 0 ? [ldb, 1] : [1, ldb];
    const [pb, ra, rb, KC] = [b >>> shift, round(alpha), round(beta), blockLength(k)];
    for (let p = 0; p < k; p++)
      for (let j = 0; j < n; j++) if (!Number.isFinite(x[pb + p * stepP + j * stepJ])) return 0;
    for (let i = 0; i < m; i++)
      for (let j = 0, at = (c >>> shift) + i * ldc; j < n; j++, at++) x[at] = rb === 0 ? 0 : rb * x[at]!;
    const sums = x instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
    let entry = firstEntry(m, k, list);
    for (let start = 0, counts = list >>> 2; start < k; start += KC) {
      for (let i = 0; i < m; i++) {
        sums.fill(0);
        for (let left = int32[counts++]!; left > 0; left--, entry += bytes) {
          const from = pb + (start + int32[entry >>> 2]! / rowBytes) * stepP;
          const value = x[(entry >>> shift) + 1]!;
          for (let j = 0; j < n; j++) sums[j] = sums[j]! + round(value * x[from + j * stepJ]!);
        }
        const out = (c >>> shift) + i * ldc;
        const absent = start === 0 && rb === 0;
        for (let j = 0; j < n; j++) {
          const t = round(ra * sums[j]!);
          x[out + j] = absent ? t : x[out + j]! + t;
        }
      }
    }
    if (bias === 0) return 1;
    for (let i = 0; i < m; i++)
      for (let j = 0, at = (c >>> shift) + i * ldc; j < n; j++, at++) x[at] = x[at]! + x[(bias >>> shift) + j]!;
    return 1;
  };
}
