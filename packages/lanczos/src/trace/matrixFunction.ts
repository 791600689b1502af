import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { DomainError } from '../density/domainError.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { ritzPairs } from '../factorization/ritz.js';

/**
 * The operator f(A): each product runs `steps` Lanczos steps from x and returns ‖x‖ Qᵀ f(T) e₁.
 *
 * Exact when the Krylov space is exhausted or f is a polynomial of degree < steps.
 * @throws DomainError (from a product) where f is not finite at a Ritz value
 * Cost: `steps` products of A per product, (steps + 2) n numbers.
 */
export function matrixFunction(op: LinearOperator, f: (x: number) => number, steps: number): LinearOperator {
  assertOperator(op, 'matrixFunction');
  const capacity = Math.min(steps, op.size) + 2;
  const krylov = new KrylovFactorization(op, { capacity, seed: 0, caller: 'matrixFunction' });
  return {
    size: op.size,
    dtype: op.dtype,
    async apply(x, out) {
      krylov.reset();
      const norm = krylov.append(x);
      out.fill(0);
      if (norm === 0) return;
      while (krylov.size < capacity - 2 && krylov.candidates > 0) await krylov.expand();
      const { values, vectors } = ritzPairs(krylov);
      const m = values.length;
      const coefficients = new Float64Array(m);
      for (let i = 0; i < m; i++) {
        const theta = krylov.unscale(values[i]);
        const y = f(theta);
        if (y - y !== 0) throw new DomainError(`matrixFunction: f(${theta}) is ${y}`, theta);
        for (let j = 0; j < m; j++) coefficients[j] += norm * vectors[i * m] * y * vectors[i * m + j];
      }
      krylov.combine(coefficients, 1, out);
    },
  };
}
