import { kernelInfo, type FloatArray } from '@hyperribbon/kernels/linear';
import { assertOperator, floatArray, guardOperator, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import type { EstimateCurve } from '../density/estimate.js';
import { studentQuantile } from '../density/studentT.js';
import { watch, type WatchOptions } from '../density/watch.js';
import { assertSeed } from '../factorization/startVector.js';
import type { Multiply } from './trace.js';
import { xDiagonal } from './xDiagonal.js';

export interface DiagonalOptions extends WatchOptions {
  /** 'hutchinson' (default) or 'xdiag': finds a low-rank part exactly, worth it when eigenvalues decay */
  readonly method?: 'hutchinson' | 'xdiag';
  /** products to spend, default 50; at least 2, 'xdiag' 4 */
  readonly samples?: number;
  readonly seed?: number;
  /** nominal coverage of each entry's [low, high]; default 0.95 */
  readonly level?: number;
}

/**
 * The diagonal of an operator, entry by entry with standard error.
 *
 * hutchinson: mean of z ∘ A z over Rademacher z [bekas2007]; the variance of entry i is Σ_{j≠i} a_ij². xdiag: exact on a sketched range, every
 * probe used for both [epperly2024, §1.3].
 *
 * @returns arrays (n,); truncationBias is zero
 * @throws RangeError for bad options; AbortError
 * Cost: `samples` products; 4 n numbers, xdiag 3/2 samples · n.
 * @example const { value, standardError } = await estimateDiagonal(A, { samples: 100, seed: 1 });
 */
export async function estimateDiagonal(op: LinearOperator, options: DiagonalOptions = {}): Promise<EstimateCurve> {
  assertOperator(op, 'estimateDiagonal');
  const { method = 'hutchinson', samples = 50, seed = 0, level = 0.95 } = options;
  if (method !== 'hutchinson' && method !== 'xdiag')
    throw new RangeError(`estimateDiagonal: method must be hutchinson or xdiag, got ${String(method)}`);
  const least = method === 'xdiag' ? 4 : 2;
  if (!Number.isInteger(samples) || samples < least)
    throw new RangeError(`estimateDiagonal: samples must be an integer >= ${least}, got ${samples}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`estimateDiagonal: level must be in (0, 1), got ${level}`);
  assertSeed(seed, 'estimateDiagonal');
  const n = op.size;
  const guard = guardOperator(op, 1, 'estimateDiagonal');
  const between = watch('estimateDiagonal', samples, options, () => guard.calls);
  const product = async (x: FloatArray): Promise<FloatArray> => {
    await between();
    return guard.multiply(x);
  };
  const multiply: Multiply = async (x, b) => {
    const out = floatArray(op.dtype, b * n);
    for (let i = 0; i < b; i++) out.set(await product(x.subarray(i * n, (i + 1) * n)), i * n);
    return out;
  };
  const probe = (index: number): FloatArray =>
    stream({ seed, purpose: 'probe', index }).rademacher(floatArray(op.dtype, n));
  const mean = new Float64Array(n);
  const squares = new Float64Array(n);
  let count = 0;
  // mean and sum of squared deviations, updated sample by sample
  const note = (term: (i: number) => number): void => {
    count++;
    for (let i = 0; i < n; i++) {
      const x = term(i);
      const change = x - mean[i];
      mean[i] += change / count;
      squares[i] += change * (x - mean[i]);
    }
  };
  if (method === 'xdiag') {
    const eps = op.dtype === 'float32' ? 2 ** -23 : 2 ** -52;
    await xDiagonal(multiply, probe, n, samples, eps, note);
  } else {
    for (let index = 0; index < samples; index++) {
      const z = probe(index);
      const y = await product(z);
      note((i) => z[i] * y[i]);
    }
  }
  // a single sample is that of an order so small that it is exact
  const free = Math.max(1, count - 1);
  const standardError = squares.map((s) => Math.sqrt(s / free / Math.max(1, count)));
  const t = studentQuantile(level, free);
  return {
    value: mean,
    standardError,
    truncationBias: new Float64Array(n),
    low: mean.map((x, i) => x - t * standardError[i]),
    high: mean.map((x, i) => x + t * standardError[i]),
    level,
    probes: count,
    matvecs: guard.calls,
    seed,
    kernels: kernelInfo(),
  };
}
