import { floatArray, requireInteger, requireOneOf, watch } from '@hyperribbon/contract';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { estimate, type Estimate, type EstimatorOptions, resolveEstimator } from '../density/estimate.js';
import { type ProbeDistribution } from '../density/probes.js';
import { densityFor } from '../density/spectralDensity.js';
import { truncationBias } from '../density/traceOfFunction.js';
import { hutchPlusPlus } from './hutchPlusPlus.js';
import { functionProducts } from './matrixFunction.js';
import { type Draw, drawRows, type Multiply, plainProducts, type Products } from './multiply.js';
import { dot } from './sketch.js';
import { xTrace } from './xTrace.js';

export interface TraceOptions extends EstimatorOptions {
  /** 'hutchinson' (default), 'hutch++' or 'xtrace': the latter two find a low-rank part exactly, worth it when eigenvalues decay */
  readonly method?: 'hutchinson' | 'hutch++' | 'xtrace';
  /** tr f(A) instead of tr A */
  readonly f?: (x: number) => number;
  /** Lanczos steps per product with f(A), default min(n, 50); unused without f */
  readonly steps?: number;
  /** products with A (or f(A)) to spend; default 30; at least 2, 'hutch++' 6, 'xtrace' 4 */
  readonly samples?: number;
  readonly distribution?: ProbeDistribution;
}

/**
 * The trace of A, or of f(A), estimated from products.
 *
 * hutchinson: mean of zᵀAz [hutchinson1989]; hutch++: exact on a sketched range, Hutchinson on the rest [meyer2021, Alg. 1];
 * xtrace: the same with every probe used for both, leave-one-out [epperly2024, Alg. 1.2].
 *
 * @returns value with standard error; `truncationBias` is nonzero only with f, where steps are few
 * @throws ArgumentError for bad options; DomainError where f is not finite; AbortError
 * Cost: `samples` products with A, with f `samples · steps`.
 * @example const { value, low, high } = await estimateTrace(A, { samples: 60, seed: 1 });
 */
export async function estimateTrace(op: LinearOperator, options: TraceOptions = {}): Promise<Estimate> {
  assertOperator(op, 'estimateTrace');
  const { method = 'hutchinson', f, samples = 30, distribution = 'rademacher' } = options;
  const n = op.size;
  const steps = Math.min(n, options.steps ?? 50);
  requireOneOf('estimateTrace', 'method', method, ['hutchinson', 'hutch++', 'xtrace']);
  requireInteger('estimateTrace', 'samples', samples, method === 'hutch++' ? 6 : method === 'xtrace' ? 4 : 2);
  const { seed, level } = resolveEstimator('estimateTrace', options);
  requireInteger('estimateTrace', 'op.size', n, 1);
  if (f !== undefined && method === 'hutchinson') {
    const report = await densityFor('estimateTrace', op, { ...options, steps, probes: samples });
    return report.trace(f);
  }
  const total = samples * (f === undefined ? 1 : steps);
  const products =
    f === undefined ? plainProducts('estimateTrace', op, total, options) : productsOf(op, f, steps, total, options);
  const { multiply } = products;
  const draw = drawRows(op, distribution, seed);
  const [terms, exact] =
    method === 'hutchinson'
      ? [await hutchinson(multiply, draw, n, samples), 0]
      : method === 'hutch++'
        ? await hutchPlusPlus(multiply, draw, n, samples)
        : [await xTrace(multiply, draw, n, samples), 0];
  // the first products are those of the probes themselves, whose forms have the bias of the trace
  const probes = products.ladders.slice(0, Math.floor(samples / (method === 'hutch++' ? 3 : 2)));
  const { kernels } = products;
  return estimate(terms, exact, truncationBias(probes), { level, matvecs: products.made(), seed, kernels });
}

/** Products with f(A). */
function productsOf(
  op: LinearOperator,
  f: (x: number) => number,
  steps: number,
  total: number,
  options: TraceOptions,
): Products {
  const n = op.size;
  const { operator, krylov, ladders } = functionProducts(op, f, steps, options, () => between());
  const made = (): number => krylov.guard.matvecs;
  const between = watch('estimateTrace', total, options, made);
  const multiply: Multiply = async (x, b) => {
    const out = floatArray(op.dtype, b * n);
    // not guarded: A is, and errors of f are the caller's
    for (let i = 0; i < b; i++) await operator.apply(x.subarray(i * n, (i + 1) * n), out.subarray(i * n, (i + 1) * n));
    return out;
  };
  return { multiply, made, kernels: krylov.workspace.info, ladders };
}

async function hutchinson(multiply: Multiply, draw: Draw, n: number, samples: number): Promise<Float64Array> {
  const terms = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    const z = draw(1, i);
    terms[i] = dot(z, await multiply(z, 1), n);
  }
  return terms;
}
