import { requireFinite, requireFiniteEntries, requireInteger } from '@hyperribbon/contract';
import { multiply, transpose } from '../dense.js';
import { jacobiSvd } from '../jacobiSvd.js';

export interface LambdaBalancedLimitOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Σ_yx, (outputs, inputs) row-major */
  readonly inputOutput: ArrayLike<number>;
  readonly lambda: number;
}

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
 * @throws RangeError when shapes do not fit
 * Cost: one singular value decomposition. Source: [domine2024], structure from memory, checked numerically against lambdaBalancedFlow.
 * @example lambdaBalancedLimit({ inputs: 1, outputs: 1, inputOutput: [2], lambda: 3 }).outputGram // Float64Array [4]
 */
export function lambdaBalancedLimit(options: LambdaBalancedLimitOptions): LambdaBalancedLimit {
  const { inputs, outputs, inputOutput, lambda } = options;
  requireInteger('lambdaBalancedLimit', 'inputs', inputs, 1);
  requireInteger('lambdaBalancedLimit', 'outputs', outputs, 1);
  requireFinite('lambdaBalancedLimit', 'lambda', lambda);
  requireFiniteEntries('lambdaBalancedLimit', 'inputOutput', inputOutput, [outputs, inputs]);
  const { values, left, right } = jacobiSvd(Float64Array.from(inputOutput), outputs, inputs);
  const large = values.map((s) => (Math.sqrt(lambda * lambda + 4 * s * s) + Math.abs(lambda)) / 2);
  const small = values.map((s, i) => (large[i] === 0 ? 0 : (s * s) / large[i]!));
  const [output, input] = lambda >= 0 ? [large, small] : [small, large];
  return { outputGram: spanned(left, output, outputs), inputGram: spanned(right, input, inputs) };
}

/** Σ values[k] (row k)ᵀ (row k) */
function spanned(rows: Float64Array, values: Float64Array, n: number): Float64Array {
  const rank = values.length;
  return multiply(
    transpose(rows, rank, n),
    rows.map((x, p) => x * values[Math.floor(p / n)]!),
    n,
    rank,
    n,
  );
}
