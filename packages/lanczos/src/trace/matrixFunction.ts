import { refuseType, requireInteger, requireOptions, type WatchOptions } from '@hyperribbon/contract';
import type { KernelOptions } from '@hyperribbon/kernels/linear';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import { maxAbs } from '../dense/powerOfTwo.js';
import { ladder, type Ladder, valueNear } from '../density/traceOfFunction.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { ritzPairs } from '../factorization/ritz.js';

export interface MatrixFunctionOptions extends KernelOptions, Pick<WatchOptions, 'signal'> {}

/** f(A), and what its products cost and left out. */
export interface FunctionProducts {
  readonly operator: LinearOperator;
  readonly krylov: KrylovFactorization;
  /** of each product, in order: xᵀ f(A) x with all and with fewer steps */
  readonly ladders: Ladder[];
}

/**
 * The operator f(A): each product runs `steps` Lanczos steps from x and returns ‖x‖ Qᵀ f(T) e₁.
 *
 * Exact when the Krylov space is exhausted or f is a polynomial of degree < steps.
 * @throws DomainError (from a product) where f is not finite at a Ritz value, or within 10 eps ‖A‖ of it: rounding does not tell those apart
 * Cost: `steps` products of A per product, (steps + 2) n numbers.
 */
export function matrixFunction(
  op: LinearOperator,
  f: (x: number) => number,
  steps: number,
  options: MatrixFunctionOptions = {},
): LinearOperator {
  return functionProducts(op, f, steps, options, async () => undefined).operator;
}

/** The same with its evidence; `between` is called before each product with A. */
export function functionProducts(
  op: LinearOperator,
  f: (x: number) => number,
  steps: number,
  options: MatrixFunctionOptions,
  between: () => Promise<void>,
): FunctionProducts {
  assertOperator(op, 'matrixFunction');
  if (typeof f !== 'function') refuseType('matrixFunction', 'f', 'a function of a number', f);
  requireInteger('matrixFunction', 'steps', steps, 1);
  requireOptions('matrixFunction', options);
  const capacity = Math.min(steps, op.size) + 2;
  const krylov = new KrylovFactorization(op, {
    capacity,
    seed: 0,
    caller: 'matrixFunction',
    signal: options.signal,
    ...kernelOptions(options),
  });
  const ladders: Ladder[] = [];
  const apply: LinearOperator['apply'] = async (x, out) => {
    krylov.reset();
    const norm = krylov.append(x);
    out.fill(0);
    if (norm === 0) return;
    while (krylov.size < capacity - 2 && krylov.candidates > 0) {
      await between();
      await krylov.expand();
    }
    const { values, vectors } = ritzPairs(krylov);
    const m = values.length;
    const resolution = 10 * krylov.eps * Math.abs(krylov.unscale(Math.max(krylov.norm, maxAbs(values))));
    const g = { f, resolution, caller: 'matrixFunction' };
    const coefficients = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const theta = krylov.unscale(values[i]);
      // a Ritz vector without a share in x is not part of f(A) x: f need not exist there
      if (vectors[i * m] === 0) continue;
      const [y] = valueNear(g, theta);
      for (let j = 0; j < m; j++) coefficients[j] += norm * vectors[i * m] * y * vectors[i * m + j];
    }
    krylov.combine(coefficients, 1, out);
    const { alphas, betas } = krylov;
    const beta = betas.length < m ? Float64Array.of(...betas, 0) : betas;
    // of a vector that can be squared, such as a probe
    const mass = norm * norm;
    if (mass < Infinity) ladders.push(ladder({ alpha: alphas, beta, mass }, g));
  };
  return { operator: { size: op.size, dtype: op.dtype, apply }, krylov, ladders };
}
