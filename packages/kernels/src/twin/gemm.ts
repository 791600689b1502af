import { Activation, type LinearKernels } from '../linearKernels.js';
import { refuseActivation } from '../refuseActivation.js';
import type { TwinMemory } from './twinMemory.js';

/** longest block of the inner sum, part of the contract in summationOrder.md */
export const LONGEST = 400;

/** How many steps a block of a sum of k has. */
export function blockLength(k: number): number {
  const blocks = Math.max(1, Math.ceil(k / LONGEST));
  return 4 * Math.ceil(Math.ceil(k / blocks) / 4);
}

export type Map1 = (x: number) => number;

export const relu: Map1 = (v) => (v > 0 ? v : v === v ? 0 : v);

/** C ← act(alpha op(A) op(B) + beta C + bias), blocks of sums as in [goto2008], one rounding per operation in the storage type; activations besides relu by code */
export function gemmTwin(memory: TwinMemory, activations: Readonly<Record<number, Map1>> = {}): LinearKernels['gemm'] {
  const { elements: x, shift, round } = memory;
  const activate: Readonly<Record<number, Map1>> = { [Activation.relu]: relu, ...activations };
  return (transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, bias, activation) => {
    const [pa, pb, pc, pBias] = [a >>> shift, b >>> shift, c >>> shift, bias >>> shift];
    const [ra, rb] = [round(alpha), round(beta)];
    const [stepAi, stepAp] = transA === 0 ? [lda, 1] : [1, lda];
    const [stepBp, stepBj] = transB === 0 ? [ldb, 1] : [1, ldb];
    const KC = blockLength(k);
    const act = activation === Activation.none ? undefined : (activate[activation] ?? refuseActivation(activation));
    const row = new Float64Array(n);
    const sums = x instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
    for (let i = 0; i < m; i++) {
      const out = pc + i * ldc;
      let present = rb !== 0;
      if (present) for (let j = 0; j < n; j++) row[j] = round(rb * x[out + j]!);
      for (let start = 0; start < k; start += KC) {
        const end = start + KC < k ? start + KC : k;
        sums.fill(0);
        // hot: the inner loop runs m·n·k times
        for (let p = start; p < end; p++) {
          const left = x[pa + i * stepAi + p * stepAp]!;
          const from = pb + p * stepBp;
          for (let j = 0; j < n; j++) sums[j] = sums[j]! + round(left * x[from + j * stepBj]!);
        }
        for (let j = 0; j < n; j++) {
          const t = round(ra * sums[j]!);
          row[j] = present ? round(row[j]! + t) : t;
        }
        present = true;
      }
      for (let j = 0; j < n; j++) {
        let value = present ? row[j]! : 0;
        if (bias !== 0) value = round(value + x[pBias + j]!);
        x[out + j] = act === undefined ? value : act(value);
      }
    }
  };
}
