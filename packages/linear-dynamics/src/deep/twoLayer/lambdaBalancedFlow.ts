import { requireOneOf } from '@hyperribbon/contract';
import type { DeepLinearNet } from '../deepLinearNet.js';
import { maxDifference, multiply, rowGram, transpose } from '../dense.js';
import type { LimitReason } from '@hyperribbon/contract/reasons';
import { overlaps, semigroup, semigroupStep, stableSolution } from './riccatiSolution.js';
import { finiteTimesOf } from '../../vectors.js';
import { riccatiProblem, type RiccatiProblem, type TwoLayerOptions } from './riccatiProblem.js';

/**
 * - `closed`: exponentials that never grow; any time up to Infinity.
 * - `semigroup`: exact steps of bounded growth; any finite time, rounding grows like in a simulation near saddles.
 * - `direct`: the formula as it is usually printed, e^{Ft} Q_0 [I + Q_0ᵀ Φ Q_0]⁻¹ Q_0ᵀ e^{Ft}; digits go with e^{2ft/τ}.
 */
export type LambdaBalancedMethod = 'closed' | 'semigroup' | 'direct';

/** Target, times and method of the exact solution of two λ-balanced layers. */
export interface LambdaBalancedFlowOptions extends TwoLayerOptions {
  /** default 'closed' */
  readonly method?: LambdaBalancedMethod;
}

/** Map and representations at each time, where the flow ends, and why there. */
export interface LambdaBalancedFlow {
  readonly times: Float64Array;
  /** Q Qᵀ = [[W_1ᵀW_1, (W_2W_1)ᵀ], [W_2W_1, W_2W_2ᵀ]], (times, n, n), n = inputs + outputs */
  readonly gram: Float64Array;
  /** W_2 W_1, (times, outputs, inputs) */
  readonly endToEnd: Float64Array;
  /** W_1ᵀ W_1, (times, inputs, inputs) */
  readonly inputGram: Float64Array;
  /** W_2 W_2ᵀ, (times, outputs, outputs) */
  readonly outputGram: Float64Array;
  readonly lambda: number;
  /** max |W_2ᵀW_2 − W_1W_1ᵀ − λ I| of the network given */
  readonly balanceResidual: number;
  /** W_2 W_1 for t → ∞, (outputs, inputs) */
  readonly limit: Float64Array;
  /** max |limit − Σ_yx| */
  readonly limitResidual: number;
  /** whether the limit is Σ_yx */
  readonly learns: boolean;
  readonly reason: Extract<LimitReason, 'target' | 'rank-limited' | 'opposite-determinants' | 'singular-overlap'>;
  /** 1/condition of the overlap of Q_0 with the directions that survive; digits lost are −log₁₀ of it */
  readonly quality: number;
  readonly method: LambdaBalancedMethod;
}

/**
 * Exact learning dynamics of a two-layer linear network with white inputs and W_2ᵀ W_2 − W_1 W_1ᵀ = λ I.
 *
 * Q = [W_1ᵀ; W_2] obeys τ d(QQᵀ)/dt = F QQᵀ + QQᵀ F − (QQᵀ)², F = [[−λ/2 I, Σ_yxᵀ], [Σ_yx, λ/2 I]], solved for any λ, any shape,
 * any hidden width, singular F, rank-deficient starts and any time. A start that cannot reach the target (opposite determinant
 * signs) is solved too, to its saddle, and reported: `learns: false` with a reason.
 * @param net two layers, λ-balanced (max deviation 1e-8 relative)
 * @throws ArgumentError when net is not λ-balanced, has another depth, or shapes do not fit
 * Cost: one singular value decomposition of Σ_yx, then 2 n² hidden flops per time, n = inputs + outputs.
 * Source: equation and zero-balanced solution [braun2022] (abstract read, formulas from memory), any λ [domine2024] (structure from
 * memory), the Riccati form [fukumizu1998]; checked numerically against integration. The choice of rows for degenerate starts is
 * derived here.
 * @example
 * const net = lambdaBalancedNet([0.1, 0, 0, 0.1], { widths: [2, 2, 2], lambda: 1 });
 * lambdaBalancedFlow(net, { inputOutput: [2, 0.5, 0.3, 1], times: [1000] }).endToEnd // [2, 0.5, 0.3, 1]
 */
export function lambdaBalancedFlow(net: DeepLinearNet, options: LambdaBalancedFlowOptions): LambdaBalancedFlow {
  const { method = 'closed' } = options;
  const problem = riccatiProblem('lambdaBalancedFlow', net, options);
  requireOneOf('lambdaBalancedFlow', 'method', method, ['closed', 'semigroup', 'direct']);
  if (method !== 'closed') finiteTimesOf('lambdaBalancedFlow', options.times, "method 'closed'");
  const n = problem.rates.length;
  const { inputs, outputs, hidden, target, tau, times } = problem;
  const solution = stableSolution(problem);
  const factorAt = method === 'closed' ? (x: number) => solution.at(x).factor : stepFactors(problem, method);
  const gram = new Float64Array(times.length * n * n);
  let last = problem.start;
  times.forEach((t, i) => {
    last = t === 0 ? problem.start : factorAt(t / tau);
    gram.set(rowGram(last, n, last.length / n), i * n * n);
  });
  const end = solution.at(Infinity);
  const limit = block(rowGram(end.factor, n, end.rank), n, 0, [inputs, outputs], [0, inputs]);
  const limitResidual = maxDifference(limit, target);
  const reason = limitReason(problem, solution.overlap.chosen, limitResidual);
  const blocks = (rows: readonly [number, number], columns: readonly [number, number]): Float64Array => {
    const out = new Float64Array(times.length * rows[1] * columns[1]);
    times.forEach((_, i) => out.set(block(gram, n, i * n * n, rows, columns), i * rows[1] * columns[1]));
    return out;
  };
  return {
    times,
    gram,
    endToEnd: blocks([inputs, outputs], [0, inputs]),
    inputGram: blocks([0, inputs], [0, inputs]),
    outputGram: blocks([inputs, outputs], [inputs, outputs]),
    lambda: problem.lambda,
    balanceResidual: problem.balanceResidual,
    limit,
    limitResidual,
    learns: reason === 'target',
    reason,
    quality: hidden === 0 ? 1 : solution.overlap.quality,
    method,
  };
}

/** One step from the start each time (`direct`), or steps of at most one e-folding from the last time (`semigroup`). */
function stepFactors(problem: RiccatiProblem, method: 'semigroup' | 'direct'): (x: number) => Float64Array {
  const { rates, vectors, hidden } = problem;
  const n = rates.length;
  const start = overlaps(problem);
  let [q, reached] = [start, 0];
  return (x) => {
    if (method === 'direct') q = semigroupStep(rates, start, hidden, x);
    else {
      q = semigroup(rates, q, hidden, x - reached);
      reached = x;
    }
    return multiply(transpose(vectors, n, n), q, n, n, hidden);
  };
}

/** [start, count] of rows and columns of the matrix at `offset` */
function block(
  a: Float64Array,
  n: number,
  offset: number,
  [row, rows]: readonly [number, number],
  [column, columns]: readonly [number, number],
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const from = offset + (row + i) * n + column;
    out.set(a.subarray(from, from + columns), i * columns);
  }
  return out;
}

function limitReason(
  problem: RiccatiProblem,
  chosen: readonly number[],
  residual: number,
): LambdaBalancedFlow['reason'] {
  const { singularValues, rates, hidden, inputs, outputs, lambda } = problem;
  const scale = Math.max(singularValues[0] ?? 0, Math.abs(lambda), Number.MIN_VALUE);
  if (residual <= 1e-9 * scale) return 'target';
  // which targets were wanted: the top rates that belong to a singular value
  const wanted = Math.min(chosen.length, singularValues.filter((s) => s > 0).length);
  const missed = chosen.slice(0, wanted).some((i, k) => rates[i]! < rates[k]! * (1 - 1e-12));
  if (!missed) return 'rank-limited';
  return inputs === outputs && hidden === inputs && lambda === 0 ? 'opposite-determinants' : 'singular-overlap';
}
