import type { FloatArray } from '@hyperribbon/contract';
import type { LinearOperator } from '@hyperribbon/linop';
import type { Optimizer } from '@hyperribbon/nn';

/** What a run remembers: the update rule's arrays and the number of updates, as a hook of `train` is told them. */
export interface RuleState {
  readonly slots: readonly FloatArray[];
  readonly updates: number;
}

/**
 * The diagonal P (size,) that a rule divides its steps by, after the last step: √v̂ + ε of Adam with v̂ = v/(1 − β₂ᵗ), √s + ε of RMSProp,
 * √(s − m²) + ε where it is centred.
 *
 * @returns undefined for rules that have none, and before the first step, where nothing is known of it
 * @example
 * const slots = [[0.1, 0], [0.001, 0.004]].map((numbers) => Float64Array.from(numbers));
 * preconditioner(adam(), { slots, updates: 1 }); // [1, 2] + 1e-8: after one step v̂ is the square of the gradient
 */
export function preconditioner(rule: Optimizer, { slots, updates }: RuleState): Float64Array | undefined {
  if (updates === 0) return undefined;
  if (rule.kind === 'adam' || rule.kind === 'adamW') {
    let unseen = 1;
    // β₂ᵗ; after that many steps it is 0 in any case
    for (let step = 0; step < updates && unseen > 1e-18; step++) unseen *= rule.beta2;
    return Float64Array.from(slots[1], (v) => Math.sqrt(v / (1 - unseen)) + rule.epsilon);
  }
  if (rule.kind !== 'rmsProp') return undefined;
  const [squares, means] = slots;
  if (!rule.centered) return Float64Array.from(squares, (s) => Math.sqrt(s) + rule.epsilon);
  return Float64Array.from(squares, (s, i) => Math.sqrt(Math.max(0, s - means[i] * means[i])) + rule.epsilon);
}

/**
 * P^-½ A P^-½ as an operator: symmetric, with the eigenvalues of P⁻¹A.
 *
 * @param operator A, symmetric (n, n)
 * @param diagonal P, positive (n,)
 * Cost: one product with A and 2 n multiplications
 */
export function preconditioned(operator: LinearOperator, diagonal: Float64Array): LinearOperator {
  const root = diagonal.map((p) => 1 / Math.sqrt(p));
  let scaled: FloatArray | undefined;
  return {
    size: operator.size,
    dtype: operator.dtype,
    async apply(x, out) {
      scaled ??= x.slice();
      for (let i = 0; i < x.length; i++) scaled[i] = root[i] * x[i];
      await operator.apply(scaled, out);
      for (let i = 0; i < x.length; i++) out[i] = root[i] * out[i];
    },
  };
}
