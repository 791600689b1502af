import {
  floatArray,
  requireBetween,
  requireInteger,
  requireOneOf,
  requireSeed,
  type WatchOptions,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels/linear';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import type { EstimateCurve } from '../density/estimate.js';
import { studentQuantile } from '../density/studentT.js';
import { plainProducts } from './multiply.js';
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
 * @throws ArgumentError for bad options; AbortError
 * Cost: `samples` products; 4 n numbers, xdiag 3/2 samples · n.
 * @example const { value, standardError } = await estimateDiagonal(A, { samples: 100, seed: 1 });
 */
export async function estimateDiagonal(op: LinearOperator, options: DiagonalOptions = {}): Promise<EstimateCurve> {
  assertOperator(op, 'estimateDiagonal');
  const { method = 'hutchinson', samples = 50, seed = 0, level = 0.95 } = options;
  requireOneOf('estimateDiagonal', 'method', method, ['hutchinson', 'xdiag']);
  requireInteger('estimateDiagonal', 'samples', samples, method === 'xdiag' ? 4 : 2);
  requireBetween('estimateDiagonal', 'level', level, 0, 1);
  requireSeed('estimateDiagonal', seed);
  const { size: n, dtype } = op;
  const { multiply, made, kernels } = plainProducts('estimateDiagonal', op, samples, options);
  const probe = (index: number): FloatArray =>
    stream({ seed, purpose: 'probe', index }).rademacher(floatArray(dtype, n));
  const moments = runningMoments(n);
  if (method === 'xdiag') {
    const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
    await xDiagonal(multiply, probe, n, samples, eps, moments.note);
  } else {
    for (let index = 0; index < samples; index++) {
      const z = probe(index);
      const y = await multiply(z, 1);
      moments.note((i) => z[i] * y[i]);
    }
  }
  const { count, mean, squares } = moments;
  // a single sample is that of an order so small that it is exact
  const free = Math.max(1, count() - 1);
  const standardError = squares.map((s) => Math.sqrt(s / free / Math.max(1, count())));
  const t = studentQuantile(level, free);
  return {
    value: mean,
    standardError,
    truncationBias: new Float64Array(n),
    low: mean.map((x, i) => x - t * standardError[i]),
    high: mean.map((x, i) => x + t * standardError[i]),
    level,
    probes: count(),
    matvecs: made(),
    seed,
    kernels,
  };
}

/** Mean and sum of squared deviations of n numbers, updated sample by sample. */
function runningMoments(n: number): {
  readonly mean: Float64Array;
  readonly squares: Float64Array;
  readonly count: () => number;
  readonly note: (term: (i: number) => number) => void;
} {
  const mean = new Float64Array(n);
  const squares = new Float64Array(n);
  let count = 0;
  const note = (term: (i: number) => number): void => {
    count++;
    for (let i = 0; i < n; i++) {
      const x = term(i);
      const change = x - mean[i];
      mean[i] += change / count;
      squares[i] += change * (x - mean[i]);
    }
  };
  return { mean, squares, count: () => count, note };
}
