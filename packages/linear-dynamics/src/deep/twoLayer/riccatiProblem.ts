import { refuse, requireFinite, requirePositive } from '@hyperribbon/contract';
import { requireNet, type DeepLinearNet } from '../deepLinearNet.js';
import { columnGram, maxAbs, rowGram } from '../dense.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { timesOf, vectorOf } from '../../vectors.js';

/** τ d(QQᵀ)/dt = F QQᵀ + QQᵀ F − (QQᵀ)², Q = [W_1ᵀ; W_2], in the eigenbasis of F = [[−λ/2 I, Σ_yxᵀ], [Σ_yx, λ/2 I]]. */
export interface RiccatiProblem {
  readonly inputs: number;
  readonly outputs: number;
  readonly hidden: number;
  readonly lambda: number;
  /** max |W_2ᵀW_2 − W_1W_1ᵀ − λ I| */
  readonly balanceResidual: number;
  readonly target: Float64Array;
  /** singular values of Σ_yx, (min(inputs, outputs),) */
  readonly singularValues: Float64Array;
  /** f, descending, (n,), n = inputs + outputs: ±√(λ²/4 + s²) and ±λ/2 */
  readonly rates: Float64Array;
  /** rows are the eigenvectors, (n, n) */
  readonly vectors: Float64Array;
  /** Q_0, (n, hidden) */
  readonly start: Float64Array;
  readonly tau: number;
  readonly times: Float64Array;
}

/** Target, balance and times of an exact solution of two layers. */
export interface TwoLayerOptions {
  /** Σ_yx, (outputs, inputs) row-major; inputs are white */
  readonly inputOutput: ArrayLike<number>;
  /** λ of W_2ᵀ W_2 − W_1 W_1ᵀ = λ I (default: measured on the network) */
  readonly lambda?: number;
  /** τ > 0 (default 1) */
  readonly learningTime?: number;
  /** ascending, >= 0, up to Infinity */
  readonly times: ArrayLike<number>;
}

export function riccatiProblem(where: string, net: DeepLinearNet, options: TwoLayerOptions): RiccatiProblem {
  const { inputOutput, learningTime = 1 } = options;
  requireNet(where, net);
  if (net.weights.length !== 2) {
    refuse(where, `net must have 2 layers, got ${net.weights.length}; use gradientFlow for other depths`);
  }
  requirePositive(where, 'learningTime', learningTime);
  const [inputs, hidden, outputs] = net.widths as readonly [number, number, number];
  const target = vectorOf(where, 'inputOutput', inputOutput, [outputs, inputs]);
  const [first, second] = net.weights as readonly [Float64Array, Float64Array];
  const { lambda, residual } = measureLambda(where, first, second, [inputs, hidden, outputs], options.lambda);

  const n = inputs + outputs;
  const start = new Float64Array(n * hidden);
  for (let i = 0; i < inputs; i++) for (let k = 0; k < hidden; k++) start[i * hidden + k] = first[k * inputs + i]!;
  start.set(second, inputs * hidden);
  return {
    inputs,
    outputs,
    hidden,
    lambda,
    balanceResidual: residual,
    target,
    ...eigenbasis(target, inputs, outputs, lambda),
    start,
    tau: learningTime,
    times: timesOf(where, options.times),
  };
}

function measureLambda(
  where: string,
  first: Float64Array,
  second: Float64Array,
  [inputs, hidden, outputs]: readonly [number, number, number],
  given: number | undefined,
): { readonly lambda: number; readonly residual: number } {
  const gap = columnGram(second, outputs, hidden);
  const own = rowGram(first, hidden, inputs);
  const scale = Math.max(maxAbs(gap), maxAbs(own), Number.MIN_VALUE);
  for (let i = 0; i < gap.length; i++) gap[i]! -= own[i]!;
  let lambda = 0;
  for (let k = 0; k < hidden; k++) lambda += gap[k * (hidden + 1)]! / hidden;
  // a value that is rounding of the products is 0
  if (Math.abs(lambda) <= 1e-14 * scale) lambda = 0;
  if (given !== undefined) {
    requireFinite(where, 'lambda', given);
    lambda = given;
  }
  for (let k = 0; k < hidden; k++) gap[k * (hidden + 1)]! -= lambda;
  const residual = maxAbs(gap);
  if (residual > 1e-8 * scale) {
    refuse(
      where,
      `net must be λ-balanced, but max |W2ᵀW2 − W1W1ᵀ − λ I| = ${residual} for λ = ${lambda}; make it with lambdaBalancedNet, or integrate with gradientFlow`,
    );
  }
  return { lambda, residual };
}

/**
 * Eigenvectors of F from the singular vectors of Σ_yx: for each pair (u, v, s) the 2 × 2 block [[−λ/2, s], [s, λ/2]] on (v, u),
 * and ∓λ/2 for what has no partner. Zeros of F are exact this way.
 */
function eigenbasis(
  target: Float64Array,
  inputs: number,
  outputs: number,
  lambda: number,
): Pick<RiccatiProblem, 'rates' | 'vectors' | 'singularValues'> {
  const n = inputs + outputs;
  const { values, left, right } = jacobiSvd(target, outputs, inputs, true);
  const pairs: { readonly rate: number; readonly v: number; readonly u: number; readonly k: number }[] = [];
  const half = lambda / 2;
  for (let k = 0; k < Math.max(inputs, outputs); k++) {
    const s = values[k] ?? 0;
    if (s > 0) {
      const rate = Math.sqrt(half * half + s * s);
      // (s, rate + λ/2), or (rate − λ/2, s) where that sum would cancel
      const [v, u] = half >= 0 ? [s, rate + half] : [rate - half, s];
      const norm = Math.sqrt(v * v + u * u);
      pairs.push({ rate, v: v / norm, u: u / norm, k }, { rate: -rate, v: u / norm, u: -v / norm, k });
    } else {
      if (k < inputs) pairs.push({ rate: 0 - half, v: 1, u: 0, k });
      if (k < outputs) pairs.push({ rate: half, v: 0, u: 1, k });
    }
  }
  const sorted = pairs.map((pair, i) => ({ pair, i })).sort((a, b) => b.pair.rate - a.pair.rate || a.i - b.i);
  const vectors = new Float64Array(n * n);
  sorted.forEach(({ pair }, row) => {
    if (pair.v !== 0) for (let i = 0; i < inputs; i++) vectors[row * n + i] = pair.v * right[pair.k * inputs + i]!;
    if (pair.u !== 0)
      for (let i = 0; i < outputs; i++) vectors[row * n + inputs + i] = pair.u * left[pair.k * outputs + i]!;
  });
  const rates = Float64Array.from(sorted, ({ pair }) => pair.rate);
  // rates that differ by rounding are one rate: the choice of rows treats them together
  for (let i = 1; i < n; i++) if (rates[i - 1]! - rates[i]! <= 1e-14 * Math.abs(rates[i]!)) rates[i] = rates[i - 1]!;
  return { singularValues: values, rates, vectors };
}
