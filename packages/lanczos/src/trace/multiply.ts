import { floatArray, watch, type WatchOptions } from '@hyperribbon/contract';
import { type FloatArray, kernelInfo, type KernelInfo, type KernelOptions } from '@hyperribbon/kernels/linear';
import { guardOperator, type LinearOperator } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import { drawProbe, type ProbeDistribution } from '../density/probes.js';
import type { Ladder } from '../density/traceOfFunction.js';

/** Products of a run: (b, n) rows in, (b, n) rows A X out, a fresh array. */
export type Multiply = (x: FloatArray, b: number) => Promise<FloatArray>;

/** Rows (b, n) of the probes from index `first` on. */
export type Draw = (b: number, first: number) => FloatArray;

export interface Products {
  readonly multiply: Multiply;
  /** products with A so far */
  made(): number;
  readonly kernels: KernelInfo;
  readonly ladders: readonly Ladder[];
}

export function drawRows({ size: n, dtype }: LinearOperator, distribution: ProbeDistribution, seed: number): Draw {
  return (b, first) => {
    const rows = floatArray(dtype, b * n);
    for (let i = 0; i < b; i++) drawProbe(rows.subarray(i * n, (i + 1) * n), distribution, seed, first + i);
    return rows;
  };
}

/** vectors in one call of applyBlock */
const BLOCK = 8;

/** Products with A itself, in blocks where it takes them, `total` of them in all. */
export function plainProducts(
  caller: string,
  op: LinearOperator,
  total: number,
  options: WatchOptions & KernelOptions,
): Products {
  const { size: n, dtype } = op;
  const width = op.applyBlock === undefined ? 1 : BLOCK;
  const guard = guardOperator(op, width, caller);
  const made = (): number => guard.matvecs;
  const between = watch(caller, total, options, made);
  const multiply: Multiply = async (x, b) => {
    const out = floatArray(dtype, b * n);
    for (let i = 0; i < b; i += width) {
      await between();
      const columns = Math.min(width, b - i);
      out.set(await guard.multiply(x.subarray(i * n, (i + columns) * n), columns), i * n);
    }
    return out;
  };
  return { multiply, made, kernels: kernelInfo(kernelOptions(options)), ladders: [] };
}
