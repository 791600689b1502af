import { floatArray, watch, type WatchOptions } from '@hyperribbon/contract';
import { type FloatArray, kernelInfo, type KernelInfo, type KernelOptions } from '@hyperribbon/kernels/linear';
import { guardOperator, type LinearOperator } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import { exponentOf, maxAbs, timesPower } from '../dense/powerOfTwo.js';
import { drawProbe, type ProbeDistribution } from '../density/probes.js';
import type { Ladder } from '../density/traceOfFunction.js';

/** Products of a run: (b, n) rows in, (b, n) rows 2^−exponent A X out, a fresh array. */
export type Multiply = (x: FloatArray, b: number) => Promise<FloatArray>;

/** Rows (b, n) of the probes from index `first` on. */
export type Draw = (b: number, first: number) => FloatArray;

/** What a method that samples is given. */
export interface Sampling {
  readonly multiply: Multiply;
  readonly draw: Draw;
  /** a vector (n,) of normal numbers, for a product that nothing of A escapes: it is made where all that random signs showed is zero */
  normal(): FloatArray;
  readonly n: number;
  readonly samples: number;
}

/** A diagonal without chance. */
export interface Diagonal {
  readonly entries: Float64Array;
  readonly matvecs: number;
  readonly kernels: KernelInfo;
}

export interface Products {
  readonly multiply: Multiply;
  /** products with A so far */
  made(): number;
  /** of the power of two that was taken out of A: 0 unless squares of its numbers would over- or underflow */
  exponent(): number;
  readonly kernels: KernelInfo;
  readonly ladders: readonly Ladder[];
}

/** Products, and rows to make them with. */
export function samplingOf(
  { size: n, dtype }: LinearOperator,
  multiply: Multiply,
  samples: number,
  distribution: ProbeDistribution,
  seed: number,
): Sampling {
  const rows = (of: ProbeDistribution, b: number, first: number): FloatArray => {
    const drawn = floatArray(dtype, b * n);
    for (let i = 0; i < b; i++) drawProbe(drawn.subarray(i * n, (i + 1) * n), of, seed, first + i);
    return drawn;
  };
  const draw: Draw = (b, first) => rows(distribution, b, first);
  return { multiply, draw, normal: () => rows('gaussian', 1, samples), n, samples };
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
  const guard = guardOperator(op, width, caller, options.signal);
  const made = (): number => guard.matvecs;
  const between = watch(caller, total, options, made);
  // squares of numbers up to 2^300, and their sums, are far from overflow, those above 2^−300 from underflow; float32 numbers are shorter
  const plain = dtype === 'float32' ? 50 : 300;
  let exponent: number | null = null;
  const scaled = (y: FloatArray): FloatArray => {
    const e = exponentOf(maxAbs(y));
    if (exponent === null && e !== 0) exponent = Math.abs(e) <= plain ? 0 : e;
    return exponent === null || exponent === 0 ? y : y.map((v) => timesPower(v, -exponent!));
  };
  const multiply: Multiply = async (x, b) => {
    const out = floatArray(dtype, b * n);
    for (let i = 0; i < b; i += width) {
      await between();
      const columns = Math.min(width, b - i);
      out.set(scaled(await guard.multiply(x.subarray(i * n, (i + columns) * n), columns)), i * n);
    }
    return out;
  };
  const kernels = kernelInfo(kernelOptions(options));
  return { multiply, made, exponent: () => exponent ?? 0, kernels, ladders: [] };
}

/** The diagonal of A from its columns. Cost: n products. */
export async function columnsDiagonal(
  caller: string,
  op: LinearOperator,
  options: WatchOptions & KernelOptions,
): Promise<Diagonal> {
  const { size: n, dtype } = op;
  const width = op.applyBlock === undefined ? 1 : BLOCK;
  const guard = guardOperator(op, width, caller, options.signal);
  const between = watch(caller, n, options, () => guard.matvecs);
  const entries = new Float64Array(n);
  for (let first = 0; first < n; first += width) {
    await between();
    const b = Math.min(width, n - first);
    const units = floatArray(dtype, b * n);
    for (let i = 0; i < b; i++) units[i * n + first + i] = 1;
    const columns = await guard.multiply(units, b);
    for (let i = 0; i < b; i++) entries[first + i] = columns[i * n + first + i];
  }
  return { entries, matvecs: guard.matvecs, kernels: kernelInfo(kernelOptions(options)) };
}
