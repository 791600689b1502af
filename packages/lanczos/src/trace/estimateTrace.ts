import { floatArray, refuseType, requireInteger, requireOneOf, requireOptions, watch } from '@hyperribbon/contract';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { timesPower } from '../dense/powerOfTwo.js';
import {
  doubt,
  estimate,
  type Estimate,
  type EstimatorOptions,
  isWhole,
  meanAndError,
  resolveEstimator,
} from '../density/estimate.js';
import { DISTRIBUTIONS, type ProbeDistribution } from '../density/probes.js';
import { densityFor, sumsFor } from '../density/spectralDensity.js';
import { truncationBias } from '../density/traceOfFunction.js';
import { hutchPlusPlus } from './hutchPlusPlus.js';
import { functionProducts } from './matrixFunction.js';
import { columnsDiagonal, type Multiply, plainProducts, type Products, type Sampling, samplingOf } from './multiply.js';
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
 * Nothing is random where the products say all: with f from as many steps as A has columns; without it where `samples` are as many as those, for methods
 * that sketch the range, and for hutchinson with fewer than 15, too few to judge their own spread by.
 *
 * @returns value with standard error; `truncationBias` is rounding, and with f what too few steps leave
 * @throws ArgumentError, ArgumentTypeError for bad options; DomainError where f is not finite; AbortError
 * Cost: `samples` products with A, with f `samples · steps`; n where nothing is random.
 * @example const { value, low, high } = await estimateTrace(A, { samples: 60, seed: 1 });
 */
export async function estimateTrace(op: LinearOperator, options: TraceOptions = {}): Promise<Estimate> {
  const caller = 'estimateTrace';
  const { method, f, samples, distribution, steps, seed, level } = resolveTrace(op, options);
  const { size: n } = op;
  if (f !== undefined && (method === 'hutchinson' || steps === n)) {
    const settled = { ...options, steps, probes: Math.max(2, samples) };
    return (await (steps === n ? sumsFor : densityFor)(caller, op, settled)).trace(f);
  }
  if (f === undefined && isWhole(method === 'hutchinson', samples, n)) {
    const { entries, matvecs, kernels } = await columnsDiagonal(caller, op, options);
    const size = entries.reduce((sum, x) => sum + Math.abs(x), 0);
    const trace = entries.reduce((sum, x) => sum + x, 0);
    return estimate([], trace, 10 * epsOf(op) * size, { level, matvecs, seed, kernels, probes: n });
  }
  const total = samples * (f === undefined ? 1 : steps);
  const products =
    f === undefined ? plainProducts(caller, op, total, options) : productsOf(op, f, steps, total, options);
  const { multiply, kernels } = products;
  const estimator = { hutchinson, 'hutch++': hutchPlusPlus, xtrace: xTrace }[method];
  const [terms, deviation, exact = 0] = await estimator(samplingOf(op, multiply, samples, distribution, seed));
  // the first products are those of the probes themselves, whose forms have the bias of the trace
  const probes = products.ladders.slice(0, Math.floor(samples / (method === 'hutch++' ? 3 : 2)));
  const scaled = (x: number): number => timesPower(x, products.exponent());
  // sums of numbers that cancel round in proportion to what they are sums of
  const size = Math.abs(exact) + meanAndError(terms.map(Math.abs))[0];
  return estimate(
    Float64Array.from(terms, scaled),
    scaled(exact),
    truncationBias(probes) + scaled(10 * epsOf(op) * size),
    { level, matvecs: products.made(), seed, kernels },
    scaled(deviation),
    // the variance of zᵀAz of normal numbers is 2 ‖A‖²_F, which products tell better than so skewed a sample
    method === 'hutchinson' && distribution === 'gaussian' ? 1 : undefined,
  );
}

/** Rounding unit of an operator's numbers. */
function epsOf({ dtype }: LinearOperator): number {
  return dtype === 'float32' ? 2 ** -23 : 2 ** -52;
}

/** Options with defaults filled in. @throws ArgumentError, ArgumentTypeError */
function resolveTrace(op: LinearOperator, options: TraceOptions) {
  const caller = 'estimateTrace';
  assertOperator(op, caller);
  requireOptions(caller, options);
  const { method = 'hutchinson', f, samples = 30, distribution = 'rademacher', steps = 50 } = options;
  requireOneOf(caller, 'method', method, ['hutchinson', 'hutch++', 'xtrace']);
  requireOneOf(caller, 'distribution', distribution, DISTRIBUTIONS);
  requireInteger(caller, 'samples', samples, method === 'hutch++' ? 6 : method === 'xtrace' ? 4 : 2);
  requireInteger(caller, 'steps', steps, 1);
  requireInteger(caller, 'op.size', op.size, 1);
  if (f !== undefined && typeof f !== 'function') refuseType(caller, 'f', 'a function of a number', f);
  return { method, f, samples, distribution, steps: Math.min(op.size, steps), ...resolveEstimator(caller, options) };
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
  return { multiply, made, exponent: () => 0, kernels: krylov.workspace.info, ladders };
}

async function hutchinson({ multiply, draw, normal, n, samples }: Sampling): Promise<[Float64Array, number]> {
  const terms = new Float64Array(samples);
  let squares = 0;
  for (let i = 0; i < samples; i++) {
    const z = draw(1, i);
    const y = await multiply(z, 1);
    terms[i] = dot(z, y, n);
    squares += dot(y, y, n) / samples;
  }
  if (squares === 0 && doubt(samples) > 0) {
    const y = await multiply(normal(), 1);
    squares = dot(y, y, n);
  }
  // at most 2 ‖A‖²_F, as all of it lies beside the diagonal
  return [terms, Math.sqrt(2 * squares)];
}
