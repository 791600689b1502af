import { requireFinite } from '@hyperribbon/contract';
import { balancedPair, spanned } from '../dense.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { type SquareLossOptions, targetOf } from '../flow/losses.js';

/** Target and λ of a network that has learned. */
export interface LambdaBalancedLimitOptions extends Omit<SquareLossOptions, 'inputCorrelation'> {
  readonly lambda: number;
}

/** The representations on both sides of the hidden layer once the target is learned. */
export interface LambdaBalancedLimit {
  /** W_2 W_2ᵀ → U diag((√(λ² + 4 s²) + λ)/2) Uᵀ, (outputs, outputs) */
  readonly outputGram: Float64Array;
  /** W_1ᵀ W_1 → V diag((√(λ² + 4 s²) − λ)/2) Vᵀ, (inputs, inputs) */
  readonly inputGram: Float64Array;
}

/**
 * Where a λ-balanced two-layer network with hidden width min(inputs, outputs) ends once it has learned Σ_yx = U S Vᵀ: the
 * representation depends on λ alone. λ → +∞: W_2 W_2ᵀ → λ UUᵀ whatever the task (lazy); λ = 0: U S Uᵀ (rich).
 *
 * @throws ArgumentError when shapes do not fit
 * Cost: one singular value decomposition. Source: [domine2024], structure from memory, checked numerically against lambdaBalancedFlow.
 * @example lambdaBalancedLimit({ inputs: 1, outputs: 1, inputOutput: [2], lambda: 3 }).outputGram // Float64Array [4]
 */
export function lambdaBalancedLimit(options: LambdaBalancedLimitOptions): LambdaBalancedLimit {
  const { inputs, outputs, lambda } = options;
  requireFinite('lambdaBalancedLimit', 'lambda', lambda);
  const target = targetOf('lambdaBalancedLimit', options);
  const { values, left, right } = jacobiSvd(target, outputs, inputs);
  const grams = Array.from(values, (s) => balancedPair(s * s, lambda));
  const [output, input] = [grams.map(([o]) => o), grams.map(([, i]) => i)];
  return { outputGram: spanned(left, output, outputs), inputGram: spanned(right, input, inputs) };
}
