import { requireFiniteEntries } from '@hyperribbon/contract';
import { multiply, transpose } from '../dense.js';
import { commonBasis, type Modes } from './commonBasis.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { type SquareLossOptions, targetOf } from '../flow/losses.js';
import { saxeMode, type SaxeCurve, type SaxeMode } from './saxeMode.js';
import { timesOf } from '../../vectors.js';

/** Σ_xx must share the right singular vectors of Σ_yx; depth and learning time are those of every mode. */
export interface AlignedFlowOptions extends SquareLossOptions, Pick<SaxeMode, 'depth' | 'learningTime'> {
  /** u_0 of the modes in order of falling singular value, (min(inputs, outputs),) */
  readonly initial: ArrayLike<number>;
}

/** The map of an aligned start at each time, and its modes. */
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
 * Inputs need not be white as long as Σ_xx = V diag(δ) Vᵀ for some choice of V, that is, Σ_xx commutes with Σ_yxᵀ Σ_yx; equal singular values
 * are no obstacle. Modes with δ = 0 have no input to learn from and keep their start.
 * @param options the problem and u_0
 * @param times ascending, >= 0, up to Infinity
 * @throws ArgumentError when Σ_xx does not commute: integrate with gradientFlow then
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
  const { singularValues, left, right, variances } =
    inputCorrelation === undefined
      ? whiteModes(target, outputs, inputs)
      : commonBasis(where, target, inputCorrelation, inputs, outputs);
  const modes = Array.from(singularValues, (singularValue, k): SaxeCurve => {
    const [start, inputVariance] = [initial[k]!, variances[k]!];
    if (inputVariance === 0) return { values: at.map(() => start), limit: start, learns: true, reason: 'target' };
    return saxeMode({ singularValue, initial: start, depth, learningTime, inputVariance }, at);
  });
  const endToEnd = new Float64Array(at.length * outputs * inputs);
  at.forEach((_, i) => {
    const scaled = right.map((v, p) => v * modes[Math.floor(p / inputs)]!.values[i]!);
    endToEnd.set(multiply(transpose(left, rank, outputs), scaled, outputs, rank, inputs), i * outputs * inputs);
  });
  return { times: at, singularValues, modes, endToEnd };
}

function whiteModes(target: Float64Array, outputs: number, inputs: number): Modes {
  const { values, left, right } = jacobiSvd(target, outputs, inputs);
  return { singularValues: values, left, right, variances: values.map(() => 1) };
}
