import { refuse, requireFiniteEntries } from '@hyperribbon/contract';
import { multiply, transpose } from '../dense.js';
import { dotRange, sumOfSquares } from '../../sums.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { type SquareLossOptions, targetOf } from '../flow/losses.js';
import { saxeMode, type SaxeCurve, type SaxeMode } from './saxeMode.js';
import { timesOf, vectorOf } from '../../vectors.js';

/** Σ_xx must share the right singular vectors of Σ_yx; depth and learning time are those of every mode. */
export interface AlignedFlowOptions extends SquareLossOptions, Pick<SaxeMode, 'depth' | 'learningTime'> {
  /** u_0 of the modes in order of falling singular value, (min(inputs, outputs),) */
  readonly initial: ArrayLike<number>;
}

export interface AlignedFlow {
  readonly times: Float64Array;
  /** singular values of Σ_yx, descending */
  readonly singularValues: Float64Array;
  /** one curve per mode */
  readonly modes: readonly SaxeCurve[];
  /** W(t) = Σ u_k(t) u_k v_kᵀ, (times, outputs, inputs) row-major */
  readonly endToEnd: Float64Array;
}

/**
 * A whole matrix learned from an aligned, balanced start: W_N ... W_1 = U diag(u(t)) Vᵀ with Σ_yx = U S Vᵀ, each u_k a Saxe mode.
 *
 * Inputs need not be white as long as Σ_xx = V diag(δ) Vᵀ.
 * @param options the problem and u_0
 * @param times ascending, >= 0
 * @throws ArgumentError when Σ_xx does not share the singular vectors: integrate with gradientFlow then
 * Cost: one singular value decomposition, then one mode per singular value.
 * Source: [saxe2014], from memory, checked numerically against the flow of the factors.
 * @example alignedFlow({ inputs: 1, outputs: 1, inputOutput: [3], initial: [0.001] }, [1]).endToEnd // [0.3557...]
 */
export function alignedFlow(options: AlignedFlowOptions, times: ArrayLike<number>): AlignedFlow {
  const { inputs, outputs, inputCorrelation, initial, depth = 2, learningTime = 1 } = options;
  const where = 'alignedFlow';
  const target = targetOf(where, options);
  const rank = Math.min(inputs, outputs);
  requireFiniteEntries(where, 'initial', initial, rank);
  const at = timesOf(where, times);
  const { values, left, right } = jacobiSvd(target, outputs, inputs);
  const variances =
    inputCorrelation === undefined ? undefined : sharedVariances(inputCorrelation, right, rank, inputs, where);
  const modes = Array.from(values, (singularValue, k) =>
    saxeMode({ singularValue, initial: initial[k]!, depth, learningTime, inputVariance: variances?.[k] ?? 1 }, at),
  );
  const endToEnd = new Float64Array(at.length * outputs * inputs);
  at.forEach((_, i) => {
    const scaled = right.map((v, p) => v * modes[Math.floor(p / inputs)]!.values[i]!);
    endToEnd.set(multiply(transpose(left, rank, outputs), scaled, outputs, rank, inputs), i * outputs * inputs);
  });
  return { times: at, singularValues: values, modes, endToEnd };
}

/** δ_k = v_kᵀ Σ_xx v_k, once Σ_xx v_k = δ_k v_k holds */
function sharedVariances(
  inputCorrelation: ArrayLike<number>,
  right: Float64Array,
  rank: number,
  inputs: number,
  where: string,
): Float64Array {
  const correlation = vectorOf(where, 'inputCorrelation', inputCorrelation, [inputs, inputs]);
  const image = multiply(right, correlation, rank, inputs, inputs);
  const scale = Math.sqrt(sumOfSquares(correlation));
  return Float64Array.from({ length: rank }, (_, k) => {
    const variance = dotRange(right, k * inputs, image, k * inputs, inputs);
    const rest = right.subarray(k * inputs, (k + 1) * inputs).map((v, j) => image[k * inputs + j]! - variance * v);
    const residual = Math.sqrt(sumOfSquares(rest));
    if (residual > 1e-10 * scale) {
      refuse(
        where,
        `inputCorrelation must have the right singular vectors of inputOutput as eigenvectors, mode ${k} misses by ${residual}; use gradientFlow`,
      );
    }
    return variance;
  });
}
